"""Names tell what a file is, who made it, and what it belongs to; names of ordinary files tell nothing."""

from __future__ import annotations

import pytest

from core import names
from core.leftovers import catalogue
from core.leftovers.catalogue import Family, Kind


@pytest.mark.parametrize(
    ("name", "family", "originals"),
    [
        ("a.txt.bak", Family.BACKUP, ("a.txt",)),
        ("A.TXT.BAK", Family.BACKUP, ("A.TXT",)),
        ("a.txt~", Family.BACKUP, ("a.txt",)),
        ("a.txt.~3~", Family.BACKUP, ("a.txt",)),
        ("a.old", Family.BACKUP, ("a",)),
        ("main.c.orig", Family.BACKUP, ("main.c",)),
        ("main.c.rej", Family.CONFLICT, ("main.c",)),
        ("#a.txt#", Family.UNSAVED, ("a.txt",)),
        ("a.txt.save", Family.UNSAVED, ("a.txt",)),
        ("a.txt.save.2", Family.UNSAVED, ("a.txt",)),
        (".a.txt.swp", Family.SWAP, ("a.txt",)),
        (".a.txt.swo", Family.SWAP, ("a.txt",)),
        (".a.bak.swp", Family.SWAP, ("a.bak",)),
        ("sshd_config.dpkg-old", Family.SETTINGS, ("sshd_config",)),
        ("sshd_config.ucf-dist", Family.SETTINGS, ("sshd_config",)),
        ("my.cnf.rpmsave", Family.SETTINGS, ("my.cnf",)),
        (".#a.txt", Family.LOCK, ("a.txt",)),
        (".~lock.report.odt#", Family.LOCK, ("report.odt",)),
        ("~$report.docx", Family.LOCK, ("report.docx",)),
        ("a.txt.tmp", Family.IN_FLIGHT, ("a.txt",)),
        (".a.txt.tmp", Family.IN_FLIGHT, (".a.txt", "a.txt")),
        ("a.txt.tmp.4711", Family.IN_FLIGHT, ("a.txt",)),
        ("a.txt.tmpX3kQ9a", Family.IN_FLIGHT, ("a.txt",)),
        (".a.txt.Xk3P9q", Family.IN_FLIGHT, ("a.txt",)),
        ("sedA1b2C3", Family.IN_FLIGHT, ()),
        ("video.mp4.part", Family.TRANSFER, ("video.mp4",)),
        ("setup.exe.crdownload", Family.TRANSFER, ("setup.exe",)),
        (names.visible("a.txt", "abcdefghij", 1), Family.KEPT, ("a.txt",)),
        (names.visible("a.txt", "abcdefghij", 2), Family.KEPT, ("a.txt",)),
        (names.visible("Makefile", "abcdefghij", 1), Family.KEPT, ("Makefile",)),
        (names.visible("a.bak", "abcdefghij", 1), Family.KEPT, ("a.bak",)),
        (names.visible("x" * 255, "abcdefghij", 1), Family.KEPT, ()),
        (names.side("abcdefghij", 7), Family.SIDE, ()),
        (names.side("abcdefghij", 7, old=True), Family.SIDE, ()),
        ("caf\udce9.bak", Family.BACKUP, ("caf\udce9",)),
        ("two\nlines.bak", Family.BACKUP, ("two\nlines",)),
    ],
)
def test_a_leftover_is_known_by_its_name(name: str, family: Family, originals: tuple[str, ...]) -> None:
    found = catalogue.match(name)
    assert found is not None
    assert (found.signature.family, found.originals) == (family, originals)


@pytest.mark.parametrize(
    "name",
    [
        "data.db-wal",
        "data.db-shm",
        "data.db-journal",
        ".nfs0000000000c0ffee00000001",
        ".fuse_hidden0000004d00000001",
        "Cargo.lock",
        "package-lock.json",
        "index.lock",
        "passwd.dpkg-new",
    ],
)
def test_what_is_part_of_something_that_lives_is_protected(name: str) -> None:
    found = catalogue.match(name)
    assert found is not None
    assert found.signature.family is Family.PROTECTED


@pytest.mark.parametrize(
    "name",
    [
        "a.txt",
        "backup.py",
        ".config",
        ".gitignore",
        ".x.litmus",
        ".defconfig.config",
        "setup.cfg",
        "README",
        "tmp",
        "sed",
        "sedate",
        "sedative",
        ".bak",
        "~",
        "temperature",
        "config.tmp.json",
        "page.tmpl",
        "journal",
    ],
)
def test_an_ordinary_file_is_no_leftover(name: str) -> None:
    assert catalogue.match(name) is None


def test_people_hear_of_three_kinds_only() -> None:
    assert {one.family.kind for one in catalogue.SIGNATURES} == set(Kind)


def test_only_what_holds_a_version_of_the_original_can_take_its_place() -> None:
    for family in (Family.SIDE, Family.PROTECTED, Family.LOCK, Family.SWAP, Family.CONFLICT, Family.TRANSFER):
        assert not family.is_version
