"""Things done in the name of another user: root may do everything, which shows nothing about permissions."""

from __future__ import annotations

import codecs
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.work import Work

NOBODY = 4242


@contextmanager
def place() -> Iterator[Work]:
    """Make a folder that other users get to, and that is theirs: those of the tests are for their owner alone."""
    with tempfile.TemporaryDirectory() as above:
        os.chmod(above, 0o711)
        work = Work(Path(above, "tree"))
        for folder in (work.tree, Path(above, "state")):
            folder.mkdir()
            os.chown(folder, NOBODY, NOBODY)
        yield work


def become(user: int) -> None:
    """Be another user, for the rest of this process. Who that is may not be able to read this Python's own modules."""
    for encoding in ("ascii", "utf-8-sig"):
        codecs.lookup(encoding)
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


def as_user(number: int, action: Callable[[], object]) -> str:
    """Do something in the name of another user, in a process of its own; return the type of what comes of it."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            become(number)
            with tempfile.TemporaryDirectory() as state:
                os.environ["HOLDFAST_STATE_DIR"] = state
                os.write(writer, type(action()).__name__.encode())
        except BaseException as error:
            os.write(writer, repr(error).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer
