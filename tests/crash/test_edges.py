"""Edge cases of names, kinds, links, rights and places: a clear refusal with nothing changed, or exactly what was wished.

Each case makes the same tree twice. The batch changes one of them, plain Python the other; then they must be equal, in
everything but times. A refusal must leave the tree equal to itself.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import shutil
import socket
import stat
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core import api
from core.api import Committed, Refused, RolledBack
from tests.support.picture import picture
from tests.support.tried import Tried
from tests.support.work import Json

ROOT = os.geteuid() == 0
NOBODY = 65534
LONG = "n" * 255
DEEP = "/".join(["d" * 200] * 18)
RAW = os.fsdecode(b"caf\xe9 \xff.txt")
Act = Callable[[Path], object]


def nothing(tree: Path) -> None:
    """Wish for a refusal."""


def write(name: str, text: str = "new") -> Act:
    return lambda tree: (tree / name).write_text(text)


def move(name: str, to: str) -> Act:
    return lambda tree: os.rename(tree / name, tree / to)


def remove(name: str) -> Act:
    def act(tree: Path) -> None:
        path = tree / name
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    return act


def put_away(name: str) -> Act:
    """Wish for a name to be gone whose inode has other names: the attic's is one of them until it expires."""
    return lambda tree: os.rename(tree / name, tree.parent / f"{name} in an attic")


def both(*acts: Act) -> Act:
    return lambda tree: [act(tree) for act in acts]


def deep(tree: Path) -> None:
    """Make a path near the limit, a step at a time: the whole of it is too long for one call."""
    here = os.open(tree, os.O_RDONLY)
    for part in DEEP.split("/"):
        os.mkdir(part, dir_fd=here)
        inner = os.open(part, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    with open(os.open("file", os.O_CREAT | os.O_WRONLY, 0o644, dir_fd=here), "w") as file:
        file.write("old")
    os.close(here)


def sparse(tree: Path) -> None:
    with open(tree / "file", "wb") as file:
        file.truncate(10 << 30)
        file.seek(5 << 30)
        file.write(b"an island")


def sock(tree: Path) -> None:
    here = os.getcwd()
    os.chdir(tree)  # the address of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("file")
    finally:
        os.chdir(here)


def special(kind: int) -> Act:
    return lambda tree: os.mknod(tree / "file", kind | 0o644, os.makedev(1, 3))


def linked(tree: Path) -> None:
    (tree / "file").write_text("old")
    os.link(tree / "file", tree / "other")


def symlink(target: str) -> Act:
    return lambda tree: os.symlink(target, tree / "link")


def mode(name: str, bits: int) -> Act:
    return lambda tree: (tree / name).chmod(bits)


def attribute(name: str, value: bytes) -> Act:
    return lambda tree: os.setxattr(tree / "file", name, value)


def folder(name: str) -> Act:
    return lambda tree: (tree / name).mkdir(parents=True)


OLD = write("file", "old")
EDIT: Json = {"op": "edit", "path": "file", "find": "old", "replace": "new"}
REPLACE: Json = {"op": "replace", "path": "file", "text": "new"}
DELETE: Json = {"op": "delete", "path": "file"}
MOVE: Json = {"op": "move", "path": "file", "to": "moved"}
CREATE: Json = {"op": "create", "path": "file", "text": "new"}
NEW = write("file")


def on(name: str, operation: Json) -> Json:
    return {**operation, "path": name}


@dataclass(frozen=True)
class Edge:
    """What is there, what is asked for, and what is wished: `nothing` where a refusal is the right answer."""

    build: Act
    operations: tuple[Json, ...]
    wish: Act
    user: int = 0
    refusal_will_do: bool = False


def edge(build: Act, operations: Json | list[Json], wish: Act, *, user: int = 0, either: bool = False) -> Edge:
    listed = [operations] if isinstance(operations, dict) else operations
    return Edge(build, tuple(listed), wish, user, either)


def replace_raw(tree: Path) -> None:
    (tree / RAW).write_text("new")


EDGES: dict[str, Edge] = {
    # names
    "a name of 255 bytes, edited": edge(write(LONG, "old"), on(LONG, EDIT), write(LONG)),
    "a name of 255 bytes, deleted": edge(write(LONG, "old"), on(LONG, DELETE), remove(LONG)),
    "a name of 255 bytes, moved to": edge(OLD, {**MOVE, "to": LONG}, move("file", LONG)),
    "a name of 256 bytes, created": edge(OLD, on("n" * 256, CREATE), nothing),
    "a name of 256 bytes, moved to": edge(OLD, {**MOVE, "to": "n" * 256}, nothing),
    "a name that is no Unicode, edited": edge(write(RAW, "old"), on(RAW, EDIT), replace_raw),
    "a name that is no Unicode, moved to": edge(OLD, {**MOVE, "to": RAW}, move("file", RAW)),
    "a newline in a name": edge(write("a\nb", "old"), on("a\nb", EDIT), write("a\nb")),
    "blanks around a name": edge(write(" a ", "old"), on(" a ", EDIT), write(" a ")),
    "a name that looks like an option": edge(write("--yes", "old"), on("--yes", EDIT), write("--yes")),
    "a name of quotes and dollars": edge(write("$(x)'\"`", "old"), on("$(x)'\"`", DELETE), remove("$(x)'\"`")),
    "a name in case only another": edge(OLD, {**MOVE, "to": "FILE"}, move("file", "FILE")),
    "names in composed and decomposed letters": edge(
        both(write("\u00e9", "old"), write("e\u0301", "old")), on("\u00e9", EDIT), write("\u00e9")
    ),
    "the name of a backup": edge(both(OLD, write("file.bak", "mine")), EDIT, NEW),
    "the name of a side file": edge(both(OLD, write(".~hf-aaaaaaaaaa-1", "?")), EDIT, nothing),
    "a relative path": edge(both(folder("sub"), OLD), on("sub/../file", EDIT), NEW, either=True),
    "a path that leaves the plan's folder": edge(OLD, on("../file", EDIT), nothing),
    "a path near the longest": edge(deep, on(f"{DEEP}/file", EDIT), write(f"{DEEP}/file")),
    # kinds
    "an empty file, replaced": edge(write("file", ""), REPLACE, NEW),
    "a file made empty": edge(OLD, {**REPLACE, "text": ""}, write("file", "")),
    "a file replaced by the same": edge(OLD, {**REPLACE, "text": "old"}, nothing, either=True),
    "nothing there, edited": edge(folder("sub"), EDIT, nothing),
    "nothing there, deleted": edge(folder("sub"), DELETE, nothing),
    "something there, created": edge(OLD, CREATE, nothing),
    "something there, moved to": edge(both(OLD, write("moved", "mine")), MOVE, nothing),
    "a folder, edited": edge(folder("file"), EDIT, nothing),
    "a folder moved into itself": edge(folder("file"), {**MOVE, "to": "file/in"}, nothing),
    "an empty folder, deleted": edge(folder("file"), DELETE, remove("file")),
    "a file as a parent": edge(OLD, on("file/in", CREATE), nothing),
    "deep missing parents": edge(OLD, on("a/b/c/d/e/f", CREATE), both(folder("a/b/c/d/e"), write("a/b/c/d/e/f"))),
    "a FIFO, edited": edge(lambda tree: os.mkfifo(tree / "file"), EDIT, nothing),
    "a FIFO, moved": edge(lambda tree: os.mkfifo(tree / "file"), MOVE, move("file", "moved"), either=True),
    "a socket, replaced": edge(sock, REPLACE, nothing),
    "a folder with a FIFO in it, moved": edge(
        both(folder("file"), lambda tree: os.mkfifo(tree / "file/in")), MOVE, move("file", "moved"), either=True
    ),
    "10 GiB of a hole, moved": edge(sparse, MOVE, move("file", "moved")),
    "10 GiB of a hole, deleted": edge(sparse, DELETE, remove("file")),
    # links
    "a symlink that leads nowhere, edited": edge(symlink("gone"), on("link", EDIT), nothing),
    "a symlink that leads nowhere, deleted": edge(symlink("gone"), on("link", DELETE), remove("link")),
    "a symlink that leads nowhere, created": edge(symlink("gone"), on("link", CREATE), nothing),
    "a symlink to itself, edited": edge(symlink("link"), on("link", EDIT), nothing),
    "a symlink to itself, deleted": edge(symlink("link"), on("link", DELETE), remove("link")),
    "a folder behind a loop": edge(symlink("link"), on("link/file", CREATE), nothing),
    "a symlink, edited": edge(both(OLD, symlink("file")), on("link", EDIT), NEW),
    "a symlink, moved": edge(both(OLD, symlink("file")), on("link", MOVE), move("link", "moved")),
    "a symlink to a folder, deleted": edge(both(folder("sub"), symlink("sub")), on("link", DELETE), remove("link")),
    "a file by two paths": edge(
        both(OLD, symlink(".")),
        [EDIT, on("link/file", {**EDIT, "find": "new", "replace": "newer"})],
        write("file", "newer"),
    ),
    "a hard link, edited": edge(linked, EDIT, nothing),
    "a hard link, deleted": edge(linked, DELETE, put_away("file")),
    "a hard link, moved": edge(linked, MOVE, move("file", "moved")),
    # rights and attributes
    "a read-only file": edge(both(OLD, mode("file", 0o444)), EDIT, lambda tree: rewrite(tree, 0o444)),
    "a file that may run as its owner": edge(both(OLD, mode("file", 0o4755)), EDIT, lambda tree: rewrite(tree, 0o4755)),
    "a sticky folder": edge(both(OLD, mode(".", 0o1777)), EDIT, NEW),
    "a folder that gives its group": edge(
        both(folder("sub"), mode("sub", 0o2775)), on("sub/f", CREATE), write("sub/f")
    ),
    "an extended attribute": edge(both(OLD, attribute("user.note", b"mine")), EDIT, NEW),
}


def rewrite(tree: Path, bits: int) -> None:
    (tree / "file").chmod(0o644)
    (tree / "file").write_text("new")
    (tree / "file").chmod(bits)


OF_ROOT: dict[str, Edge] = {
    "a character device, edited": edge(special(stat.S_IFCHR), EDIT, nothing),
    "a block device, replaced": edge(special(stat.S_IFBLK), REPLACE, nothing),
    "somebody else's file": edge(both(OLD, lambda tree: os.chown(tree / "file", 12345, 12345)), EDIT, NEW),
    "a file of mode 000, as somebody": edge(both(OLD, mode("file", 0)), EDIT, nothing, user=NOBODY),
    "a file of mode 000, moved by somebody": edge(
        both(OLD, mode("file", 0)), MOVE, move("file", "moved"), user=NOBODY, either=True
    ),
    "a folder that may not be written": edge(both(OLD, mode(".", 0o555)), EDIT, nothing, user=NOBODY),
    "a folder that may not be read": edge(both(OLD, mode(".", 0o333)), EDIT, NEW, user=NOBODY, either=True),
    "a folder that may not be entered": edge(
        both(folder("sub"), write("sub/file", "old"), mode("sub", 0)), on("sub/file", EDIT), nothing, user=NOBODY
    ),
}


def apply(tree: Path, state: Path, operations: tuple[Json, ...], user: int) -> str:
    """Plan and apply in a process of its own, as some user; return what came of it."""
    plan = tree / "plan of the test.json"
    # Read once before: somebody else may not be able to read this Python's own modules, should more be imported.
    with contextlib.suppress(api.BadPlan, OSError):
        api.read_plan(str(plan))
    codecs.lookup("ascii")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        answer = "no answer"
        try:
            if user:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            found = api.read_plan(str(plan))
            outcome = api.apply(found, state=str(state))
            answer = type(outcome).__name__
        except BaseException as error:
            answer = repr(error)
        finally:
            os.write(writer, answer.encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


def judge(case: Edge, memory: Path) -> None:
    trees = [memory / "real", memory / "wished"]
    state = memory / "state"
    state.mkdir()
    for tree in trees:
        tree.mkdir()
        (tree / "plan of the test.json").write_text(json.dumps({"holdfast": 1, "operations": case.operations}))
        case.build(tree)
        if case.user:
            subprocess.run(["chown", "-R", str(case.user), str(tree)], check=True)
            os.chown(state, case.user, case.user)
    before = picture(trees[0])
    answer = apply(trees[0], state, case.operations, case.user)
    case.wish(trees[1])
    found, wished = picture(trees[0]), picture(trees[1])
    if case.wish is nothing or (case.refusal_will_do and found == before):
        assert found == before
        assert answer in (Refused.__name__, RolledBack.__name__, Committed.__name__) or "BadPlan" in answer, answer
        assert answer != Committed.__name__ or case.refusal_will_do, "nothing was done, and said to be done"
        return
    assert answer == Committed.__name__, answer
    assert {path: (row, wished.get(path)) for path, row in found.items() if row != wished.get(path)} == {}
    assert found.keys() == wished.keys()


@pytest.fixture(autouse=True)
def open_to_all(memory: Path) -> Iterator[None]:
    """Everybody may come as far as the tree, and nothing in it keeps it from being removed."""
    memory.chmod(0o755)
    yield
    subprocess.run(["chmod", "-R", "u+rwx", str(memory)], capture_output=True)


@pytest.mark.parametrize("name", EDGES)
def test_an_edge_case_is_refused_or_exactly_as_wished(memory: Path, tried: Tried, name: str) -> None:
    judge(EDGES[name], memory)
    tried("an edge case")


@pytest.mark.skipif(not ROOT, reason="only the superuser can make devices, give files away, and become somebody else")
@pytest.mark.parametrize("name", OF_ROOT)
def test_an_edge_case_of_the_superuser_is_refused_or_exactly_as_wished(memory: Path, tried: Tried, name: str) -> None:
    judge(OF_ROOT[name], memory)
    tried("an edge case")
