"""What each verb of `core.fs.api` promises, of every implementation: the real one, and those that tests put before it."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.fs.api import FileSystem, Handle, Kind
from tests.contract.places import FACTORIES, Place


@pytest.fixture(params=FACTORIES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "real, in memory" and not os.access("/dev/shm", os.W_OK):
        pytest.skip("there is no /dev/shm to write to")
    with FACTORIES[request.param](tmp_path) as made:
        yield made


@pytest.fixture
def fs(place: Place) -> FileSystem:
    return place.fs


@pytest.fixture
def root(place: Place) -> Iterator[Handle]:
    handle = place.fs.open_folder(place.root)
    yield handle
    place.fs.close(handle)


@pytest.fixture
def exchanges(place: Place) -> None:
    if not place.exchanges:
        pytest.skip("this one cannot exchange, and says so: see the test of that")


def put(fs: FileSystem, folder: Handle, name: str, data: bytes = b"") -> None:
    handle = fs.create(folder, name, 0o644)
    fs.write(handle, data)
    fs.close(handle)


def content(fs: FileSystem, folder: Handle, name: str) -> bytes:
    handle = fs.open(folder, name)
    try:
        data = b""
        while block := fs.read(handle, 1 << 16):
            data += block
        return data
    finally:
        fs.close(handle)


def folder_in(fs: FileSystem, root: Handle, name: str) -> Handle:
    fs.make_folder(root, name, 0o755)
    return fs.open_subfolder(root, name)


def error_of(action: Callable[[], object]) -> int:
    with pytest.raises(OSError) as raised:
        action()
    assert raised.value.errno is not None
    return raised.value.errno


def listed(fs: FileSystem, folder: Handle) -> list[str]:
    return sorted(fs.list(folder))


# paths


def test_resolve_follows_every_symlink_and_lets_the_last_part_be_missing(
    place: Place, fs: FileSystem, root: Handle
) -> None:
    fs.close(folder_in(fs, root, "folder"))
    fs.make_symlink(root, "link", "folder")
    real = fs.resolve(place.root)
    assert fs.resolve(f"{place.root}/link") == f"{real}/folder"
    assert fs.resolve(f"{place.root}/link/missing") == f"{real}/folder/missing"


def test_resolve_refuses_a_loop_of_symlinks(place: Place, fs: FileSystem, root: Handle) -> None:
    fs.make_symlink(root, "one", "two")
    fs.make_symlink(root, "two", "one")
    assert error_of(lambda: fs.resolve(f"{place.root}/one")) == errno.ELOOP


def test_is_symlink_looks_at_the_last_part_alone(place: Place, fs: FileSystem, root: Handle) -> None:
    fs.close(folder_in(fs, root, "folder"))
    fs.make_symlink(root, "link", "folder")
    assert fs.is_symlink(f"{place.root}/link")
    assert not fs.is_symlink(f"{place.root}/folder")
    assert not fs.is_symlink(f"{place.root}/missing")


def test_open_folder_follows_no_symlink_in_any_part(place: Place, fs: FileSystem, root: Handle) -> None:
    folder = folder_in(fs, root, "folder")
    fs.close(folder_in(fs, folder, "inner"))
    fs.close(folder)
    fs.make_symlink(root, "link", "folder")
    for path in ("link", "link/inner"):
        number = error_of(lambda path=path: fs.open_folder(f"{place.root}/{path}"))  # type: ignore[misc]
        assert number in (errno.ENOTDIR, errno.ELOOP), path
    fs.close(fs.open_folder(f"{place.root}/folder/inner"))


@pytest.mark.parametrize(
    ("path", "number"), [("missing", errno.ENOENT), ("file", errno.ENOTDIR), ("file/inner", errno.ENOTDIR)]
)
def test_open_folder_opens_folders_alone(place: Place, fs: FileSystem, root: Handle, path: str, number: int) -> None:
    put(fs, root, "file")
    assert error_of(lambda: fs.open_folder(f"{place.root}/{path}")) == number


def test_open_folder_takes_absolute_and_plain_paths_only(place: Place, fs: FileSystem, root: Handle) -> None:
    fs.close(folder_in(fs, root, "folder"))
    assert error_of(lambda: fs.open_folder("folder")) == errno.EINVAL
    assert error_of(lambda: fs.open_folder(f"{place.root}/folder/..")) == errno.EINVAL


# folders


def test_a_folder_lists_what_is_in_it_and_neither_itself_nor_what_is_above(fs: FileSystem, root: Handle) -> None:
    assert listed(fs, root) == []
    put(fs, root, "file")
    fs.close(folder_in(fs, root, "folder"))
    fs.make_symlink(root, "link", "nowhere")
    assert listed(fs, root) == ["file", "folder", "link"]


def test_a_folder_can_be_listed_again_and_within_a_listing(fs: FileSystem, root: Handle) -> None:
    for number in range(20):
        put(fs, root, f"file-{number}")
    first = fs.list(root)
    seen = [next(first)]
    assert len(listed(fs, root)) == 20
    assert len(set(seen + list(first))) == len(listed(fs, root)) == 20


def test_a_folder_that_was_removed_lists_as_empty(fs: FileSystem, root: Handle) -> None:
    folder = folder_in(fs, root, "folder")
    fs.remove_folder(root, "folder")
    assert listed(fs, folder) == []
    fs.close(folder)


def test_an_open_folder_stays_the_same_when_it_is_renamed(place: Place, fs: FileSystem, root: Handle) -> None:
    folder = folder_in(fs, root, "folder")
    fs.rename(root, "folder", root, "renamed")
    fs.close(folder_in(fs, root, "folder"))
    put(fs, folder, "file")
    assert listed(fs, folder) == ["file"]
    again = fs.open_folder(f"{place.root}/folder")
    assert listed(fs, again) == []
    fs.close(again)
    fs.close(folder)


def test_a_volume_has_one_identity_whichever_folder_is_asked(fs: FileSystem, root: Handle) -> None:
    inner = folder_in(fs, root, "inner")
    assert fs.volume(inner) == fs.volume(root)
    assert fs.volume(root).ident and fs.volume(root).type
    fs.close(inner)


def test_free_space_is_bytes_and_this_folder_can_be_written_to(fs: FileSystem, root: Handle) -> None:
    assert fs.free_space(root) > 1 << 16
    assert fs.may_write(root)


def test_everything_can_be_synced(fs: FileSystem, root: Handle) -> None:
    handle = fs.create(root, "file", 0o644)
    fs.write(handle, b"x")
    fs.start_writeback(handle, 0, 1)
    fs.sync_file(handle)
    fs.close(handle)
    fs.sync_folder(root)
    fs.sync_volume(root)
    assert content(fs, root, "file") == b"x"


def test_a_file_opened_for_reading_can_be_synced_too(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "file", b"x")
    handle = fs.open(root, "file")
    fs.sync_file(handle)
    fs.close(handle)


def test_an_exclusive_lock_keeps_everybody_else_out_until_it_is_closed(
    fs: FileSystem, root: Handle, place: Place
) -> None:
    other = fs.open_folder(place.root)
    assert fs.lock(root, exclusive=True)
    assert not fs.lock(other, exclusive=True)
    assert not fs.lock(other, exclusive=False)
    fs.close(other)
    holder = folder_in(fs, root, "folder")
    assert fs.lock(holder, exclusive=True)
    fs.close(holder)
    again = fs.open_subfolder(root, "folder")
    assert fs.lock(again, exclusive=True)
    fs.close(again)


def test_shared_locks_go_together_and_keep_an_exclusive_one_out(fs: FileSystem, root: Handle, place: Place) -> None:
    other, third = fs.open_folder(place.root), fs.open_folder(place.root)
    assert fs.lock(root, exclusive=False)
    assert fs.lock(other, exclusive=False)
    assert not fs.lock(third, exclusive=True)
    fs.close(other)
    fs.close(third)


def test_files_can_be_locked_like_folders(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "file")
    one, two = fs.open(root, "file", write=True), fs.open(root, "file", write=True)
    assert fs.lock(one, exclusive=True)
    assert not fs.lock(two, exclusive=True)
    fs.close(one)
    assert fs.lock(two, exclusive=True)
    fs.close(two)


# names


def test_stat_tells_the_kind_and_follows_no_symlink(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "file", b"12345")
    fs.close(folder_in(fs, root, "folder"))
    fs.make_symlink(root, "link", "file")
    assert fs.stat(root, "file").kind is Kind.FILE
    assert fs.stat(root, "file").size == 5
    assert fs.stat(root, "file").nlink == 1
    assert fs.stat(root, "folder").kind is Kind.FOLDER
    assert fs.stat(root, "link").kind is Kind.SYMLINK
    assert error_of(lambda: fs.stat(root, "missing")) == errno.ENOENT


def test_stat_and_fstat_agree(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "file", b"12345")
    handle = fs.open(root, "file")
    assert fs.fstat(handle) == fs.stat(root, "file")
    fs.close(handle)
    folder = folder_in(fs, root, "folder")
    assert fs.fstat(folder).ino == fs.stat(root, "folder").ino
    fs.close(folder)


def test_no_two_files_share_an_inode_unless_linked(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "one")
    put(fs, root, "two")
    fs.link(root, "one", root, "same")
    assert fs.stat(root, "one").ino != fs.stat(root, "two").ino
    assert fs.stat(root, "one").ino == fs.stat(root, "same").ino
    assert fs.stat(root, "one").nlink == 2


def test_make_folder_refuses_a_name_that_is_taken(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "file")
    fs.make_symlink(root, "dangling", "nowhere")
    for name in ("file", "dangling"):
        assert error_of(lambda name=name: fs.make_folder(root, name, 0o755)) == errno.EEXIST  # type: ignore[misc]


def test_remove_folder_removes_empty_folders_only(fs: FileSystem, root: Handle) -> None:
    folder = folder_in(fs, root, "folder")
    put(fs, folder, "file")
    assert error_of(lambda: fs.remove_folder(root, "folder")) in (errno.ENOTEMPTY, errno.EEXIST)
    fs.unlink(folder, "file")
    assert error_of(lambda: fs.remove_folder(root, "missing")) == errno.ENOENT
    fs.close(folder)
    fs.remove_folder(root, "folder")
    put(fs, root, "file")
    assert error_of(lambda: fs.remove_folder(root, "file")) == errno.ENOTDIR
    assert listed(fs, root) == ["file"]


def test_open_subfolder_follows_no_symlink(fs: FileSystem, root: Handle) -> None:
    fs.close(folder_in(fs, root, "folder"))
    fs.make_symlink(root, "link", "folder")
    assert error_of(lambda: fs.open_subfolder(root, "link")) in (errno.ENOTDIR, errno.ELOOP)
    assert error_of(lambda: fs.open_subfolder(root, "missing")) == errno.ENOENT


def test_a_symlink_says_what_it_was_told_whether_there_is_anything_or_not(fs: FileSystem, root: Handle) -> None:
    fs.make_symlink(root, "link", "../no where\udcff")
    assert fs.read_symlink(root, "link") == "../no where\udcff"
    assert error_of(lambda: fs.make_symlink(root, "link", "other")) == errno.EEXIST
    put(fs, root, "file")
    assert error_of(lambda: fs.read_symlink(root, "file")) == errno.EINVAL


def test_link_never_replaces(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "one", b"1")
    put(fs, root, "two", b"2")
    fs.make_symlink(root, "dangling", "nowhere")
    for name in ("two", "dangling"):
        assert error_of(lambda name=name: fs.link(root, "one", root, name)) == errno.EEXIST  # type: ignore[misc]
    assert content(fs, root, "two") == b"2"
    assert fs.read_symlink(root, "dangling") == "nowhere"


def test_link_gives_a_symlink_itself_a_second_name(fs: FileSystem, root: Handle) -> None:
    fs.make_symlink(root, "link", "nowhere")
    fs.link(root, "link", root, "second")
    assert fs.read_symlink(root, "second") == "nowhere"


def test_link_reaches_into_another_folder(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "one", b"1")
    folder = folder_in(fs, root, "folder")
    fs.link(root, "one", folder, "two")
    fs.unlink(root, "one")
    assert content(fs, folder, "two") == b"1"
    assert fs.stat(folder, "two").nlink == 1
    fs.close(folder)


def test_unlink_removes_files_and_symlinks_and_no_folders(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "file", b"stays")
    fs.make_symlink(root, "link", "file")
    fs.close(folder_in(fs, root, "folder"))
    fs.unlink(root, "link")
    assert error_of(lambda: fs.unlink(root, "folder")) in (errno.EISDIR, errno.EPERM)
    assert error_of(lambda: fs.unlink(root, "missing")) == errno.ENOENT
    assert listed(fs, root) == ["file", "folder"]


def test_an_unlinked_file_can_be_read_as_long_as_it_is_open(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "file", b"still here")
    handle = fs.open(root, "file")
    fs.unlink(root, "file")
    assert fs.read(handle, 100) == b"still here"
    assert fs.fstat(handle).nlink == 0
    fs.close(handle)


@pytest.mark.parametrize("taken", ["file", "folder", "symlink", "dangling symlink"])
def test_rename_never_replaces(fs: FileSystem, root: Handle, taken: str) -> None:
    put(fs, root, "one", b"1")
    put(fs, root, "other", b"other")
    if taken == "file":
        put(fs, root, "two", b"2")
    elif taken == "folder":
        fs.make_folder(root, "two", 0o755)
    else:
        fs.make_symlink(root, "two", "other" if taken == "symlink" else "nowhere")
    before = fs.stat(root, "two")
    assert error_of(lambda: fs.rename(root, "one", root, "two")) == errno.EEXIST
    assert fs.stat(root, "two") == before
    assert content(fs, root, "one") == b"1"
    assert content(fs, root, "other") == b"other"


def test_rename_replaces_not_even_an_empty_folder_by_a_folder(fs: FileSystem, root: Handle) -> None:
    fs.make_folder(root, "one", 0o755)
    fs.make_folder(root, "two", 0o755)
    assert error_of(lambda: fs.rename(root, "one", root, "two")) == errno.EEXIST
    assert listed(fs, root) == ["one", "two"]


def test_rename_moves_files_folders_and_symlinks_with_their_inodes(fs: FileSystem, root: Handle) -> None:
    folder = folder_in(fs, root, "folder")
    put(fs, root, "file", b"1")
    fs.make_symlink(root, "link", "file")
    inner = folder_in(fs, root, "tree")
    put(fs, inner, "leaf", b"leaf")
    fs.close(inner)
    for name in ("file", "link", "tree"):
        ino = fs.stat(root, name).ino
        fs.rename(root, name, folder, f"{name}-moved")
        assert fs.stat(folder, f"{name}-moved").ino == ino
    assert listed(fs, root) == ["folder"]
    tree = fs.open_subfolder(folder, "tree-moved")
    assert content(fs, tree, "leaf") == b"leaf"
    fs.close(tree)
    fs.close(folder)


def test_rename_refuses_what_is_not_there_and_a_folder_into_itself(fs: FileSystem, root: Handle) -> None:
    folder = folder_in(fs, root, "folder")
    assert error_of(lambda: fs.rename(root, "missing", root, "new")) == errno.ENOENT
    assert error_of(lambda: fs.rename(root, "folder", folder, "inner")) == errno.EINVAL
    fs.close(folder)


def test_replace_takes_the_place_of_a_file_or_symlink(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "old", b"old")
    fs.make_symlink(root, "link", "old")
    for target in ("link", "old"):
        put(fs, root, "new", b"new")
        ino = fs.stat(root, "new").ino
        fs.replace(root, "new", target)
        assert fs.stat(root, target).ino == ino
    assert listed(fs, root) == ["link", "old"]
    assert content(fs, root, "old") == b"new"


def test_replace_of_one_name_of_a_file_by_another_does_nothing(fs: FileSystem, root: Handle) -> None:
    """POSIX has it so, and the engine must never count on the first name's being gone."""
    put(fs, root, "one", b"1")
    fs.link(root, "one", root, "two")
    fs.replace(root, "one", "two")
    assert listed(fs, root) == ["one", "two"]


@pytest.mark.usefixtures("exchanges")
@pytest.mark.parametrize("other", ["file", "folder", "symlink"])
def test_exchange_swaps_both_whatever_they_are(fs: FileSystem, root: Handle, other: str) -> None:
    put(fs, root, "one", b"1")
    if other == "file":
        put(fs, root, "two", b"2")
    elif other == "folder":
        fs.make_folder(root, "two", 0o755)
    else:
        fs.make_symlink(root, "two", "nowhere")
    one, two = fs.stat(root, "one"), fs.stat(root, "two")
    fs.exchange(root, "one", "two")
    assert (fs.stat(root, "one").ino, fs.stat(root, "two").ino) == (two.ino, one.ino)
    assert fs.stat(root, "one").kind is two.kind
    fs.exchange(root, "two", "one")
    assert (fs.stat(root, "one").ino, fs.stat(root, "two").ino) == (one.ino, two.ino)


@pytest.mark.usefixtures("exchanges")
def test_exchange_needs_both_names(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "one", b"1")
    assert error_of(lambda: fs.exchange(root, "one", "missing")) == errno.ENOENT
    assert error_of(lambda: fs.exchange(root, "missing", "one")) == errno.ENOENT
    assert listed(fs, root) == ["one"]


def test_who_cannot_exchange_says_so_and_changes_nothing(place: Place, fs: FileSystem, root: Handle) -> None:
    put(fs, root, "one", b"1")
    put(fs, root, "two", b"2")
    if place.exchanges:
        fs.exchange(root, "one", "two")
        assert (content(fs, root, "one"), content(fs, root, "two")) == (b"2", b"1")
    else:
        assert error_of(lambda: fs.exchange(root, "one", "two")) in (errno.EINVAL, errno.ENOSYS)
        assert (content(fs, root, "one"), content(fs, root, "two")) == (b"1", b"2")


NAMES = {
    "as long as a name may be": "x" * 255,
    "as long, of two bytes each": "ä" * 127 + "x",
    "not UTF-8": "caf\udce9\udcff",
    "with a newline": "two\nlines",
    "with spaces around": "  spaced  ",
    "like an option": "-rf",
    "like a pattern": "*?[a]",
    "hidden": ".hidden",
    "not normalised": "e\u0301",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_any_name_that_the_system_allows_works_with_every_verb(
    place: Place, fs: FileSystem, root: Handle, name: str
) -> None:
    put(fs, root, name, b"1")
    assert listed(fs, root) == [name]
    assert fs.stat(root, name).kind is Kind.FILE
    fs.link(root, name, root, "link")
    fs.unlink(root, name)
    fs.rename(root, "link", root, name)
    put(fs, root, "other", b"2")
    fs.replace(root, "other", name)
    assert content(fs, root, name) == b"2"
    fs.unlink(root, name)
    fs.make_symlink(root, name, "nowhere")
    assert fs.read_symlink(root, name) == "nowhere"
    fs.unlink(root, name)
    fs.close(folder_in(fs, root, name))
    again = fs.open_folder(f"{place.root}/{name}")
    assert listed(fs, again) == []
    fs.close(again)
    fs.remove_folder(root, name)


def test_a_name_that_is_too_long_is_refused(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "one")
    name = "x" * 256
    assert error_of(lambda: fs.create(root, name, 0o644)) == errno.ENAMETOOLONG
    assert error_of(lambda: fs.rename(root, "one", root, name)) == errno.ENAMETOOLONG
    assert error_of(lambda: fs.make_folder(root, name, 0o755)) == errno.ENAMETOOLONG
    assert listed(fs, root) == ["one"]


def test_a_path_longer_than_the_system_takes_in_one_call_can_be_walked_by_handles(fs: FileSystem, root: Handle) -> None:
    handle, name = root, "d" * 200
    for _ in range(25):
        inner = folder_in(fs, handle, name)
        if handle != root:
            fs.close(handle)
        handle = inner
    put(fs, handle, "leaf", b"deep")
    assert content(fs, handle, "leaf") == b"deep"
    fs.close(handle)


# files


@pytest.mark.parametrize("taken", ["file", "folder", "dangling symlink"])
def test_create_refuses_a_name_that_is_taken(fs: FileSystem, root: Handle, taken: str) -> None:
    if taken == "file":
        put(fs, root, "name", b"mine")
    elif taken == "folder":
        fs.make_folder(root, "name", 0o755)
    else:
        fs.make_symlink(root, "name", "nowhere")
    assert error_of(lambda: fs.create(root, "name", 0o644)) == errno.EEXIST
    assert listed(fs, root) == ["name"]  # and nothing came to be where the symlink leads


def test_create_gives_the_mode_and_a_file_to_read_and_write(fs: FileSystem, root: Handle) -> None:
    before = os.umask(0o027)
    try:
        handle = fs.create(root, "file", 0o666)
        fs.make_folder(root, "folder", 0o777)
    finally:
        os.umask(before)
    fs.write(handle, b"12345")
    fs.seek(handle, 1)
    assert fs.read(handle, 2) == b"23"
    assert fs.fstat(handle).mode == 0o640
    assert fs.stat(root, "folder").mode & 0o777 == 0o750
    fs.close(handle)


def test_open_refuses_whatever_is_no_regular_file(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "file")
    fs.make_symlink(root, "link", "file")
    fs.make_folder(root, "folder", 0o755)
    assert error_of(lambda: fs.open(root, "link")) == errno.ELOOP
    assert error_of(lambda: fs.open(root, "folder")) in (errno.EINVAL, errno.EISDIR)
    assert error_of(lambda: fs.open(root, "folder", write=True)) in (errno.EINVAL, errno.EISDIR)
    assert error_of(lambda: fs.open(root, "missing")) == errno.ENOENT


@pytest.mark.timeout(10)
def test_open_refuses_a_fifo_instead_of_waiting_for_it(place: Place, fs: FileSystem, root: Handle) -> None:
    if place.make_fifo is None:
        pytest.skip("no FIFO can be made here")
    place.make_fifo(f"{place.root}/fifo")
    assert fs.stat(root, "fifo").kind is Kind.SPECIAL
    assert error_of(lambda: fs.open(root, "fifo")) in (errno.EINVAL, errno.ENXIO)
    assert error_of(lambda: fs.open(root, "fifo", write=True)) in (errno.EINVAL, errno.ENXIO)


def test_a_file_opened_for_reading_cannot_be_written_to(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "file", b"mine")
    handle = fs.open(root, "file")
    assert error_of(lambda: fs.write(handle, b"x")) == errno.EBADF
    fs.close(handle)
    assert content(fs, root, "file") == b"mine"


def test_reading_goes_on_where_it_stopped_and_read_at_leaves_the_position_alone(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "file", b"abcdef")
    handle = fs.open(root, "file")
    assert fs.read(handle, 2) == b"ab"
    assert fs.read_at(handle, 2, 4) == b"ef"
    assert fs.read_at(handle, 2, 6) == b""
    assert fs.read(handle, 100) == b"cdef"
    assert fs.read(handle, 100) == b""
    fs.close(handle)


def test_writing_overwrites_at_the_position_and_extends_at_the_end(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "file", b"abcdef")
    handle = fs.open(root, "file", write=True)
    fs.write(handle, b"XY")
    fs.seek(handle, 5)
    fs.write(handle, b"12345")
    fs.close(handle)
    assert content(fs, root, "file") == b"XYcde12345"


def test_large_writes_are_whole(fs: FileSystem, root: Handle) -> None:
    data = os.urandom(1 << 20) * 3
    put(fs, root, "file", data)
    assert content(fs, root, "file") == data


def test_truncate_cuts_and_extends_by_zeroes(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "file", b"abcdef")
    handle = fs.open(root, "file", write=True)
    fs.truncate(handle, 3)
    fs.truncate(handle, 6)
    fs.close(handle)
    assert content(fs, root, "file") == b"abc\0\0\0"


def test_a_write_changes_size_and_time(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "file", b"1")
    before = fs.stat(root, "file")
    handle = fs.open(root, "file", write=True)
    deadline = time.monotonic() + 2
    while fs.fstat(handle).mtime_ns == before.mtime_ns and time.monotonic() < deadline:
        fs.seek(handle, 0)
        fs.write(handle, b"22")  # again, since clocks of file systems go in ticks
    after = fs.stat(root, "file")
    fs.close(handle)
    assert after.size == 2
    assert after.mtime_ns > before.mtime_ns
    assert after.ino == before.ino


def test_copy_content_copies_everything_from_the_start(fs: FileSystem, root: Handle) -> None:
    data = os.urandom(300_000)
    put(fs, root, "source", data)
    source, target = fs.open(root, "source"), fs.create(root, "target", 0o644)
    fs.read(source, 100)  # wherever its position is
    fs.copy_content(source, target)
    fs.close(source)
    fs.close(target)
    assert content(fs, root, "target") == data


@pytest.mark.parametrize(
    ("offset", "size", "to"),
    [(0, 300_000, 0), (0, 4096, 8192), (12_345, 150_000, 3), (4096, 8192, 4096), (299_999, 1, 300_000), (7, 0, 7)],
)
def test_copy_range_copies_that_part_and_leaves_all_else_alone(
    fs: FileSystem, root: Handle, offset: int, size: int, to: int
) -> None:
    data, there = os.urandom(300_000), os.urandom(300_000)
    put(fs, root, "source", data)
    put(fs, root, "target", there)
    source, target = fs.open(root, "source"), fs.open(root, "target", write=True)
    fs.read(source, 100)  # wherever the positions are
    assert fs.copy_range(source, target, offset, size, to) == size
    fs.close(source)
    fs.close(target)
    assert content(fs, root, "target") == there[:to] + data[offset : offset + size] + there[to + size :]
    assert content(fs, root, "source") == data


def test_copy_range_copies_as_much_as_there_is_and_says_so(fs: FileSystem, root: Handle) -> None:
    put(fs, root, "source", b"0123456789")
    source, target = fs.open(root, "source"), fs.create(root, "target", 0o644)
    assert fs.copy_range(source, target, 6, 100, 0) == 4
    assert fs.copy_range(source, target, 10, 100, 4) == 0
    fs.close(source)
    fs.close(target)
    assert content(fs, root, "target") == b"6789"


def test_a_copy_of_a_sparse_file_reads_the_same(fs: FileSystem, root: Handle) -> None:
    handle = fs.create(root, "source", 0o644)
    fs.write(handle, b"head")
    fs.truncate(handle, 4 << 20)
    fs.seek(handle, 3 << 20)
    fs.write(handle, b"tail")
    target = fs.create(root, "target", 0o644)
    fs.copy_content(handle, target)
    assert fs.fstat(handle).allocated < 1 << 20
    fs.close(handle)
    fs.close(target)
    copied = content(fs, root, "target")
    assert len(copied) == 4 << 20
    assert copied[:4] == b"head" and copied[3 << 20 : (3 << 20) + 4] == b"tail"
    assert not copied[4 : 3 << 20].strip(b"\0")


def test_a_file_can_be_made_a_program_for_those_who_may_read_it_and_be_none_again(fs: FileSystem, root: Handle) -> None:
    handle = fs.create(root, "file", 0o640)
    fs.set_runnable(handle, runnable=True)
    assert fs.fstat(handle).mode == 0o750
    fs.set_runnable(handle, runnable=False)
    assert fs.fstat(handle).mode == 0o640
    fs.close(handle)


def test_copy_metadata_takes_the_mode_and_the_time_only_if_told(fs: FileSystem, root: Handle) -> None:
    handle = fs.create(root, "source", 0o600)
    fs.write(handle, b"1")
    kept, fresh = fs.create(root, "kept", 0o644), fs.create(root, "fresh", 0o644)
    before = fs.fstat(fresh).mtime_ns
    fs.copy_metadata(handle, kept, times=True)
    fs.copy_metadata(handle, fresh, times=False)
    assert fs.fstat(kept).mode == fs.fstat(fresh).mode == 0o600
    assert fs.fstat(kept).mtime_ns == fs.fstat(handle).mtime_ns
    assert fs.fstat(fresh).mtime_ns == before
    for one in (handle, kept, fresh):
        fs.close(one)


def test_a_closed_handle_may_be_closed_again_without_an_error(fs: FileSystem, root: Handle) -> None:
    handle = fs.create(root, "file", 0o644)
    fs.close(handle)
    fs.close(handle)
