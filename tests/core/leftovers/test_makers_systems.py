"""Leftovers of databases, packages and disks that were killed: each is told apart, judged rightly, and kept safe."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from core.leftovers.judge import Advice, Reason
from tests.support import throwaway
from tests.support.interrupted import interrupt
from tests.support.makers import Maker, makes, wait
from tests.support.work import Work

pytestmark = [pytest.mark.full, pytest.mark.timeout(1800)]


@makes(74, 75, by="sqlite3")
@pytest.mark.parametrize(("mode", "number", "ending"), [("delete", 74, "-journal"), ("wal", 75, "-wal")])
def test_a_transaction_of_sqlite_that_was_killed(maker: Maker, mode: str, number: int, ending: str) -> None:
    sql = f"pragma journal_mode={mode}; pragma cache_size=1; create table t(x); insert into t values (1); begin;"
    count = "with recursive c(n) as (select 1 union all select n+1 from c limit 9000)"
    fill = f"insert into t {count} select randomblob(900) from c;\n"
    beside = maker.path / f"a.db{ending}"
    with maker.room.start("sqlite3", "a.db") as one:
        assert one.stdin is not None
        one.stdin.write((sql + fill).encode())
        one.stdin.flush()
        wait(lambda: beside.exists() and beside.stat().st_size)
        throwaway.end(one)
    maker.later()
    told = maker.found()[beside.name]
    assert (told.number, told.advice) == (number, Advice.PROTECTED)
    maker.count(number)


@makes(76, by="sqlite3")
def test_a_transaction_over_two_databases_that_was_killed(maker: Maker) -> None:
    for name in ("a", "b"):
        maker.room.run("sqlite3", f"{name}.db", "create table t(x)")
    both = "attach 'b.db' as b; begin; insert into main.t values (1); insert into b.t values (2); commit"
    maker.room.killed_at("unlink", maker.there("a.db-mj*"), "sqlite3", "a.db", both)
    maker.demand(76, Reason.PART_OF_SOMETHING)


def package(maker: Maker, version: str, text: str) -> None:
    maker.write(
        "p/DEBIAN/control", f"Package: sample\nVersion: {version}\nArchitecture: all\nMaintainer: me\nDescription: x\n"
    )
    maker.write("p/DEBIAN/conffiles", "/etc/sample.conf\n")
    maker.write("p/etc/sample.conf", text)
    maker.write("p/usr/lib/sample", text)
    assert maker.room.run("dpkg-deb", "-b", "p", f"{version}.deb") == 0


@makes(78, 79, by="dpkg")
def test_a_package_that_was_killed_and_one_with_other_settings(maker: Maker) -> None:
    for folder in ("info", "updates", "triggers"):
        (maker.path / f"r/var/lib/dpkg/{folder}").mkdir(parents=True)
    maker.write("r/var/lib/dpkg/status", "")
    for version, text in (("1", "as delivered\n"), ("2", "as delivered later\n")):
        package(maker, version, text)
    dpkg = ("dpkg", f"--root={maker.path}/r", "--log=log", "--force-confnew", "--force-script-chrootless", "-i")
    assert maker.room.run(*dpkg, "1.deb") == 0
    maker.write("r/etc/sample.conf", "as I want it\n")
    new = maker.path / "r/usr/lib/sample.dpkg-new"
    maker.room.killed_at("rename", new.exists, *dpkg, "2.deb", about=str(new))
    maker.later()
    assert maker.found()[new.name].reason is Reason.PART_OF_SOMETHING
    maker.count(78)
    assert maker.room.run(*dpkg, "2.deb") == 0
    assert not maker.demand(79, Reason.SETTINGS).preselected


@makes(82, by="trash-cli")
def test_a_trash_is_left_to_the_desktop(maker: Maker) -> None:
    maker.write("a.txt")
    assert maker.room.run("env", f"XDG_DATA_HOME={maker.path}/data", "trash-put", "a.txt") == 0
    (maker.path / "data/Trash/files/a.txt").unlink()
    maker.demand_managed(82, maker.path / "data/Trash/info")


@makes(83, by="e2fsck")
def test_what_a_check_of_the_disk_found_is_left_to_it(maker: Maker) -> None:
    image, disk = maker.path.parent / "image", maker.path / "disk"
    disk.mkdir()
    with open(image, "wb") as file:
        file.truncate(8 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    subprocess.run(
        ["debugfs", "-w", "-f", "/dev/stdin", str(image)],
        input=b"write /etc/hosts lost\nsif lost links_count 1\nunlink lost\n",
        capture_output=True,
    )
    assert subprocess.run(["e2fsck", "-fy", str(image)], capture_output=True).returncode == 1
    subprocess.run(["mount", "-o", "loop", str(image), str(disk)], check=True)
    try:
        assert list((disk / "lost+found").iterdir())
        maker.demand_managed(83, disk / "lost+found")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@makes(72, by="libfuse")
def test_what_is_deleted_and_still_open_on_a_mounted_drive(maker: Maker) -> None:
    for name in ("real", "seen"):
        (maker.path / name).mkdir()
    if shutil.which("bindfs") is None:
        pytest.skip("bindfs is not installed")
    subprocess.run(["bindfs", str(maker.path / "real"), str(maker.path / "seen")], check=True)
    try:
        path = maker.write("seen/a.txt")
        with path.open():
            path.unlink()
            assert maker.there("real/.fuse_hidden*")()
            maker.demand(72, Reason.PART_OF_SOMETHING)
    finally:
        subprocess.run(["umount", "-l", str(maker.path / "seen")], check=True)


@makes(85, by="Holdfast")
def test_a_batch_that_was_killed(maker: Maker, state: Path) -> None:
    interrupt(Work(maker.path), state)
    sides = [one for one in maker.found().values() if one.path.startswith(f"{maker.path}/.~hf-") and one.size]
    assert {one.reason for one in sides} == {Reason.BATCH_INTERRUPTED}
    maker.count(85)
