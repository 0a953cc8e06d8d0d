"""Plain reading of whole files by path, for plan files and sources, and scratch files that leave no trace."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, BinaryIO, cast

BLOCK = 1 << 20
_PROBE = 8192
# Windows has no FIFOs to wait for, and would translate line ends. O_NONBLOCK: a FIFO must fail at once, not wait.
_READING = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_input(path: str) -> BinaryIO:
    """Open a file for reading from the start; "-" copies standard input to a scratch file first.

    Nothing but a regular file is accepted elsewhere: a FIFO would wait for a writer that never comes.
    """
    if path != "-":
        handle = os.open(path, _READING)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError(
                errno.EINVAL, "this is no regular file; a plan from a program comes by - (standard input)", path
            )
        return os.fdopen(handle, "rb")
    file = scratch()
    while block := sys.stdin.buffer.read(BLOCK):
        file.write(block)
    file.seek(0)
    return file


def open_draft(path: str, mode: str, **kwargs: Any) -> IO[Any]:
    """Open a draft that exists, as `open` would."""
    return open(path, mode, **kwargs)


def exists(path: str) -> bool:
    """Whether there is anything under that name, be it a symlink that leads nowhere."""
    return os.path.lexists(path)


def scratch() -> BinaryIO:
    """Return an empty file without a name, open for reading and writing; it vanishes with the process."""
    return cast("BinaryIO", tempfile.TemporaryFile(prefix="holdfast-"))


def reader(file: BinaryIO) -> BinaryIO:
    """Return a scratch file once more, only to be read. What waited to be written is written first.

    It has no buffer: another process that has it, too, writes nothing when it asks for a part of it.
    """
    file.flush()
    return cast("BinaryIO", os.fdopen(os.dup(file.fileno()), "rb", buffering=0))


def discard(file: BinaryIO) -> None:
    """Close a scratch file. Nobody wants what is in it any more, so an error of its last write is none."""
    with contextlib.suppress(OSError):
        file.close()


def read_blocks(path: str) -> Iterator[bytes]:
    """Yield a file's content."""
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            yield block


def files_below(root: str, *, skip: Callable[[str], bool] = lambda name: False) -> Iterator[str]:
    """Yield every regular file below a folder (or the file itself), in a stable order, following no symlink.

    `skip`: whether folders of a name are left out.
    """
    if not os.path.isdir(root) or os.path.islink(root):
        yield root
        return
    for folder, inner, found in os.walk(root):
        inner[:] = sorted(name for name in inner if not skip(name))
        for name in sorted(found):
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield path


class TooLarge(Exception):
    """A file is larger than the reader can take."""


def read_small(path: str, at_most: int) -> bytes:
    """Return the content of a regular file of at most so many bytes.

    Raises:
        TooLarge: it is larger.
        OSError: it cannot be read, or is no regular file.
    """
    handle = os.open(path, _READING)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        data = file.read(at_most + 1)
    if len(data) > at_most:
        raise TooLarge(path)
    return data


def write_whole(path: str, chunks: Iterable[bytes]) -> None:
    """Make a file, or give one new content, so that it is never there in part. Raises OSError, with that path."""
    try:
        _write_whole(path, chunks)
    except OSError as error:  # the name of the draft would tell nobody anything
        error.filename, error.filename2 = path, None
        raise


def _write_whole(path: str, chunks: Iterable[bytes]) -> None:
    folder, name = os.path.split(os.path.abspath(path))
    handle, draft = tempfile.mkstemp(prefix=f".{name[:100]}-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
            file.flush()
            os.chmod(draft, _usual_mode())
            os.fsync(handle)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _usual_mode() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def looks_binary(path: str) -> bool:
    """Whether there is a zero byte near the beginning of a file."""
    with open(path, "rb") as file:
        return b"\0" in file.read(_PROBE)


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def size_and_time(path: str) -> tuple[int, float]:
    """Return (bytes, modification time in seconds) of what a path stands for, not following a symlink."""
    info = os.lstat(path)
    return info.st_size, info.st_mtime


def stamp(path: str) -> tuple[int, int] | None:
    """Return (bytes, modification time in nanoseconds) of what has a name, not following a symlink; None for nothing."""
    try:
        info = os.lstat(path)
    except OSError:
        return None
    return info.st_size, info.st_mtime_ns


def kind_behind(path: str) -> str:
    """Return "file", "folder", "special" or "missing": what a path stands for, symlinks followed."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):  # ValueError: a name that cannot exist
        return "missing"
    if stat.S_ISREG(mode):
        return "file"
    return "folder" if stat.S_ISDIR(mode) else "special"


def read_slice(file: BinaryIO, offset: int, length: int) -> Iterator[bytes]:
    """Yield part of a scratch file, leaving its position alone. EIO where it has become shorter."""
    file.flush()
    end = offset + length
    while offset < end:
        block = _read_at(file.fileno(), min(BLOCK, end - offset), offset)
        if not block:
            raise OSError(errno.EIO, "a scratch file has lost what was written to it")
        yield block
        offset += len(block)


def read_part(file: BinaryIO, offset: int, size: int) -> bytes:
    """Return up to so many bytes of a scratch file, leaving its position alone."""
    file.flush()
    return _read_at(file.fileno(), size, offset)


def _read_at(handle: int, size: int, offset: int) -> bytes:
    if sys.platform != "win32":
        return os.pread(handle, size, offset)
    else:  # noqa: RET505 - what follows an `if` of the platform is unreachable on it
        position = os.lseek(handle, 0, os.SEEK_CUR)
        os.lseek(handle, offset, os.SEEK_SET)
        block = os.read(handle, size)
        os.lseek(handle, position, os.SEEK_SET)
        return block
