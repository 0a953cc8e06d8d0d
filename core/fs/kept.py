"""Small things the program remembers, beside the journals: settings, the session, presets. One JSON file each.

They are written whole or not at all, but not synced: after a power cut the document before the last one may be there, or
none, which is worth less than a window that waits for the disk at every change. Nothing about files of the user is in them.
What a person has decided is another thing (`changing`): it is durable, and no process forgets what another has added.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import tempfile
import time
from collections.abc import Iterator
from typing import TextIO

from core.fs import places
from core.fs.api import Handle
from core.fs.real import RealFileSystem

_AT_MOST = 64 << 20
_PATIENCE = 10.0  # seconds to wait for another process, which changes a document in milliseconds


def load(name: str, state: str | None = None) -> dict[str, object]:
    """Return a document, empty where there is none or where it cannot be read as one."""
    try:
        return _read(_path(name, state))
    except OSError:
        return {}


def store(name: str, value: dict[str, object], state: str | None = None) -> None:
    """Replace a document. Raises OSError; the one before is there then."""
    path = _path(name, state)
    folder = os.path.dirname(path)
    places.make_private_folder(folder)
    handle, draft = tempfile.mkstemp(prefix=f".{name}-", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(value, file)
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise


@contextlib.contextmanager
def changing(name: str, state: str | None = None) -> Iterator[dict[str, object]]:
    """Yield a document, and keep durably what has become of it by the end of the block.

    Others who change it this way wait meanwhile. Raises OSError, and what was kept before is kept then; also where it is
    there and cannot be read, since what nobody can read must not be written over.
    """
    path = _path(name, state)
    with _alone(os.path.dirname(path)) as folder:
        try:
            document = _read(path)
        except FileNotFoundError:
            document = {}
        before = json.dumps(document)
        yield document
        text = json.dumps(document)
        if text != before:
            _replace_durably(folder, path, text, before)


def version(name: str, state: str | None = None) -> tuple[int, int]:
    """Return what is another number once a document was stored again; (0, 0) where there is none."""
    try:
        info = os.stat(_path(name, state))
    except OSError:
        return 0, 0
    return info.st_ino, info.st_mtime_ns


def open_log(name: str, state: str | None = None) -> TextIO | None:
    """Open a file for the end of what is in it, for whoever writes while everything breaks; None where it cannot be."""
    path = _path(name, state).removesuffix(".json") + ".log"
    try:
        places.make_private_folder(os.path.dirname(path))
        return open(path, "a", encoding="utf-8")
    except OSError:
        return None


def take_log(name: str, state: str | None = None) -> str:
    """Return what was written to a log, and empty it."""
    path = _path(name, state).removesuffix(".json") + ".log"
    try:
        with open(path, "r+", encoding="utf-8", errors="replace") as file:
            text = file.read(_AT_MOST)
            file.truncate(0)
    except OSError:
        return ""
    return text


def _read(path: str) -> dict[str, object]:
    """Read a document; empty where it is not readable as one. Raises OSError."""
    with open(path, encoding="ascii") as file:
        text = file.read(_AT_MOST)
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@contextlib.contextmanager
def _alone(path: str) -> Iterator[Handle]:
    """Hold the lock on a folder of ours, made where it is not there yet."""
    fs = RealFileSystem()
    places.make_private_folder(path)
    folder = fs.open_folder(fs.resolve(path))
    try:
        until = time.monotonic() + _PATIENCE
        while not fs.lock(folder, exclusive=True):
            if time.monotonic() > until:
                raise OSError(errno.EAGAIN, "another program holds the lock", path)
            time.sleep(0.01)
        yield folder
    finally:
        fs.close(folder)


def _replace_durably(folder: Handle, path: str, text: str, before: str) -> None:
    """Replace a document. The draft has one name: whoever dies leaves it to the next one, who holds the same lock."""
    draft = f"{path}.new"
    _write_durably(draft, text)
    os.replace(draft, path)
    try:
        RealFileSystem().sync_folder(folder)
    except OSError:
        # It may go with the power, so it is not kept, and the one before must not be told to be gone either.
        with contextlib.suppress(OSError):
            _write_durably(draft, before)
            os.replace(draft, path)
        raise


def _write_durably(path: str, text: str) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            data = text.encode("ascii")
            while data:
                data = data[os.write(handle, data) :]
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise


def _path(name: str, state: str | None) -> str:
    return os.path.join(places.state_folder(state), "kept", f"{name}.json")
