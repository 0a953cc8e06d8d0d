"""Conversions change what they are asked to, in every file that is not so yet, and nothing else."""

from __future__ import annotations

import pytest

from core import api
from core.errors import ProblemCode
from tests.support.work import Json, Work


def convert(**wanted: object) -> Json:
    return {"op": "convert", "roots": ["."], **wanted}


@pytest.mark.parametrize(
    ("wanted", "before", "after"),
    [
        ({"newline": "lf"}, b"a\r\nb\rc\n", b"a\nb\nc\n"),
        ({"newline": "crlf"}, b"a\nb\r\nc", b"a\r\nb\r\nc"),
        ({"final_newline": True}, b"a\r\nb", b"a\r\nb\r\n"),
        ({"final_newline": True}, b"a\n", b"a\n"),
        ({"final_newline": True}, b"", b""),
        ({"trailing_space": False}, b"a \t\r\nb\t\n c ", b"a\r\nb\n c"),
        ({"encoding": "utf-8"}, "größer, naïve Äpfel".encode("cp1252"), "größer, naïve Äpfel".encode()),
        ({"encoding": "utf-8"}, "größer".encode("utf-16"), "größer".encode()),
        ({"encoding": "utf-16"}, "größer\n".encode(), b"\xff\xfe" + "größer\n".encode("utf-16-le")),
        ({"encoding": "cp1252", "from": "utf-8"}, "größer\n".encode(), "größer\n".encode("cp1252")),
        ({"bom": False}, "größer".encode("utf-8-sig"), "größer".encode()),
        ({"bom": True}, b"a\n", b"\xef\xbb\xbfa\n"),
        ({"newline": "lf"}, "a\r\nü\r\n".encode("utf-16"), "a\nü\n".encode("utf-16")),
        ({"newline": "lf", "trailing_space": False, "final_newline": True}, b"a \r\nb ", b"a\nb\n"),
        ({"newline": "lf"}, b"\xff\r\n", b"\xff\n"),
    ],
)
def test_a_file_becomes_what_was_asked_for_and_stays_so(work: Work, wanted: Json, before: bytes, after: bytes) -> None:
    work.write({"f": before})

    assert isinstance(api.apply(work.plan(convert(**wanted))), api.Committed)

    assert (work.tree / "f").read_bytes() == after
    if "from" not in wanted:
        assert work.plan(convert(**wanted)).files == 0


def test_what_the_new_encoding_lacks_is_a_problem_and_never_a_question_mark(work: Work) -> None:
    work.write({"f": "日\n", "g": b"\xe9\xff \xc3\xa9\xc3\xa9\xc3\xa9\n"})

    assert work.problems(convert(encoding="cp1252")) == [(0, ProblemCode.UNENCODABLE), (0, ProblemCode.UNDECODABLE)]


def test_binary_files_are_not_converted(work: Work) -> None:
    work.write({"f": b"\0\1\r\n"})

    assert work.plan(convert(newline="lf")).files == 0
