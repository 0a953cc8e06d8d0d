"""Names tell what a file is, who made it, and what it belongs to; names of ordinary files tell nothing."""

from __future__ import annotations

import pytest

from core import names
from core.leftovers import catalogue
from core.leftovers.catalogue import Kind


@pytest.mark.parametrize(
    ("name", "kind", "original"),
    [
        ("a.txt.bak", Kind.BACKUP, "a.txt"),
        ("a.txt.bak2", Kind.BACKUP, "a.txt"),
        ("a.txt~", Kind.BACKUP, "a.txt"),
        ("a.txt.~3~", Kind.BACKUP, "a.txt"),
        ("#a.txt#", Kind.BACKUP, "a.txt"),
        (".a.txt.swp", Kind.BACKUP, "a.txt"),
        ("main.c.orig", Kind.BACKUP, "main.c"),
        ("sshd_config.dpkg-old", Kind.BACKUP, "sshd_config"),
        (".#a.txt", Kind.LOCK, "a.txt"),
        (".~lock.report.odt#", Kind.LOCK, "report.odt"),
        ("a.txt.tmp", Kind.TEMPORARY, "a.txt"),
        ("a.txt.tmp.4711", Kind.TEMPORARY, "a.txt"),
        (".a.txt.Xk3P9q", Kind.TEMPORARY, "a.txt"),
        ("sedA1b2C3", Kind.TEMPORARY, ""),
        ("video.mp4.part", Kind.TEMPORARY, "video.mp4"),
        ("data.db-wal", Kind.PROTECTED, "data.db"),
        (".nfs0000000000c0ffee00000001", Kind.PROTECTED, ""),
        ("Cargo.lock", Kind.PROTECTED, ""),
        (names.side("abcdefghij", 7), Kind.OWN, ""),
        (names.visible("a.txt", "abcdefghij", 1), Kind.OWN, "a.txt"),
        (names.visible("a.txt", "abcdefghij", 2), Kind.OWN, "a.txt"),
        (names.visible("Makefile", "abcdefghij", 1), Kind.OWN, "Makefile"),
        ("caf\udce9.bak", Kind.BACKUP, "caf\udce9"),
        ("two\nlines.bak", Kind.BACKUP, "two\nlines"),
    ],
)
def test_a_leftover_is_known_by_its_name(name: str, kind: Kind, original: str) -> None:
    found = catalogue.match(name)
    assert found is not None
    assert (found[0].kind, found[1]) == (kind, original)


@pytest.mark.parametrize(
    "name",
    [
        "a.txt",
        "backup.py",
        ".config",
        ".gitignore",
        "setup.cfg",
        "README",
        "tmp",
        "sed",
        ".bak",
        "~",
        "temperature",
        ".x.litmus",
    ],
)
def test_an_ordinary_file_is_no_leftover(name: str) -> None:
    assert catalogue.match(name) is None
