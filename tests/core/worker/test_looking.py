"""Looking closer: samples, single matches, contents, typed lines and saved plans."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import pytest

from tests.support.talking import Worker, worker
from tests.support.work import Json, Work


@pytest.fixture
def talking() -> Iterator[Worker]:
    with worker() as one:
        yield one


def search(work: Work, **more: object) -> Json:
    return {"op": "find_replace", "roots": [str(work.tree)], "find": "old", "replace": "new", **more}


def test_a_sample_shows_what_an_operation_would_do_and_leaves_the_plan_alone(work: Work, talking: Worker) -> None:
    work.write({"a": "one\nold\nold old\n", "b": "old\n", "c": "nothing\n"})
    plan = talking.evaluate({"op": "delete", "path": str(work.tree / "c")})["plan"]

    done, told = talking.ask(do="sample", operation=search(work), at_most=2)

    assert (done["files"], done["matches"], done["problems"]) == (2, 4, [])
    shown = [(one["change"]["path"], [row[4] for row in one["rows"]]) for one in told]
    assert shown == [(str(work.tree / "a"), ["new", "new new"]), (str(work.tree / "b"), [])]
    assert talking.ask(do="apply", plan=plan)[0]["outcome"] == "committed"


def test_rows_come_while_the_search_goes_on_and_each_once(work: Work, talking: Worker) -> None:
    work.write({f"{number // 100:03}/{number:04}": "old\n" for number in range(2_000)})

    for request in ({"do": "evaluate", "operations": [search(work)]}, {"do": "sample", "operation": search(work)}):
        done, told = talking.ask(**request)

        found = [one for part in told for one in part.get("changes", [part.get("change")])]
        assert [one["index"] for one in found] == list(range(2_000 if request["do"] == "evaluate" else 200))
        assert done["files"] == 2_000
        assert len(told[0].get("changes", [None])) == 1, "the first is told at once"


def test_a_file_saved_by_another_program_is_looked_at_again_alone(work: Work, talking: Worker) -> None:
    work.write({"a": "old", "b": "old", "c": "old"})
    first = talking.evaluate(search(work))
    work.write({"b": "nothing any more", "c": "old old"})

    paths = [str(work.tree / name) for name in "bc"]
    done, told = talking.ask(do="evaluate", operations=[search(work)], again=paths)

    changes = [(one["index"], one["path"], one["matches"]) for part in told for one in part.get("changes", ())]
    assert changes == [(0, str(work.tree / "a"), 1), (2, str(work.tree / "c"), 2)]
    assert (done["files"], done["matches"]) == (2, 3)
    assert done["plan"] == first["plan"] + 1
    assert talking.ask(do="apply", plan=done["plan"])[0]["outcome"] == "committed"


def test_a_request_that_nobody_wants_any_more_is_cancelled_before_it_begins(work: Work, talking: Worker) -> None:
    work.write({f"{number:04}": "old" for number in range(2_000)})
    talking.send(id=20, do="evaluate", operations=[search(work)])
    talking.send(id=21, do="sample", operation=search(work))
    talking.send(id=22, do="cancel", of=21)
    ends: dict[int, Json] = {}
    while len(ends) < 3:
        answer = talking.answer()
        if answer["event"] in ("done", "failed"):
            ends[answer["id"]] = answer
    assert (ends[20]["event"], ends[20]["files"]) == ("done", 2_000)
    assert (ends[21]["event"], ends[21]["code"]) == ("failed", "cancelled")


def test_a_pattern_that_cannot_be_used_says_where(work: Work, talking: Worker) -> None:
    done, _ = talking.ask(do="sample", operation=search(work, find="a(b", regex=True))
    assert done["files"] == 0
    assert "at position" in done["problems"][0]["values"]["reason"]


def test_single_matches_are_named_and_can_be_left_out(work: Work, talking: Worker) -> None:
    work.write({"a": "old 1\nold 2\n"})
    plan = talking.evaluate(search(work))["plan"]
    found = talking.ask(do="hunks", plan=plan, index=0)[1][0]["hunks"]
    assert [(line, old, new, out) for _, _, line, old, new, out in found] == [
        (1, "old", "new", False),
        (2, "old", "new", False),
    ]

    plan = talking.evaluate(search(work, skip=[found[0][1]]))["plan"]
    again = talking.ask(do="hunks", plan=plan, index=0)[1][0]["hunks"]
    assert [one[5] for one in again] == [True, False]
    whole = talking.ask(do="diff", plan=plan, index=0, whole=True)[1][0]["rows"]
    assert [row[4] for row in whole] == ["new 1", "new 2"]
    talking.ask(do="apply", plan=plan)
    assert work.texts() == {"a": "old 1\nnew 2\n"}


def test_contents_are_given_as_they_are(work: Work, talking: Worker) -> None:
    work.write({"a": b"\0\xff", "b": b"\1\xfe"})
    replace = {"op": "replace", "path": str(work.tree / "a"), "source": str(work.tree / "b")}
    plan = talking.evaluate(replace)["plan"]
    done, _ = talking.ask(do="content", plan=plan, index=0)
    assert [base64.b64decode(done[key]) for key in ("before", "after")] == [b"\0\xff", b"\1\xfe"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_typed_line_becomes_an_edit_in_whatever_encoding(work: Work, talking: Worker, encoding: str) -> None:
    text = "old größe\nfür später\nfür später\n"
    work.write({"a": text.encode(encoding)})
    operation = search(work, **({} if encoding == "utf-8" else {"encoding": encoding}))
    plan = talking.evaluate(operation)["plan"]

    edit = talking.ask(do="typed", plan=plan, index=0, line=3, text="über")[0]["operation"]
    plan = talking.evaluate(operation, edit)["plan"]
    assert talking.ask(do="apply", plan=plan)[0]["outcome"] == "committed"

    assert (work.tree / "a").read_bytes() == "new größe\nfür später\nüber\n".encode(encoding)


def test_a_saved_plan_is_opened_again_with_absolute_paths(work: Work, talking: Worker) -> None:
    work.write({"a": "old"})
    path = work.tree / "plan.json"
    operations = [search(work, roots=["."]), {"op": "move", "path": "a", "to": "b"}]
    path.write_text(json.dumps({"holdfast": 1, "name": "mine", "operations": operations}))

    opened, _ = talking.ask(do="open_plan", path=str(path))
    assert opened["operations"] == [
        search(work),
        {"op": "move", "path": str(work.tree / "a"), "to": str(work.tree / "b")},
    ]
    talking.ask(do="save_plan", path=str(path), name=opened["name"], operations=opened["operations"])
    assert talking.ask(do="open_plan", path=str(path))[0] == opened


def test_a_plan_that_is_confined_or_none_is_not_opened(work: Work, talking: Worker) -> None:
    path = work.tree / "plan.json"
    path.write_text('{"holdfast": 1, "root": ".", "operations": []}')
    assert talking.ask(do="open_plan", path=str(path))[0]["code"] == "confined_plan"
    path.write_text("[]")
    assert talking.ask(do="open_plan", path=str(path))[0]["code"] == "bad_plan"


def test_figures_tell_how_many_lines_come_and_go_and_how_texts_are_written(work: Work, talking: Worker) -> None:
    work.write(
        {
            "plain": "old\nold\nkept\n",
            "windows": "old\r\n",
            "both": "old\r\nold\n",
            "legacy": "ein sch\xf6ner alter Text, old\n".encode("cp1252"),
            "wide": "\ufeffold\n".encode("utf-16-le"),
            "marked": "\ufeffold".encode(),
            "gone": "1\n2\n",
            "moved": "x",
            "image": b"\x89PNG\0\0old",
        }
    )
    operations: list[Json] = [
        search(work, replace="new\nand more", regex=False),
        {"op": "delete", "path": str(work.tree / "gone")},
        {"op": "move", "path": str(work.tree / "moved"), "to": str(work.tree / "there")},
        {"op": "replace", "path": str(work.tree / "image"), "text": "text"},
        {"op": "create", "path": str(work.tree / "made"), "text": "1\n2\n"},
    ]
    talking.evaluate(*operations)
    done, told = talking.ask(do="evaluate", operations=operations)
    changes = [one for part in told for one in part.get("changes", ())]

    answer, _ = talking.ask(do="figures", plan=done["plan"], indices=[one["index"] for one in changes] + [99])

    names = {one["index"]: one["path"].rpartition("/")[2] for one in changes}
    found = {names[index]: figures for index, figures in answer["figures"]}
    assert found["plain"] == [4, 2, ["utf-8", "lf"], ["utf-8", "lf"]]
    assert found["windows"][2:] == [["utf-8", "crlf"], ["utf-8", "crlf"]]
    assert found["both"][2] == ["utf-8", "mixed"]
    assert found["legacy"][:3] == [2, 1, ["cp1252", "lf"]]
    assert found["wide"] == [2, 1, ["utf-16-le", "lf"], ["utf-16-le", "lf"]]
    assert found["marked"] == [2, 1, ["utf-8-sig", ""], ["utf-8-sig", "lf"]]
    assert found["gone"] == [0, 2, ["utf-8", "lf"], None]
    assert found["made"] == [2, 0, None, ["utf-8", "lf"]]
    assert (found["moved"], found["image"]) == (None, None)
    assert len(found) == len(changes)


def test_figures_of_a_conversion_tell_both_ways_of_writing(work: Work, talking: Worker) -> None:
    work.write({"a": "sch\xf6n\r\nund gut\r\n".encode("cp1252")})
    convert: Json = {"op": "convert", "roots": [str(work.tree)], "encoding": "utf-8", "newline": "lf"}
    plan = talking.evaluate(convert)["plan"]

    answer, _ = talking.ask(do="figures", plan=plan, indices=[0])

    ((_, figures),) = answer["figures"]
    assert figures[2:] == [["cp1252", "crlf"], ["utf-8", "lf"]]


@pytest.mark.parametrize(
    ("steps", "after"),
    [
        ([{"newline": "lf"}, {"encoding": "utf-8"}], ["utf-8", "lf"]),
        ([{"encoding": "utf-8"}, {"encoding": "utf-16"}], ["utf-16-le", "crlf"]),
    ],
)
def test_figures_of_several_conversions_tell_what_the_last_one_makes(
    work: Work, talking: Worker, steps: list[Json], after: list[str]
) -> None:
    work.write({"a": "schön\r\nund gut\r\n".encode("cp1252")})
    plan = talking.evaluate(*({"op": "convert", "roots": [str(work.tree)], **step} for step in steps))["plan"]

    answer, _ = talking.ask(do="figures", plan=plan, indices=[0])

    ((_, figures),) = answer["figures"]
    assert figures[2:] == [["cp1252", "crlf"], after]


@pytest.mark.parametrize("old", [b"\x89PNG\0\0", "﻿old".encode("utf-16-le") + b"\n"])
def test_figures_are_none_where_one_of_both_is_no_text(work: Work, talking: Worker, old: bytes) -> None:
    work.write({"a": old})
    plan = talking.evaluate(
        {"op": "replace", "path": str(work.tree / "a"), "text": "text\n"}, search(work, find="text")
    )

    answer, _ = talking.ask(do="figures", plan=plan["plan"], indices=[0])

    ((_, figures),) = answer["figures"]
    assert figures is None or figures[2] == ["utf-16-le", ""]
