"""Results are those of an independent reference on real trees: the same files, the same spans, the same bytes after.

The reference reads every file whole, decodes it, and lets Python's own `re` (or `regex`, where the pattern needs it)
replace line by line or in the whole text.
"""

from __future__ import annotations

import codecs
import os
import re
import sysconfig
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import regex

from core import api
from core.fs import files
from core.plan import planfile
from tests.support import large, linux_source
from tests.support.tried import Tried
from tests.support.work import Json, Work

STANDARD = Path(sysconfig.get_path("stdlib"))
FEW = ("asyncio", "email", "json", "test/encoded_modules", "encodings", "idlelib", "lib2to3", "xml", "unittest")

Sub = Callable[[str], tuple[str, int]]
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

SEARCHES: list[tuple[Json, Sub]] = [
    (
        {"find": "return None", "replace": "return nothing"},
        lambda text: each(text, re.compile(r"return None"), "return nothing"),
    ),
    (
        {"find": "self", "replace": "this", "word": True},
        lambda text: each(text, re.compile(r"(?<!\w)self(?!\w)"), "this"),
    ),
    (
        {"find": r"def (\w+)\(self, (?P<first>\w+)", "replace": r"def \1(\g<first>, self", "regex": True},
        lambda text: each(text, re.compile(r"def (\w+)\(self, (?P<first>\w+)"), r"def \1(\g<first>, self"),
    ),
    (
        {"find": "ERROR", "replace": "x", "ignore_case": True},
        lambda text: each(text, regex.compile("ERROR", regex.I | regex.F), "x"),
    ),
    ({"find": r"[ \t]+$", "replace": "", "regex": True}, lambda text: each(text, re.compile(r"[ \t]+$"), "")),
    (
        {"find": r"^(import \w+)\n(import \w+)$", "replace": r"\2\n\1", "regex": True, "multiline": True},
        lambda text: re.subn(r"^(import \w+)\n(import \w+)$", r"\2\n\1", text, flags=re.MULTILINE),
    ),
    (
        {"find": r"\"\"\"(.*?)\"\"\"", "replace": r"'''\1'''", "regex": True, "multiline": True, "dotall": True},
        lambda text: re.subn(r"\"\"\"(.*?)\"\"\"", r"'''\1'''", text, flags=re.MULTILINE | re.DOTALL),
    ),
]


def each(text: str, pattern: re.Pattern[str], template: str) -> tuple[str, int]:
    """Replace line by line; what is behind a carriage return and a line feed is a line."""
    found, matches = [], 0
    for line in text.split("\n"):
        bare = line.removesuffix("\r")
        new, number = pattern.subn(template, bare)
        found.append(new + line[len(bare) :])
        matches += number
    return "\n".join(found), matches


def reference(root: Path, sub: Sub, known: dict[str, str]) -> dict[str, tuple[str, int]]:
    """Return (digest after, matches) of every file that changes. `known`: encodings of files that are not UTF-8."""
    found = {}
    for path in sorted(root.rglob("*")):
        relative = str(path.relative_to(root))
        if path.is_symlink() or not path.is_file() or any(part.startswith(".") for part in relative.split("/")):
            continue
        data = path.read_bytes()
        encoding = known.get(relative) or next((name for mark, name in MARKS if data.startswith(mark)), "utf-8")
        if b"\0" in data[:8192] and "16" not in encoding:
            continue
        text = data.decode(encoding, "strict" if "16" in encoding else "surrogateescape")
        new, matches = sub(text)
        if matches:
            after = new.encode(encoding, "strict" if "16" in encoding else "surrogateescape")
            found[relative] = (files.digest(after), matches) if after != data else ("", 0)
    return {name: one for name, one in found.items() if one[1]}


def ours(root: Path, search: Json) -> dict[str, tuple[str, int]]:
    wish = {"op": "find_replace", "roots": [str(root)], "gitignore": False, "guard": False, **search}
    plan = api.evaluate([planfile.parse(wish, "/")], processes=2)
    assert plan.problems == []
    found = {os.path.relpath(one.path, root): (one.digest_after, one.matches) for one in plan.changes()}
    plan.close()
    return found


def standard_library(parts: tuple[str, ...], to: Path) -> Path:
    """Copy parts of Python's own sources: they hold files in several encodings, empty ones, and broken ones."""
    for part in parts:
        for path in sorted((STANDARD / part).rglob("*.py")):
            target = to / path.relative_to(STANDARD)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return to


# What is neither UTF-8 nor guessed by the reference is told to it.
CODED = {"test/encoded_modules/module_iso_8859_1.py": "latin-1", "test/encoded_modules/module_koi8_r.py": "koi8-r"}


@pytest.mark.usefixtures("sieve")
def test_on_python_s_own_sources_results_are_those_of_the_reference(tmp_path: Path, tried: Tried) -> None:
    root = standard_library(FEW, tmp_path / "sources")
    for search, sub in SEARCHES:
        expected = reference(root, sub, CODED)
        assert ours(root, search) == expected, search
        tried("matches on Python's sources, as by the reference", sum(one[1] for one in expected.values()))


LEGACY = {
    "cp1252": "Größe und Maß, déjà vu, naïve Fähigkeiten; old value = 1\r\nweiter ü\r\n",
    "cp1251": "Привет, мир, это обычный русский текст; old value = 1\nещё строка\n",
    "koi8-r": "Привет, мир, это обычный русский текст; old value = 1\nещё строка\n",
    "cp932": "これは日本語のテキストです。表示能力のあるファイル。 old value = 1\nファイルを変換する\n",
    "euc_jp": "これは日本語のテキストです。ファイルを変換する。 old value = 1\nファイルを変換する\n",
    "big5": "這是一個中文文本檔案，用於測試編碼檢測。 old value = 1\n測試\n",
    "utf-8-sig": "Größe; old value = 1\n",
    "utf-16": "Größe; old value = 1\r\n",
    "utf-8": "Größe, 日本; old value = 1\n",
}


@pytest.mark.usefixtures("sieve")
@pytest.mark.parametrize(
    ("search", "pattern", "template"),
    [
        ({"find": "old value", "replace": "new"}, r"old value", "new"),
        ({"find": r"(\w+); old", "replace": r"\1: old", "regex": True}, r"(\w+); old", r"\1: old"),
        ({"find": r"\W old", "replace": "! OLD", "regex": True}, r"\W old", "! OLD"),
        ({"find": "OLD VALUE", "replace": "x", "ignore_case": True}, r"(?i)OLD VALUE", "x"),
    ],
)
def test_on_a_tree_of_legacy_encodings_results_are_those_of_the_reference(
    work: Work, search: Json, pattern: str, template: str, tried: Tried
) -> None:
    work.write({f"{name}-{number}": text.encode(name) for name, text in LEGACY.items() for number in range(20)})
    work.write({"broken": b"\xff\xfe\xc3 old value \xe9\n"[2:], "binary": b"\0\1old value"})
    known = {f"{name}-{number}": name for name in LEGACY for number in range(20)}

    expected = reference(work.tree, lambda text: each(text, re.compile(pattern), template), known)
    found = ours(work.tree, search)

    # Four bytes say nothing of an encoding; what lies around them is the same in all that could be meant.
    expected.pop("broken", None)
    found.pop("broken", None)
    assert found == expected
    tried("matches in legacy encodings, as by the reference", sum(one[1] for one in expected.values()))


@pytest.fixture(scope="session")
def linux(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of Linux. Processes that share the work share them as well; they go when pytest clears its folder."""
    return large.for_this_run(tmp_path_factory, linux_source.folder)


@cache
def reference_on_linux(root: Path, number: int) -> dict[str, tuple[str, int]]:
    return reference(root, SEARCHES[number][1], legacy_files(root))


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.usefixtures("sieve")
@pytest.mark.parametrize("number", [0, 1, 2, 3, 5])
def test_on_linux_sources_results_are_those_of_the_reference(number: int, linux: Path, tried: Tried) -> None:
    expected = reference_on_linux(linux, number)
    assert ours(linux, SEARCHES[number][0]) == expected
    tried("matches on Linux sources, as by the reference", sum(one[1] for one in expected.values()))


@cache
def legacy_files(root: Path) -> dict[str, str]:
    """Return the encodings of what is not UTF-8; nobody else knows them, so they are those that are found out."""
    from core.content.encoding import inspect

    found = {}
    for path in _regular(root):
        data = path.read_bytes()
        try:
            data.decode()
        except UnicodeDecodeError:
            nature = inspect([data])
            if nature.is_text and not nature.codec.mark:
                found[str(path.relative_to(root))] = nature.codec.name
    return found


def _regular(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
