"""The command line: one module per command, each with `add_arguments` and `run`. Imports no Qt.

argparse and not a larger library: these few commands start in a third of the time that typer takes to be imported.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from types import ModuleType

from app.words import _
from core.errors import JournalDamaged
from core.version import VERSION

COMMANDS = {
    "plan": _("find and replace over whole trees: make a plan, and write nothing else"),
    "preview": _("show what a plan will do, as a unified diff"),
    "apply": _("apply a plan: all of it, or none"),
    "recover": _("put right what a crash left"),
    "history": _("every batch that ever ran, and what became of it"),
    "undo": _("bring back what was before a batch"),
    "verify": _("whether a batch is still in force"),
    "stats": _("how many batches there were, and how often they were put back"),
    "leftovers": _("say what crashes and programs left behind, and what is best done with it"),
    "clear": _("clear leftovers that are of no use any more; can be undone"),
    "restore": _("give a file the content of a leftover; both versions survive"),
    "watch": _("say what is left behind as it comes and goes, until interrupted"),
    "worker": _("serve a window over standard input and output"),
    "demo": _("show on a copy of Python's sources what Holdfast promises, and prove it"),
    "settings": _("show or change what window and command line have in common"),
    "doctor": _("what this machine and its file systems can promise"),
    "install-desktop": _("put Holdfast into the desktop's menus, file manager and shells"),
    "uninstall-desktop": _("take it out of them again"),
}

DESCRIPTION = _("Changes many files at once: all of them, or none of them.")


def run(arguments: list[str]) -> int:
    """Parse the arguments and run the command; 2 for arguments that make no sense."""
    parser = make_parser(arguments[0] if arguments else "")
    try:
        options, further = parser.parse_known_args(arguments)
        # argparse takes only the words before the first option for those that may be many.
        if further and (not hasattr(options, "what") or any(word.startswith("-") for word in further)):
            parser.error(_("unrecognized arguments: {words}", words=" ".join(further)))
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 2
    if further:
        options.what += further
    from app.cli import log

    with log.kept(options, arguments) as ending:
        ending.code = _run(options)
    return ending.code


def _run(options: argparse.Namespace) -> int:
    code = 0
    try:
        code = _module(options.command).run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has gone; a batch has ended as it would have without
        sys.stdout = None
    except JournalDamaged as error:  # of a batch that has ended: all others are left to recovery
        from app import texts
        from app.cli import output

        output.complain(texts.trouble(error.code))
        return 1
    except OSError as error:  # before anything was begun: a batch that has begun ends with an outcome
        from app.cli import output

        return output.refused(error)
    return code


def make_parser(wanted: str | None = None) -> argparse.ArgumentParser:
    """Return the parser. Only the command that is wanted knows its arguments, since each is a module to import.

    With None all do: for manuals and completions.
    """
    parser = argparse.ArgumentParser(prog="holdfast", description=DESCRIPTION)
    parser.add_argument(
        "--version",
        action="version",
        version=f"Holdfast {VERSION}",
        help=_("show the version, and exit"),
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        command.add_argument("--verbose", action="store_true", help=_("say on standard error what goes into the log"))
        command.add_argument("--state-dir", metavar="FOLDER", help=_("where Holdfast keeps its own files"))
        if wanted in (name, None):
            _module(name).add_arguments(command)
    return parser


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"app.cli.{command.replace('-', '_')}")
