"""Where every start of Holdfast begins. Light imports only: `--version` must answer at once."""

from __future__ import annotations

import signal
import sys

COMMANDS = frozenset(
    (
        "plan",
        "preview",
        "apply",
        "recover",
        "history",
        "undo",
        "verify",
        "stats",
        "leftovers",
        "clear",
        "restore",
        "watch",
        "doctor",
        "demo",
        "settings",
        "worker",
        "install-desktop",
        "uninstall-desktop",
    )
)

# Signals that mean "stop". They are blocked before anything else is imported and looked at between two steps, so that
# no handler can ever run in the middle of one; a second Ctrl-C during a roll back then does no harm either.
_STOPPING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] != ["worker"]:  # which is told to stop by the end of its input
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    if arguments[:1] == ["--version"]:
        from core.version import VERSION

        print(f"Holdfast {VERSION} (Python {sys.version.split()[0]})")
        return 0
    from app import language

    language.choose(arguments)
    if arguments and (arguments[0] in COMMANDS or arguments[0].startswith("-")):
        from app.cli import run

        return run(arguments)
    from app.launch import window

    return window(arguments)
