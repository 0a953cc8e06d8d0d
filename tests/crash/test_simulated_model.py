"""The simulated disks themselves: they must lose what real disks lose, or nothing that is tried on them proves anything."""

from __future__ import annotations

import errno
import signal
from pathlib import Path

import pytest

from tests.crash.test_power import Cut, calls, directed, disturbances, grid, prepare, ways
from tests.support import stopping
from tests.support.disks import FORMATS
from tests.support.machine import EIGHT, SOME, Machine
from tests.support.simulated.admits import explanation
from tests.support.simulated.filesystem import SimulatedFileSystem
from tests.support.simulated.image import Image, Picture
from tests.support.simulated.profiles import STRONG, WEAK, Profile
from tests.support.simulated.replayed import RecordingFileSystem, real_image, recorded, replay
from tests.support.simulated.states import crash_states
from tests.support.spread import spread
from tests.support.trials import trials
from tests.support.tried import Tried


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


@pytest.mark.parametrize("profile", [STRONG, WEAK])
def test_all_that_was_appended_since_a_sync_may_be_there_by_its_size_alone(profile: Profile) -> None:
    fs = disks(profile, {"/a": None})
    folder = fs.open_folder("/a")
    file = fs.create(folder, "x", 0o644)
    for text in (b"ab", b"cd", b"ef"):
        fs.write(file, text)
        if text == b"ab":
            fs.sync_file(file)
    fs.sync_folder(folder)
    assert frozenset({("a/x", b"ab\0\0\0\0")}) in after_a_cut(fs)
    for size_alone in (b"ab\0\0\0\0", b"abcd\0\0", b"abc\0\0\0"):
        assert explanation(fs, "/a", {"x": ("file", 0o644, size_alone)}) is not None
    assert explanation(fs, "/a", {"x": ("file", 0o644, b"a\0cdef")}) is None


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


@pytest.mark.parametrize("profile", [STRONG, WEAK])
def test_the_sync_of_a_folder_in_which_nothing_changed_makes_no_other_name_durable(profile: Profile) -> None:
    fs = disks(profile, {"/a": None, "/b": None})
    fs.create(fs.open_folder("/a"), "x", 0o644)
    fs.sync_folder(fs.open_folder("/b"))
    assert after_a_cut(fs) == {frozenset(), frozenset({("a/x", b"")})}


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

MODELS = {kind: WEAK if kind == "btrfs" else STRONG for kind in FORMATS}


def prepare_folders(machine: Machine, size: int) -> None:
    """Keep disks that have the folders of the state directory: those are made past the calls that are recorded."""
    prepare(machine, size)
    machine.reset()
    for folder in ("journals", "history", "attic", "aside"):
        (machine.state / folder).mkdir(parents=True, mode=0o700)
    for disk in machine.disks:
        disk.keep()


def explained(machine: Machine, log: Path, cut: Cut) -> list[str | None]:
    """Cut the power, and let the model explain what is found on each disk."""
    machine.renew()
    mounts = [disk.path for disk in machine.disks]
    past_the_calls = machine.state / "kept"  # the log
    start = real_image(mounts, past_the_calls)
    with open(log, "wb") as file:
        code = stopping.run(machine.apply, RecordingFileSystem(disturbances(machine, cut), file))
    assert code == -signal.SIGKILL
    machine.restart()
    fs, found = replay(start, MODELS[machine.kind], recorded(log)), real_image(mounts, past_the_calls)
    return [explanation(fs, str(mount), found.picture(str(mount))) for mount in mounts]


def model_explains(machine: Machine, log: Path, cuts: list[Cut], tried: Tried) -> None:
    seen = set()
    with trials(tried) as trial:
        for cut in cuts:
            how = explained(machine, log, cut)
            with trial.one(f"states after real power cuts, explained by the model: {machine.kind}", str(cut)):
                assert None not in how, f"disk {how.index(None)} is in a state that the model does not know"
            seen.add(tuple(how))
    assert len(seen) > 1


def test_the_model_explains_what_real_power_cuts_leave(machine: Machine, tmp_path: Path, tried: Tried) -> None:
    prepare_folders(machine, EIGHT)
    verbs = calls(machine)
    cuts = spread(grid(verbs, ways(machine)), 3) + spread(directed(verbs, ways(machine)), 3)
    model_explains(machine, tmp_path / "calls", cuts, tried)


@pytest.mark.full
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("size", [EIGHT, SOME])
def test_the_model_explains_what_every_real_power_cut_leaves(
    machine: Machine, tmp_path: Path, tried: Tried, size: int
) -> None:
    prepare_folders(machine, size)
    verbs = calls(machine)
    cuts = list(dict.fromkeys(grid(verbs, ways(machine)) + directed(verbs, ways(machine))))
    model_explains(machine, tmp_path / "calls", cuts, tried)


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
    assert explanation(fs, "/a", {"x": ("file", 0o600, b"new"), "y": ("file", 0o644, b"new")}) is None
    assert explanation(fs, "/a", {}) is None


X, Y, FOLDER = ("file", 0o644, b"x"), ("file", 0o644, b"y"), ("folder", 0o755, b"")
MOVED: dict[str, tuple[Picture, set[str]]] = {
    "nothing": ({"a": FOLDER, "a/x": X, "b": FOLDER}, {"strong", "weak"}),
    "all": ({"a": FOLDER, "a/y": Y, "b": FOLDER, "b/x": X}, {"strong", "weak"}),
    "the move": ({"a": FOLDER, "b": FOLDER, "b/x": X}, {"strong", "weak"}),
    "the new name of the move": ({"a": FOLDER, "a/x": X, "b": FOLDER, "b/x": X}, {"weak"}),
    "the later file": ({"a": FOLDER, "a/x": X, "a/y": Y, "b": FOLDER}, {"weak"}),
    "the removal alone": ({"a": FOLDER, "b": FOLDER}, set()),
    "a name that nobody gave": ({"a": FOLDER, "a/x": X, "a/z": Y, "b": FOLDER}, set()),
    "a folder without its names": ({"a": FOLDER}, set()),
}


@pytest.mark.parametrize("what", MOVED)
@pytest.mark.parametrize("profile", [STRONG, WEAK])
def test_the_model_explains_as_much_of_a_move_as_its_profile_lets_last(profile: Profile, what: str) -> None:
    fs = disks(profile, {"/d/a/x": b"x", "/d/b": None})
    fs.rename(fs.open_folder("/d/a"), "x", fs.open_folder("/d/b"), "x")
    fs.write(fs.create(fs.open_folder("/d/a"), "y", 0o644), b"y")
    found, explained_by = MOVED[what]
    assert (explanation(fs, "/d", found) is not None) == (profile.name in explained_by)
