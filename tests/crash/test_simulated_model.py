"""The simulated disks themselves: they must lose what real disks lose, or nothing that is tried on them proves anything."""

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
from tests.support.simulated.admits import RecordingFileSystem, explanation, real_image, recorded, replay
from tests.support.simulated.filesystem import SimulatedFileSystem
from tests.support.simulated.image import Image
from tests.support.simulated.profiles import STRONG, WEAK, Profile
from tests.support.simulated.states import crash_states
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
