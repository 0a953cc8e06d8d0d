"""What a file's content says of its kind, where the name is not enough: pure, from the first bytes and a symlink's text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Content:
    """What there is to see. `head`: the first bytes of a regular file, or b""; `link`: what a symlink says, or None.

    `is_temporary`: whether it lies in a folder for temporary files. `is_alone`: whether what it describes is gone.
    """

    head: bytes
    size: int
    link: str | None = None
    is_temporary: bool = False
    is_alone: bool = False


class Holder(NamedTuple):
    """Who a lock or a swap file says that its owner is. `boot`: an id or a time of the machine's start, "" for none."""

    pid: int
    host: str
    user: str = ""
    boot: str = ""


class Swap(NamedTuple):
    """The header of a Vim swap file (nano's lock has the same form). `name`: the original, whole path or as typed."""

    holder: Holder
    name: str
    is_dirty: bool
    by_nano: bool


# The layout of block 0, from memline.c of Vim; nano writes the same fields.
_SWAP_ID, _PID, _USER, _HOST, _NAME, _DIRTY = (
    b"b0",
    slice(24, 28),
    slice(28, 68),
    slice(68, 108),
    slice(108, 1008),
    1007,
)
_DIRTY_MARK = 0x55
_ELF, _ELF_CORE = b"\x7fELF", 4
_DOCUMENTS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04")  # OLE, and zip
_EMACS = re.compile(r"(?P<user>.+)@(?P<host>.+?)\.(?P<pid>\d+)(?::(?P<boot>\d+))?", re.DOTALL)


def swap(head: bytes) -> Swap | None:
    """Read the header of a swap file; None when it is none, or not whole."""
    if head[:2] != _SWAP_ID or len(head) < 1008:
        return None
    by_nano = head[2:6] == b"nano"
    name = _text(head[_NAME].split(b"\0")[0])
    holder = Holder(
        int.from_bytes(head[_PID], "little"), _text(head[_HOST].split(b"\0")[0]), _text(head[_USER].split(b"\0")[0])
    )
    return Swap(holder, name, head[_DIRTY] == _DIRTY_MARK, by_nano)


def emacs_lock(text: str) -> Holder | None:
    """Read an Emacs lock: `user@host.pid:boot`."""
    found = _EMACS.fullmatch(text)
    return Holder(int(found["pid"]), found["host"], found["user"], found["boot"] or "") if found else None


def qt_lock(head: bytes) -> Holder | None:
    """Read a lock of Qt's: lines with process id, program, host name, host id and boot id."""
    lines = _text(head).splitlines()
    return Holder(int(lines[0]), lines[2], lines[1], lines[4] if len(lines) > 4 else "") if _is_qt(lines) else None


def _is_qt(lines: list[str]) -> bool:
    return 3 <= len(lines) <= 6 and lines[0].isascii() and lines[0].isdigit() and all(lines[1:3])


def libreoffice_lock(head: bytes) -> Holder | None:
    """Read a lock of LibreOffice's: `name,user,host,date,profile;`, with no process id."""
    fields = _text(head).rstrip("\n").rstrip(";").split(",")
    return Holder(0, fields[2], fields[1]) if len(fields) == 5 and fields[2] else None


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _emacs(content: Content) -> bool:
    return emacs_lock(content.link if content.link is not None else _text(content.head)) is not None


def _is_nano(content: Content) -> bool:
    found = swap(content.head)
    return found is not None and found.by_nano


def _is_vim(content: Content) -> bool:
    found = swap(content.head)
    return found is not None and not found.by_nano


def _elf_core(content: Content) -> bool:
    order = "big" if content.head[5:6] == b"\2" else "little"
    return content.head[:4] == _ELF and int.from_bytes(content.head[16:18], order) == _ELF_CORE  # type: ignore[arg-type]


PROOFS: dict[str, Callable[[Content], bool]] = {
    "": lambda content: True,
    "empty": lambda content: content.link is None and content.size == 0,
    "nano lock": _is_nano,
    "vim swap": _is_vim,
    "emacs lock": _emacs,
    "libreoffice lock": lambda content: libreoffice_lock(content.head) is not None,
    "qt lock": lambda content: qt_lock(content.head) is not None,
    "mozilla link": lambda content: re.fullmatch(r"[0-9a-fA-F.:]+:\+?\d+", content.link or "") is not None,
    "office document": lambda content: content.head.startswith(_DOCUMENTS),
    "elf core": _elf_core,
    "java heap": lambda content: content.head.startswith(b"JAVA PROFILE"),
    "java crash": lambda content: b"A fatal error has been detected by the Java" in content.head,
    "trash info alone": lambda content: content.head.startswith(b"[Trash Info]") and content.is_alone,
    "in a temporary folder": lambda content: content.is_temporary,
}
