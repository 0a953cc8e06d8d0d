"""Names and contents tell what a file is, who made it, and what it belongs to; ordinary files tell nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import names
from core.leftovers import catalogue
from core.leftovers.catalogue import SIGNATURES, Class, Family, Kind
from core.leftovers.identify import what
from core.leftovers.kinds import FOLDERS
from tests.support import remains
from tests.support.remains import EXAMPLES, Content


@pytest.mark.parametrize(("number", "name", "content", "beside"), EXAMPLES, ids=lambda value: str(value)[:40])
def test_an_example_in_its_documented_form_is_known(
    tmp_path: Path, number: int, name: str, content: Content, beside: dict[str, bytes]
) -> None:
    found = what(str(remains.build(tmp_path, name, content, beside)))
    assert found is not None
    assert found.signature.number == number
    assert not beside or not found.originals or set(found.originals) & set(beside)


def test_every_line_of_the_catalogue_has_an_example(tmp_path: Path) -> None:
    hit = set()
    for place, (_, name, content, beside) in enumerate(EXAMPLES):
        (tmp_path / str(place)).mkdir()
        found = what(str(remains.build(tmp_path / str(place), name, content, beside)))
        hit.add(found.signature.pattern + found.signature.proof if found else "")
    assert [one.pattern for one in SIGNATURES if one.pattern + one.proof not in hit] == []


def test_every_folder_that_is_left_alone_has_an_example() -> None:
    for number, path in remains.FOLDERS:
        managed = catalogue.managed_folder(f"/home/user/{path}")
        assert managed is not None, path
        assert managed.number == number
        assert catalogue.is_managed_path(f"/home/user/{path}/inner/a.bak")
    assert {number for number, *_ in FOLDERS} == {number for number, _ in remains.FOLDERS}


def test_all_86_kinds_are_there_with_everything_that_is_to_be_said_of_them() -> None:
    assert {one.number for one in SIGNATURES} | {number for number, *_ in FOLDERS} == set(range(1, 87))
    for one in SIGNATURES:
        assert all((one.maker, one.meaning, one.life, one.owner, one.original)), one.pattern


@pytest.mark.parametrize(
    ("name", "originals"),
    [
        ("A.TXT.BAK", ("A.TXT",)),
        ("a.old", ("a",)),
        ("a.txt.save.2", ("a.txt",)),
        (".a.bak.swp", ("a.bak",)),
        (".a.txt.tmp", (".a.txt", "a.txt")),
        ("a.txt.tmp.4711", ("a.txt",)),
        ("sshd_config.ucf-dist", ("sshd_config",)),
        ("drawing.bak", ("drawing", "drawing.dwg", "drawing.dxf")),
        ("menu_BACKUP_12.c", ("menu.c",)),
        (names.visible("a.txt", "abcdefghij", 2), ("a.txt",)),
        (names.visible("Makefile", "abcdefghij", 1), ("Makefile",)),
        (names.visible("a.bak", "abcdefghij", 1), ("a.bak",)),
        (names.visible("x" * 255, "abcdefghij", 1), ()),
        (names.side("abcdefghij", 7, old=True), ()),
        ("caf\udce9.x.bak", ("caf\udce9.x",)),
        ("two\nlines.c.bak", ("two\nlines.c",)),
    ],
)
def test_the_original_is_in_the_name(name: str, originals: tuple[str, ...]) -> None:
    found = catalogue.match(name)
    assert found is not None
    assert found.originals == originals


ORDINARY = [
    "a.txt",
    "backup.py",
    ".config",
    ".gitignore",
    ".x.litmus",
    ".defconfig.config",
    "setup.cfg",
    "README",
    "README.Debian",
    "SHA256",
    "archive.tar.SHA256",
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
    "syslog.20260101",
    "corelib",
    "5000",
    "ABCDEFG",
]


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_is_no_leftovers(name: str) -> None:
    assert catalogue.match(name) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("core", b"a file of that name"),
        ("core.1", b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\0"),  # a program, no dump
        ("4913", b"a number, and somebody's file"),
        ("DEADBEEF", b"text"),
        ("lock", b""),
        ("notes.asd", b"text"),
        ("ccMalloc1.s", b".text"),
        ("data.json.1234567890", b"a log that was rotated"),
        (".env1234567", b"SECRET=1"),
    ],
)
def test_a_name_that_its_content_or_its_place_does_not_bear_out_is_no_leftovers(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory(dir=Path.home()) as folder:
        assert what(str(remains.build(Path(folder), name, content, {}))) is None


def test_what_is_kept_for_good_is_never_cleared_unless_it_is_the_same() -> None:
    for one in SIGNATURES:
        if one.family in (Family.BACKUP, Family.SETTINGS, Family.CONFLICT, Family.UNSAVED, Family.DUMP):
            assert one.grade is Class.ASK, one.pattern
        assert (one.family is Family.PROTECTED) == (one.grade is Class.NEVER), one.pattern


def test_people_hear_of_three_kinds_only() -> None:
    assert {one.family.kind for one in SIGNATURES} == set(Kind)


def test_only_what_holds_a_version_of_the_original_can_take_its_place() -> None:
    for family in (Family.SIDE, Family.PROTECTED, Family.LOCK, Family.SWAP, Family.CONFLICT, Family.TRANSFER):
        assert not family.is_version


# The sieve

a_leftovers_name = st.sampled_from(SIGNATURES).flatmap(lambda one: st.from_regex(one.regex, fullmatch=True))
a_name = st.text(min_size=1, max_size=20) | st.sampled_from(ORDINARY) | a_leftovers_name


def is_possible(name: str) -> bool:
    return name not in ("", ".", "..") and "/" not in name and "\0" not in name


@given(st.lists(a_name.filter(is_possible), max_size=12))
@settings(max_examples=150)
def test_the_sieve_lets_every_leftover_through_and_nothing_else(listed: list[str]) -> None:
    assert catalogue.sift(listed) == [name for name in listed if catalogue.match(name) is not None]
