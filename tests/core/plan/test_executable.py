"""A new file can be a program from the start."""

from __future__ import annotations

import os

from core import api
from core.errors import BadPlan
from tests.support.work import Work


def mode(work: Work, name: str) -> int:
    return (work.tree / name).stat().st_mode & 0o777


def usual() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o777 & ~mask


def test_a_new_file_is_a_program_if_the_plan_says_so(work: Work) -> None:
    outcome = work.apply(
        {"op": "create", "path": "made", "text": "#!/bin/sh\n", "executable": True},
        {"op": "write", "path": "written", "base64": "IyEvYmluL3NoCg==", "executable": True},
        {"op": "create", "path": "plain", "text": ""},
    )

    assert isinstance(outcome, api.Committed)
    assert (mode(work, "made"), mode(work, "written"), mode(work, "plain")) == (usual(), usual(), usual() & 0o666)


def test_a_file_that_is_there_keeps_its_mode(work: Work) -> None:
    work.write({"there": "old"})
    (work.tree / "there").chmod(0o640)

    work.apply({"op": "write", "path": "there", "text": "new", "executable": True})

    assert mode(work, "there") == 0o640


def test_a_source_says_by_itself_what_it_is(work: Work) -> None:
    work.write({"source": "x"})
    try:
        work.plan({"op": "create", "path": "copy", "source": "source", "executable": True})
    except BadPlan as error:
        assert "executable" in str(error.values["reason"])
    else:
        raise AssertionError("no such plan can be read")
