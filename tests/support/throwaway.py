"""A Debian of its own, in which programs that leave things behind are run and killed: made by debootstrap, thrown away.

Its programs see the folder of a test under the same path, and processes and devices of this machine: so what they leave
lies where the test looks, and names processes that can be asked about. The mounts belong to the program, and go with it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import large
from tests.support.large import Missing

# What is in it. Chromium and Firefox are for the home folder that nobody wrote for a test.
PACKAGES = (
    *(
        "vim",
        "nano",
        "emacs-nox",
        "zip",
        "rsync",
        "patch",
        "git",
        "subversion",
        "cvs",
        "gnupg",
        "strace",
        "python3-pip",
    ),
    *("npm", "libglib2.0-bin", "sqlite3", "gcc", "libc6-dev", "gdb", "default-jre-headless", "openssh-client", "aria2"),
    *("logrotate", "trash-cli", "texlive-latex-base", "libreoffice-writer-nogui", "firefox-esr", "chromium"),
)
SUITE = "bookworm"
_TOOLS = ("debootstrap", "unshare", "chroot")
_ENOUGH = 6 << 30  # bytes
PATIENCE = 90.0
# Nothing in it is to be started as a service.
_NO_SERVICES = "#!/bin/sh\nexit 101\n"
_ENTER = """
root=$1 folder=$2
shift 2
mkdir -p "$root$folder"
mount --bind "$folder" "$root$folder"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
exec chroot "$root" /usr/bin/env -C "$folder" "$@"
"""


def folder(above: Path) -> Path:
    """Return the root: what HOLDFAST_MAKERS names, else a new one in `above`. Several processes may ask at once."""
    if named := os.environ.get("HOLDFAST_MAKERS"):
        return Path(named)
    try:
        large.demand(_TOOLS, above, _ENOUGH)
    except Missing as error:
        raise Missing(f"no throwaway Debian: {error}") from error
    return large.once(above / "throwaway", lambda: _make(above / "throwaway.part"))


def _make(part: Path) -> Path:
    shutil.rmtree(part, ignore_errors=True)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        _demand(["debootstrap", "--variant=minbase", SUITE, str(part)])
        (part / "usr/sbin/policy-rc.d").write_text(_NO_SERVICES)
        (part / "usr/sbin/policy-rc.d").chmod(0o755)
        inside = Room(part, part / "root")
        _demand(inside.command(["apt-get", "update", "-qq"], quiet))
        _demand(inside.command(install, quiet))
    except subprocess.CalledProcessError as error:
        raise Missing(f"no throwaway Debian: {error.cmd[0]}: {error.stderr[-300:]!r}") from error
    return part


def _demand(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)


@dataclass(frozen=True)
class Room:
    """A folder of this machine, and the programs of a root at work in it."""

    root: Path
    folder: Path

    def command(self, words: list[str], environment: dict[str, str] | None = None) -> list[str]:
        """Return what runs a program of the root in the folder, as the very process that is started."""
        values = {"HOME": str(self.folder), "LC_ALL": "C.UTF-8", "TERM": "xterm", "TMPDIR": str(self.folder)}
        chosen = [f"{key}={value}" for key, value in {**values, **(environment or {})}.items()]
        enter = ["unshare", "--mount", "--propagation", "private", "sh", "-euc", _ENTER, "sh"]
        return [*enter, str(self.root), str(self.folder), *chosen, *words]

    def run(self, *words: str, typed: bytes = b"") -> int:
        """Run a program to its end; return its exit code."""
        return subprocess.run(self.command(list(words)), input=typed, capture_output=True, timeout=PATIENCE).returncode

    @contextmanager
    def start(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """Have a program run in a session of its own, to the end of the block at most."""
        with subprocess.Popen(
            self.command(list(words)),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as one:
            try:
                yield one
            finally:
                if one.returncode is None:
                    end(one)

    def killed_when(self, appears: Callable[[], object], *words: str, number: int = signal.SIGKILL) -> None:
        """Start a program, and kill it with all its helpers, which would tidy up, as soon as something is there."""
        with self.start(*words) as one:
            until = time.monotonic() + PATIENCE
            while not appears():
                assert one.poll() is None, "it was over before it could be killed"
                assert time.monotonic() < until, "it did not come to that"
                time.sleep(0.002)
            end(one, number)

    def killed_at(self, call: str, appears: Callable[[], object], *words: str, about: str = "", most: int = 12) -> None:
        """Run a program and kill it at the first, second, … call of a kind (about a path), until something is left."""
        calls = {"rename": "rename,renameat,renameat2", "unlink": "unlink,unlinkat", "link": "link,linkat"}[call]
        for number in range(1, most + 1):
            inject = ["-e", f"inject={calls}:signal=SIGKILL:when={number}", *(["-P", about] if about else [])]
            self.run("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", *inject, *words)
            if appears():
                return
        raise AssertionError(f"{words[0]} left nothing, at whichever {call} it was killed")


def end(process: subprocess.Popen[bytes], number: int = signal.SIGKILL) -> None:
    """Kill a program that `start` started, with its helpers."""
    os.killpg(process.pid, number)
    process.wait(PATIENCE)
