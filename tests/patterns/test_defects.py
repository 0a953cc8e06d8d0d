"""What the first version of EXEC-004 got wrong, one test for each: all of it is gone.

Not here, because no test on this system can show it: what its Windows note says about `replace`.
"""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from core import api
from core.errors import Conflict, NeedsAttention
from core.fs.real import RealFileSystem
from core.patterns import door
from core.patterns.exec004 import AtomicBatch, AtomicFileOp, atomic_transaction, atomic_write

Write = Callable[[Path, str], None]


def _execute(path: Path, text: str) -> None:
    AtomicFileOp(str(path)).execute(lambda p: p.write_text(text))


def _via_temp(path: Path, text: str) -> None:
    AtomicFileOp(str(path)).execute_via_temp(lambda p: p.write_text(text))


def _batch(path: Path, text: str) -> None:
    batch = AtomicBatch()
    batch.add(path, lambda p: p.write_text(text))
    batch.execute()


def _write(path: Path, text: str) -> None:
    with atomic_write(str(path)) as file:
        file.write(text)


def _transaction(path: Path, text: str) -> None:
    with atomic_transaction(str(path)):
        path.write_text(text)


every_door = pytest.mark.parametrize("change", [_execute, _via_temp, _batch, _write, _transaction])


class Stop(BaseException):
    """Something that no `except Exception` catches."""


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@every_door
def test_a_bak_file_of_the_user_survives(tmp_path: Path, change: Write) -> None:
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "a.txt.bak").write_text("mine")

    change(tmp_path / "a.txt", "new")

    assert (tmp_path / "a.txt").read_text() == "new"
    assert (tmp_path / "a.txt.bak").read_text() == "mine"
    assert names(tmp_path) == {"a.txt", "a.txt.bak"}


def test_a_file_and_its_bak_file_may_be_in_one_batch(tmp_path: Path) -> None:
    target, beside = tmp_path / "x", tmp_path / "x.bak"
    target.write_text("x")
    beside.write_text("y")
    batch = AtomicBatch()
    batch.add(target, lambda p: p.write_text("changed"))
    batch.add(beside, lambda p: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        batch.execute()

    assert (target.read_text(), beside.read_text()) == ("x", "y")


@every_door
@pytest.mark.parametrize("length", [252, 255])
def test_names_of_any_length_work(tmp_path: Path, change: Write, length: int) -> None:
    target = tmp_path / ("n" * length)
    target.write_text("old")

    change(target, "new")

    assert target.read_text() == "new"


def test_nobody_can_slip_a_file_under_the_draft(tmp_path: Path) -> None:
    """The draft is created exclusively, so a planted file or symlink is never opened."""
    drafts = []

    def operation(path: Path) -> None:
        drafts.append(path)
        assert path.is_file() and not path.is_symlink()
        path.write_text("new")

    (tmp_path / "a").write_text("old")
    AtomicFileOp(str(tmp_path / "a")).execute_via_temp(operation)
    AtomicFileOp(str(tmp_path / "a")).execute_via_temp(operation)

    assert drafts[0] != drafts[1]
    assert drafts[0].parent == tmp_path


@every_door
def test_everything_is_synced_before_the_door_returns(
    tmp_path: Path, change: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[tuple[int, int]] = set()
    real = os.fsync

    def fsync(handle: int) -> None:
        info = os.fstat(handle)
        synced.add((info.st_dev, info.st_ino))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    (tmp_path / "a").write_text("old")
    change(tmp_path / "a", "new")

    for path in (tmp_path / "a", tmp_path):
        info = path.stat()
        assert (info.st_dev, info.st_ino) in synced, path


@every_door
def test_a_secret_stays_a_secret(tmp_path: Path, change: Write) -> None:
    target = tmp_path / "secret"
    target.write_text("old")
    target.chmod(0o600)

    change(target, "new")

    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_the_draft_of_a_secret_is_a_secret(tmp_path: Path) -> None:
    target = tmp_path / "secret"
    target.write_text("old")
    target.chmod(0o600)
    modes = []

    AtomicFileOp(str(target)).execute_via_temp(lambda p: modes.append(stat.S_IMODE(p.stat().st_mode)))

    assert modes == [0o600]


@every_door
def test_extended_attributes_stay(tmp_path: Path, change: Write) -> None:
    target = tmp_path / "a"
    target.write_text("old")
    try:
        os.setxattr(target, "user.holdfast", b"kept")
    except OSError as error:
        pytest.skip(f"this file system has no extended attributes: {error}")

    change(target, "new")

    assert os.getxattr(target, "user.holdfast") == b"kept"


@every_door
def test_a_symlink_stays_and_its_file_changes(tmp_path: Path, change: Write) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")

    change(tmp_path / "link", "new")

    assert os.readlink(tmp_path / "link") == "real"
    assert (tmp_path / "real").read_text() == "new"


@pytest.mark.parametrize("replaces", [True, False])
def test_rollback_through_a_symlink_brings_back_the_file_and_the_link(tmp_path: Path, replaces: bool) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")

    with pytest.raises(Stop), atomic_transaction(tmp_path / "link"):
        if replaces:
            (tmp_path / "link").unlink()
        (tmp_path / "link").write_text("half")
        raise Stop

    assert os.readlink(tmp_path / "link") == "real"
    assert (tmp_path / "real").read_text() == "old"
    assert names(tmp_path) == {"real", "link"}


@every_door
def test_hard_links_stay_together(tmp_path: Path, change: Write) -> None:
    (tmp_path / "one").write_text("old")
    os.link(tmp_path / "one", tmp_path / "two")

    change(tmp_path / "one", "new")

    assert (tmp_path / "two").read_text() == "new"
    assert (tmp_path / "two").samefile(tmp_path / "one")
    assert names(tmp_path) == {"one", "two"}


def test_hard_links_stay_together_on_rollback(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("old")
    os.link(tmp_path / "one", tmp_path / "two")

    with pytest.raises(Stop), atomic_transaction(tmp_path / "one"):
        (tmp_path / "one").write_text("half")
        raise Stop

    assert (tmp_path / "two").read_text() == "old"
    assert (tmp_path / "two").samefile(tmp_path / "one")


def test_rollback_writes_into_the_same_inode_and_never_leaves_the_name_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a"
    target.write_text("old")
    inode = target.stat().st_ino
    removed: list[object] = []
    real = os.unlink
    monkeypatch.setattr(os, "unlink", lambda name, **where: (removed.append(name), real(name, **where)))

    with pytest.raises(Stop), atomic_transaction(target):
        target.write_text("half")
        raise Stop

    assert (target.read_text(), target.stat().st_ino) == ("old", inode)
    assert "a" not in removed


def test_one_failing_restore_does_not_abandon_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [tmp_path / f"f{number}" for number in range(3)]
    for file in files:
        file.write_text("old")

    class Broken(RealFileSystem):
        def open(self, folder: int, name: str, *, write: bool = False) -> int:
            if write and name == "f1":
                raise OSError(errno.EIO, "broken", name)
            return super().open(folder, name, write=write)

    monkeypatch.setattr(door, "file_system", Broken)
    with pytest.raises(NeedsAttention) as caught, atomic_transaction(*files):
        for file in files:
            file.write_text("new")
        raise Stop

    assert "f1" in str(caught.value)
    assert [file.read_text() for file in files] == ["old", "new", "old"]
    assert [done.result for done in api.recover_all()] == [api.Result.PUT_BACK]
    assert [file.read_text() for file in files] == ["old", "old", "old"]


@every_door
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit, Stop, ValueError])
def test_created_files_vanish_and_changed_ones_return_whatever_is_raised(
    tmp_path: Path, change: Write, error: type[BaseException]
) -> None:
    (tmp_path / "old").write_text("old")

    def raising(path: Path) -> None:
        path.write_text("half")
        raise error

    for name in ("old", "fresh"):
        target = tmp_path / name
        with pytest.raises(error):
            if change is _execute:
                AtomicFileOp(str(target)).execute(raising)
            elif change is _via_temp:
                AtomicFileOp(str(target)).execute_via_temp(raising)
            elif change is _batch:
                batch = AtomicBatch()
                batch.add(tmp_path / "another", lambda p: p.write_text("whole"))
                batch.add(target, raising)
                batch.execute()
            elif change is _write:
                with atomic_write(str(target)) as file:
                    file.write("half")
                    raise error
            else:
                with atomic_transaction(str(target)):
                    raising(target)

    assert names(tmp_path) == {"old"}
    assert (tmp_path / "old").read_text() == "old"


def test_folders_that_the_callable_made_vanish_too(tmp_path: Path) -> None:
    target = tmp_path / "made" / "deeper" / "file"

    def operation(path: Path) -> None:
        path.parent.mkdir(parents=True)
        path.write_text("half")
        raise Stop

    with pytest.raises(Stop):
        AtomicFileOp(str(target)).execute(operation)
    assert names(tmp_path) == set()

    AtomicFileOp(str(target)).execute(lambda p: (p.parent.mkdir(parents=True), p.write_text("whole")))
    assert target.read_text() == "whole"


@every_door
def test_a_folder_is_refused_before_anything_happens(tmp_path: Path, change: Write) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(IsADirectoryError, match="Nothing was changed"):
        change(tmp_path / "folder", "new")

    assert names(tmp_path) == {"folder"}


def test_a_fifo_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")

    with pytest.raises(OSError, match="not a regular file"), atomic_transaction(tmp_path / "fifo"):
        pytest.fail("the body must not run")


def test_a_closed_generator_rolls_back(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")

    def generator():
        with atomic_transaction(tmp_path / "a"):
            (tmp_path / "a").write_text("half")
            yield

    running = generator()
    next(running)
    running.close()

    assert (tmp_path / "a").read_text() == "old"


def test_a_second_ctrl_c_cannot_stop_the_rollback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").write_text("old")

    class Impatient(RealFileSystem):
        def truncate(self, handle: int, size: int) -> None:
            signal.raise_signal(signal.SIGINT)
            super().truncate(handle, size)

    monkeypatch.setattr(door, "file_system", Impatient)
    with pytest.raises(KeyboardInterrupt), atomic_transaction(tmp_path / "a", tmp_path / "b"):
        (tmp_path / "a").write_text("half")
        (tmp_path / "b").write_text("half")
        raise KeyboardInterrupt

    assert [(tmp_path / name).read_text() for name in "ab"] == ["old", "old"]
    assert names(tmp_path) == {"a", "b"}


@pytest.mark.parametrize("call", range(1, 40))
def test_ctrl_c_at_any_call_of_the_engine_leaves_before_or_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    from tests.support.stopping import StoppingFileSystem, send

    for name in "ab":
        (tmp_path / name).write_text("old")
    monkeypatch.setattr(door, "file_system", lambda: StoppingFileSystem(call, send(signal.SIGINT)))
    interrupted = None
    try:
        with atomic_transaction(tmp_path / "a", tmp_path / "b"):
            for name in "ab":
                (tmp_path / name).write_text("new")
    except KeyboardInterrupt as error:
        interrupted = error

    stays = interrupted is None or "complete already" in str(getattr(interrupted, "__notes__", ""))
    assert [(tmp_path / name).read_text() for name in "ab"] == ["new" if stays else "old"] * 2
    assert names(tmp_path) == {"a", "b"}


def test_the_handlers_of_the_program_are_as_they_were(tmp_path: Path) -> None:
    seen: list[int] = []
    old = signal.signal(signal.SIGTERM, lambda number, frame: seen.append(number))
    try:
        with atomic_transaction(tmp_path / "a"):
            signal.raise_signal(signal.SIGTERM)  # the body runs without a shield
            assert seen == [signal.SIGTERM]
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, old)

    assert seen == [signal.SIGTERM, signal.SIGTERM]


def test_children_begin_with_nothing_blocked(tmp_path: Path) -> None:
    code = "import signal; print(len(signal.pthread_sigmask(signal.SIG_BLOCK, [])))"
    answers = []

    def operation(path: Path) -> None:
        answers.append(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)

    AtomicFileOp(str(tmp_path / "a")).execute(operation)

    assert answers == ["0\n"]


def _kill_in_the_body(code: str, folder: Path) -> None:
    """Run code in a process of its own, which kills itself."""
    program = f"""
import os, signal
from pathlib import Path
from core.patterns.exec004 import AtomicBatch, AtomicFileOp, atomic_transaction, atomic_write
os.chdir({str(folder)!r})
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
{code}
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], timeout=60)
    assert done.returncode == -signal.SIGKILL


KILLED = {
    "transaction": "with atomic_transaction('a', 'b', 'c'):\n for n in 'abc': Path(n).write_text('half')\n die()",
    "between": "with atomic_transaction('a', 'b', 'c'):\n Path('a').write_text('half')\n die()",
    "write": "with atomic_write('a') as f:\n f.write('half'); f.flush()\n die()",
    "via temp": "AtomicFileOp('a').execute_via_temp(lambda p: (p.write_text('half'), die()))",
    "batch": "b = AtomicBatch()\nb.add('a', lambda p: p.write_text('half'))\nb.add('b', die)\nb.execute()",
    "nested": "with atomic_transaction('a', 'b'):\n Path('b').write_text('half')\n"
    " with atomic_write('a') as f: f.write('inner')\n"
    " with atomic_transaction('c'):\n  Path('c').write_text('half')\n  die()",
}


@pytest.mark.parametrize("way", KILLED)
def test_a_kill_in_the_body_is_put_right_by_the_next_use_of_a_door(tmp_path: Path, way: str) -> None:
    for name in "ab":
        (tmp_path / name).write_text("old")

    _kill_in_the_body(KILLED[way], tmp_path)
    _write(tmp_path / "unrelated", "new")

    assert [(tmp_path / name).read_text() for name in "ab"] == ["old", "old"]
    left = names(tmp_path) - {"a", "b", "unrelated"}
    # What was half written may be somebody's newest save as well: it stays in sight, under a name that says so.
    assert all("kept by Holdfast" in name for name in left), left


def test_a_kill_leaves_a_batch_that_recover_lists_and_puts_back(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    _kill_in_the_body(KILLED["between"], tmp_path)

    waiting = api.pending()
    assert [batch.paths for batch in waiting][0][0] == str(tmp_path / "a")

    assert [done.result for done in api.recover_all()] == [api.Result.PUT_BACK]
    assert (tmp_path / "a").read_text() == "old"


def test_two_runs_do_not_interleave(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("0")
    two.write_text("0")
    failures: list[BaseException] = []

    def add() -> None:
        try:
            for _ in range(15):
                with atomic_transaction(one, two):
                    for path in (one, two):
                        path.write_text(str(int(path.read_text()) + 1))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert (one.read_text(), two.read_text()) == ("45", "45")


@pytest.mark.parametrize("change", [_via_temp, _write])
def test_the_save_of_another_program_is_not_overwritten(tmp_path: Path, change: Write) -> None:
    target = tmp_path / "a"
    target.write_text("old")

    with pytest.raises(Conflict):
        if change is _write:
            with atomic_write(str(target)) as file:
                file.write("ours")
                target.write_text("theirs, saved meanwhile")
        else:
            AtomicFileOp(str(target)).execute_via_temp(
                lambda p: (p.write_text("ours"), target.write_text("theirs, saved meanwhile"))
            )

    assert target.read_text() == "theirs, saved meanwhile"
    assert names(tmp_path) == {"a"}


def test_readers_see_the_old_file_until_the_draft_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_text("old")

    with atomic_write(str(target)) as file:
        file.write("half")
        file.flush()
        assert target.read_text() == "old"

    assert target.read_text() == "half"


def test_files_that_were_not_named_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "named").write_text("old")
    (tmp_path / "untouched").write_text("old")

    with pytest.raises(ValueError) as caught, atomic_transaction(tmp_path / "named"):
        (tmp_path / "named").write_text("new")
        (tmp_path / "forgotten").write_text("new")
        raise ValueError

    assert caught.value.__notes__ == [f"Changed meanwhile, but not part of the batch: {tmp_path / 'forgotten'}"]


def test_an_error_on_the_last_flush_keeps_the_old_file(tmp_path: Path) -> None:
    """A text file encodes when it is flushed: the error comes when the body has already ended."""
    target = tmp_path / "a"
    target.write_text("old")

    with pytest.raises(UnicodeEncodeError), atomic_write(str(target), encoding="ascii") as file:
        file.write("plain")
        file.write("\N{SNOWMAN}")

    assert target.read_text() == "old"
    assert names(tmp_path) == {"a"}


def test_the_newest_commits_of_a_database_are_part_of_what_is_put_back(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    database = sqlite3.connect(path)
    database.execute("pragma journal_mode=wal")
    database.execute("create table t (v)")
    database.execute("insert into t values ('old')")
    database.commit()  # it lies in the -wal file now

    with pytest.raises(Stop), atomic_transaction(path):
        for ending in ("", "-wal", "-shm"):
            Path(f"{path}{ending}").write_bytes(b"garbage")
        raise Stop

    database.close()
    with sqlite3.connect(path) as again:
        assert again.execute("select v from t").fetchall() == [("old",)]
    again.close()


def test_the_same_target_twice_in_a_batch(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_text("old")
    batch = AtomicBatch()
    batch.add(target, lambda p: p.write_text("once"))
    batch.add(target, lambda p: p.write_text(p.read_text() + ", twice"))
    assert batch.execute() == [4, 11]
    assert target.read_text() == "once, twice"

    batch.add(target, lambda p: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        batch.execute()
    assert target.read_text() == "once, twice"


def test_doors_may_be_used_inside_one_another(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("old")
    two.write_text("old")

    with pytest.raises(Stop), atomic_transaction(one, two):
        with atomic_write(str(one)) as file:
            file.write("inner")
        assert one.read_text() == "inner"
        raise Stop

    assert (one.read_text(), two.read_text()) == ("old", "old")
    assert names(tmp_path) == {"one", "two"}


def test_a_child_process_that_leaves_the_body_ends_nothing(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_text("old")
    child = -1
    try:
        with atomic_transaction(target):
            target.write_text("new")
            child = os.fork()
            if child == 0:
                raise Stop
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    except Stop:
        os._exit(7)

    assert target.read_text() == "new"


def test_an_own_mode_of_opening(tmp_path: Path) -> None:
    target = tmp_path / "a"
    with pytest.raises(FileNotFoundError, match="Nothing was changed"), atomic_write(target, "r+"):
        pytest.fail("the body must not run")
    with atomic_write(target, "x") as file:
        file.write("one")
    with pytest.raises(FileExistsError, match="Nothing was changed"), atomic_write(target, "x"):
        pytest.fail("the body must not run")
    with atomic_write(target, "ab") as file:
        file.write(b", two")
    with atomic_write(target, "r+") as file:
        file.write("ONE")
    with pytest.raises(ValueError, match="Nothing was changed"), atomic_write(target, "r"):
        pytest.fail("the body must not run")

    assert target.read_text() == "ONE, two"
