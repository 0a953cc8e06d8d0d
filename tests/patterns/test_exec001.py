"""EXEC-001: a file is read as what its ending promises, or the error says where it is not."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.patterns.exec001 import FormatError, TypeSafeFileHandler

READ = {
    "a.json": ('{"a": [1, null]}', {"a": [1, None]}),
    "a.jsonl": ('{"a": 1}\n\n[2]\n', [{"a": 1}, [2]]),
    "a.toml": ("[t]\nx = 1\n", {"t": {"x": 1}}),
    "a.ini": ("[s]\nkey = 50%\n", {"s": {"key": "50%"}}),
    "a.cfg": ("[s]\nkey = 1\n", {"s": {"key": "1"}}),
    "a.csv": ('a,b\n1,"2\n3"\n', [["a", "b"], ["1", "2\n3"]]),
    "a.tsv": ("a\tb\n", [["a", "b"]]),
    "a.txt": ("plain", "plain"),
    "A.JSON": ("[]", []),
    "bom.json": ("\ufeff[1]", [1]),
    "no-ending": ("text", "text"),
}


@pytest.mark.parametrize("name", READ)
def test_a_file_becomes_the_value_that_its_ending_promises(tmp_path: Path, name: str) -> None:
    text, value = READ[name]
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")

    assert TypeSafeFileHandler().dispatch_by_extension(str(tmp_path / name)) == value


def test_xml_and_python_become_trees_and_unknown_bytes_stay_bytes(tmp_path: Path) -> None:
    handler = TypeSafeFileHandler()
    (tmp_path / "a.xml").write_text("<a><b/></a>")
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "a.bin").write_bytes(b"\xff\x00")

    assert handler.dispatch_by_extension(tmp_path / "a.xml")[0].tag == "b"
    assert isinstance(handler.dispatch_by_extension(tmp_path / "a.py"), ast.Module)
    assert handler.dispatch_by_extension(tmp_path / "a.bin") == b"\xff\x00"


BROKEN = {
    "a.json": ("{\n'a'", 2),
    "a.jsonl": ("{}\n{}\n{", 3),
    "a.toml": ("x = = 1", 0),
    "a.ini": ("[s]\n[s]\n", 2),
    "a.xml": ("<a>\n<b></a>", 2),
    "a.csv": ('"open', 0),
    "a.py": ("x = 1\ndef f(:\n", 2),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_does_not_parse_is_an_error_with_its_place(tmp_path: Path, name: str) -> None:
    text, line = BROKEN[name]
    (tmp_path / name).write_text(text)

    with pytest.raises(FormatError) as caught:
        TypeSafeFileHandler().dispatch_by_extension(tmp_path / name)

    assert (caught.value.path, caught.value.line) == (str(tmp_path / name), line)
    assert name in str(caught.value)


def test_what_is_not_utf_8_says_in_which_line(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{\n"a": "\xff"}')

    with pytest.raises(FormatError, match="line 2"):
        TypeSafeFileHandler().dispatch_by_extension(tmp_path / "a.json")


def test_readers_can_be_added(tmp_path: Path) -> None:
    (tmp_path / "a.count").write_text("12")
    handler = TypeSafeFileHandler()
    handler.register(".count", int)
    assert handler.dispatch_by_extension(tmp_path / "a.count") == 12

    (tmp_path / "a.count").write_text("twelve")
    with pytest.raises(FormatError, match=r"a\.count"):
        handler.dispatch_by_extension(tmp_path / "a.count")
