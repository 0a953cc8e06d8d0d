"""On simulated disks every power cut can be tried: whatever may have lasted, recovery ends at before or after."""

from __future__ import annotations

import errno
import json
import shutil
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.crash.test_power import EIGHT, batch
from tests.support import stopping
from tests.support.disks import Disk, die_without_power, hindrance
from tests.support.simulated import programs
from tests.support.simulated.admits import RecordingFileSystem, explanation, real_image, recorded, replay
from tests.support.simulated.bench import Bench, Variant, engine_in_memory
from tests.support.simulated.explorer import Explorer, finish
from tests.support.simulated.faults import Faults, Save
from tests.support.simulated.filesystem import SimulatedFileSystem
from tests.support.simulated.image import Image
from tests.support.simulated.profiles import STRONG, WEAK, Profile
from tests.support.simulated.states import crash_states
from tests.support.tried import Tried

pytestmark = pytest.mark.simulated

PROFILES = {"strong": STRONG, "weak": WEAK}
PROTOCOLS: dict[str, dict[str, bool]] = {
    "exchange": {},
    "link and rename": {"exchange": False, "one_step": False},
    "one flush of the volume": {"flushes": True},
    "in place": {"in_place": True},
}
NUMBERS = (
    errno.ENOSPC,
    errno.EIO,
    errno.EACCES,
    errno.EDQUOT,
    errno.EROFS,
    errno.EMFILE,
    errno.ENOMEM,
    errno.EPERM,
    errno.EINTR,
    errno.ESTALE,
)
AGAIN = {
    ("strong", "one flush of the volume"): 5,
    ("strong", "in place"): 20,
}  # elsewhere on the strong one every recovery is cut
FINISH = "exchange, finished on request"


def variant(profile: str, protocol: str, *, apart: bool = False) -> Variant:
    return Variant(f"{profile}, {protocol}", PROFILES[profile], apart=apart, **PROTOCOLS[protocol])


def explored(kind: Variant, tried: Tried, *, again: int, part: tuple[int, int] = (0, 1), how: str = "") -> Explorer:
    """Try the power cuts of a batch, and those of every so-manieth recovery; demand that none left anything else."""
    with engine_in_memory(kind) as bench:
        explorer = Explorer(bench, again=again, part=part)
        if how == FINISH:
            explorer.recover = lambda fs: finish(bench, fs)
        explorer.explore()
    assert explorer.violations == [], f"{len(explorer.violations)} violations\n{explorer.violations[0]}"
    assert explorer.verdicts == {"before", "after"}
    tried(f"states after simulated power cuts, {how or kind.name}", explorer.tried)
    return explorer


# (again, part): how many of the recoveries are cut as well, and of the states which share is tried here.
SHARES = {
    ("strong", "exchange"): (100, 1),
    ("weak", "exchange"): (400, 4),
    ("strong", "link and rename"): (0, 2),
    ("weak", "link and rename"): (0, 16),
    ("strong", "one flush of the volume"): (0, 6),
    ("weak", "one flush of the volume"): (0, 16),
    ("strong", "in place"): (0, 3),
    ("weak", "in place"): (0, 8),
}


@pytest.mark.parametrize(("profile", "protocol"), SHARES)
def test_a_power_cut_at_any_call_leaves_before_or_after(profile: str, protocol: str, tried: Tried) -> None:
    again, every = SHARES[profile, protocol]
    explored(variant(profile, protocol), tried, again=again, part=(0, every))


def test_with_the_state_directory_on_another_disk_too(tried: Tried) -> None:
    explored(variant("weak", "exchange", apart=True), tried, again=0, part=(0, 8))


def test_finishing_what_a_power_cut_stopped_ends_after_or_is_put_back(tried: Tried) -> None:
    explored(variant("strong", "exchange"), tried, again=0, part=(0, 3), how=FINISH)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("protocol", [*PROTOCOLS, FINISH])
@pytest.mark.parametrize("profile", PROFILES)
def test_all_of_ten_thousand_states_and_more_end_at_before_or_after(profile: str, protocol: str, tried: Tried) -> None:
    how = FINISH if protocol == FINISH else ""
    again = AGAIN.get((profile, protocol), 60 if profile == "weak" else 1)
    states = 0
    for apart in (False, True):
        kind = variant(profile, "exchange" if how else protocol, apart=apart)
        states += len(explored(kind, tried, again=again, how=how).seen)
    assert states >= 10_000


# The other things that go wrong at a call.


def faults(bench: Bench, cuts: int = 4) -> Faults:
    found = Faults(bench, cuts)
    assert found.calls() > 200
    return found


def demand_none(found: Faults, tried: Tried, what: str) -> None:
    assert found.violations == [], f"{len(found.violations)} violations\n{found.violations[0]}"
    tried(what, found.tried)


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "from there on"])
def test_an_error_at_any_call_leaves_before_or_after(for_good: bool, tried: Tried) -> None:
    with engine_in_memory(variant("strong", "exchange")) as bench:
        found = faults(bench)
        for at in range(1, found.calls() + 1):
            found.error(at, NUMBERS[at % len(NUMBERS)], for_good=for_good)
    demand_none(found, tried, "errors at a call, simulated")
    assert found.outcomes >= {"Committed", "RolledBack"}


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("protocol", ["exchange", "link and rename", "one flush of the volume"])
@pytest.mark.parametrize("profile", PROFILES)
def test_every_error_at_every_call_leaves_before_or_after(profile: str, protocol: str, tried: Tried) -> None:
    with engine_in_memory(variant(profile, protocol)) as bench:
        found = faults(bench, cuts=40)
        for at in range(1, found.calls() + 1):
            for number in NUMBERS:
                found.error(at, number, for_good=False)
                found.error(at, number, for_good=True)
    demand_none(found, tried, "errors at a call, simulated")


def test_cancel_at_any_call_puts_everything_back_or_comes_too_late(tried: Tried) -> None:
    with engine_in_memory(variant("weak", "exchange")) as bench:
        found = faults(bench)
        for at in range(1, found.calls() + 1):
            found.cancel(at)
    demand_none(found, tried, "Cancel at a call, simulated")
    assert found.outcomes == {"Committed", "RolledBack"}


SAVES = [programs.save_in_place, programs.save_by_renaming, programs.take_away]
PATHS = ("code.py", "target.txt", "sub/gone.txt", "sub/wanders.txt", "other/arrived.txt", "left", "tmp", "big.bin")


@pytest.mark.parametrize("save", SAVES)
def test_what_another_program_saves_before_any_call_is_kept(save: Save, tried: Tried) -> None:
    with engine_in_memory(variant("strong", "exchange")) as bench:
        found = faults(bench)
        paths = [f"/tree/{path}" for path in PATHS]
        for at in range(1, found.calls() + 1):
            found.save(at, paths[at % len(paths)], save)
    demand_none(found, tried, "saves by another program, simulated")
    assert found.outcomes >= {"Committed", "RolledBack"}


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("save", SAVES)
def test_what_another_program_saves_of_any_file_before_any_call_is_kept(save: Save, tried: Tried) -> None:
    with engine_in_memory(variant("strong", "exchange")) as bench:
        found = faults(bench)
        for at in range(1, found.calls() + 1):
            for path in PATHS:
                found.save(at, f"/tree/{path}", save)
    demand_none(found, tried, "saves by another program, simulated")


def test_another_engine_that_recovers_before_any_call_keeps_its_hands_off(tried: Tried) -> None:
    with engine_in_memory(variant("strong", "exchange")) as bench:
        found = faults(bench, cuts=0)
        for at in range(1, found.calls() + 1):
            found.recover_meanwhile(at)
    demand_none(found, tried, "recoveries by another engine, simulated")


# The model itself: it must lose what real disks lose, or it proves nothing.


def disks(profile: Profile, things: dict[str, bytes | str | None]) -> SimulatedFileSystem:
    image = Image.empty()
    image.add_tree(things)
    return SimulatedFileSystem(image, profile)


def after_a_cut(fs: SimulatedFileSystem) -> set[frozenset[tuple[str, bytes]]]:
    """Return every tree (files by path and content) that a power cut can leave now."""
    return {
        frozenset((path, image.inodes[ino].data) for path, ino in image.walk(1) if ino not in image.names)
        for image in crash_states(fs.storage, None, lambda ino: False)
    }


@pytest.mark.parametrize("profile", [STRONG, WEAK])
def test_a_new_file_whose_name_is_synced_but_not_its_content_may_be_empty_or_half(profile: Profile) -> None:
    fs = disks(profile, {"/a": None})
    folder = fs.open_folder("/a")
    fs.write(fs.create(folder, "x", 0o644), b"abcd")
    fs.sync_folder(folder)
    assert after_a_cut(fs) == {frozenset({("a/x", data)}) for data in (b"", b"ab", b"\0\0\0\0", b"abcd")}


def test_a_synced_file_has_its_name_on_the_strong_profile_only() -> None:
    left = {}
    for profile in (STRONG, WEAK):
        fs = disks(profile, {"/a": None})
        file = fs.create(fs.open_folder("/a"), "x", 0o644)
        fs.write(file, b"abcd")
        fs.sync_file(file)
        left[profile.name] = after_a_cut(fs)
    whole = frozenset({("a/x", b"abcd")})
    assert left == {"strong": {whole}, "weak": {frozenset(), whole}}


def test_a_move_between_folders_may_last_by_its_new_name_alone_on_the_weak_profile() -> None:
    left = {}
    for profile in (STRONG, WEAK):
        fs = disks(profile, {"/a/x": b"1", "/b": None})
        fs.rename(fs.open_folder("/a"), "x", fs.open_folder("/b"), "y")
        left[profile.name] = after_a_cut(fs)
    old, new = ("a/x", b"1"), ("b/y", b"1")
    assert left["strong"] == {frozenset({old}), frozenset({new})}
    assert left["weak"] == {frozenset({old}), frozenset({new}), frozenset({old, new})}


def test_names_may_last_in_any_order_on_the_weak_profile_and_in_one_on_the_strong() -> None:
    left = {}
    for profile in (STRONG, WEAK):
        fs = disks(profile, {"/a": None})
        folder = fs.open_folder("/a")
        for name in ("x", "y"):
            fs.create(folder, name, 0o644)
        left[profile.name] = {frozenset(path for path, _ in one) for one in after_a_cut(fs)}
    assert left["strong"] == {frozenset(), frozenset({"a/x"}), frozenset({"a/x", "a/y"})}
    assert left["weak"] == left["strong"] | {frozenset({"a/y"})}


@pytest.mark.parametrize("profile", [STRONG, WEAK])
def test_an_exchange_lasts_wholly_or_not_at_all(profile: Profile) -> None:
    fs = disks(profile, {"/a/x": b"1", "/a/y": b"2"})
    fs.exchange(fs.open_folder("/a"), "x", "y")
    before = frozenset({("a/x", b"1"), ("a/y", b"2")})
    assert after_a_cut(fs) == {before, frozenset({("a/x", b"2"), ("a/y", b"1")})}


@pytest.mark.parametrize("profile", [STRONG, WEAK])
def test_what_a_failed_sync_has_lost_no_later_sync_brings_back(profile: Profile) -> None:
    fs = disks(profile, {"/a/x": b""})
    file = fs.open(fs.open_folder("/a"), "x", write=True)
    fs.write(file, b"abcd")

    def fail(verb: str, arguments: tuple[object, ...]) -> None:
        raise OSError(errno.EIO, "injected")

    fs.before = fail
    with pytest.raises(OSError, match="injected"):
        fs.sync_file(file)
    fs.before = None
    fs.sync_file(file)
    assert frozenset({("a/x", b"")}) in after_a_cut(fs)


# The model against real disks: every state that a real power cut leaves is one that the model knows of.


def real_cut(disk: Disk, template: Path, apply: list[str], point: int, log: Path) -> tuple[Image, bool]:
    """Apply a batch anew, cut the power before a call; return the disk before the batch, and whether it came so far."""
    for folder in ("tree", "state"):
        shutil.rmtree(disk.path / folder, ignore_errors=True)
    shutil.copytree(template, disk.path / "tree", symlinks=True)
    for folder in ("state/journals", "state/history"):
        (disk.path / folder).mkdir(parents=True)
    disk.sync()
    start = real_image(disk.path, str(disk.path))
    with open(log, "wb") as file:
        fs = RecordingFileSystem(point, lambda fs, verb, arguments: die_without_power([disk]), file)
        code = stopping.run(apply, fs)
    return start, code == -signal.SIGKILL


@pytest.fixture
def ext4(tmp_path: Path) -> Iterator[Disk]:
    if reason := hindrance("ext4"):
        pytest.skip(f"no power cut on ext4: {reason}")
    disk = Disk.make("ext4", tmp_path, "disk")
    yield disk
    disk.remove()


def test_the_model_explains_what_real_power_cuts_leave(ext4: Disk, tmp_path: Path, tried: Tried) -> None:
    template, plan, log = tmp_path / "template", tmp_path / "plan.json", tmp_path / "calls"
    operations = batch(template, EIGHT)
    tree = ext4.path / "tree"
    absolute = [{k: str(tree / str(v)) if k in ("path", "to") else v for k, v in one.items()} for one in operations]
    plan.write_text(json.dumps({"holdfast": 1, "operations": absolute}))
    apply = ["apply", str(plan), "--yes", "--state-dir", str(ext4.path / "state")]
    explained = set()
    for point in count(1, 3):
        start, is_cut = real_cut(ext4, template, apply, point, log)
        if not is_cut:
            break
        ext4.restart()
        found = real_image(ext4.path, str(ext4.path))
        how = explanation(replay(start, list(recorded(log))), str(ext4.path), found.picture(str(ext4.path)))
        assert how is not None, f"power cut before call {point}: {sorted(found.picture(str(ext4.path)))}"
        explained.add(how)
        tried("states after real power cuts, explained by the model")
    assert len(explained) > 1


def test_the_model_does_not_explain_what_no_power_cut_can_leave() -> None:
    fs = disks(STRONG, {"/a/x": b"old", "/a/y": b"old"})
    folder = fs.open_folder("/a")
    for name in ("x", "y"):
        file = fs.open(folder, name, write=True)
        fs.write(file, b"new")
    fs.sync_file(file)
    fs.unlink(folder, "x")
    assert explanation(fs, "/a", {"y": ("file", 0o644, b"new")}) is not None
    assert explanation(fs, "/a", {"x": ("file", 0o644, b"nld"), "y": ("file", 0o644, b"new")}) is not None
    assert explanation(fs, "/a", {"x": ("file", 0o644, b"new"), "y": ("file", 0o644, b"old")}) is None
    assert explanation(fs, "/a", {"x": ("file", 0o644, b"odd"), "y": ("file", 0o644, b"new")}) is None
    assert explanation(fs, "/a", {}) is None
