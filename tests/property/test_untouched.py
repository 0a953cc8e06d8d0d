"""Whatever a file holds, everything outside the matches comes out as it went in: bytes, line ends, marks, encodings."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import api
from tests.support.tried import Tried
from tests.support.work import Json, Work

FIND, PUT = "needle", "PIN"
ENDS = ["\n", "\r\n", "\r", "\n\r", "", "\x0b", "\x85", "\u2028"]
TEXTS = {
    "utf-8": "größer, 表示, 🙂",
    "utf-8-sig": "größer, 表示, 🙂",
    "utf-16": "größer, 表示, 🙂",
    "utf-16-le": "plain, größer",
    "cp1252": "größer – naïve €",
    "cp1251": "Привет, как дела",
    "cp932": "表示能力のある日本語のファイル",
    "gb18030": "简体中文文本文件",
    "koi8-r": "Привет, как дела",
    "mac-roman": "größer – naïve",
}
SUFFIXES = ["txt", "log", "md", "c", "csv.bak", "html", "rst", "bin"]


def some_file(rng: random.Random) -> tuple[bytes, bytes]:
    """Return a content and what must become of it, in one of the encodings or in none."""
    if rng.random() < 0.5:
        pieces = [bytes(rng.choices(range(1, 256), k=rng.randint(0, 60))) for _ in range(rng.randint(1, 8))]
        pieces = [piece.replace(b"needle", b"") for piece in pieces]
        # A first piece that looks like a mark would make it another encoding, in which there is no needle.
        pieces[0] = b"x" + pieces[0]
        return FIND.encode().join(pieces), PUT.encode().join(pieces)
    name = rng.choice(list(TEXTS))
    lines = [
        f"{TEXTS[name]} {FIND if rng.random() < 0.5 else 'nothing'}{TEXTS[name]}" for _ in range(rng.randint(1, 8))
    ]
    ends = [end for end in ENDS if not fails(end, name)]
    text = "".join(line + rng.choice(ends) for line in lines)
    return text.encode(name), text.replace(FIND, PUT).encode(name)


def fails(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return True
    return False


@pytest.mark.parametrize("how", [{}, {"regex": True}, {"word": False, "ignore_case": True}, {"simultaneous": True}])
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.full), pytest.param(3, marks=pytest.mark.full)])
def test_outside_the_matches_every_byte_of_every_file_stays(work: Work, seed: int, how: Json, tried: Tried) -> None:
    rng = random.Random(seed)
    made = {f"{number}.{rng.choice(SUFFIXES)}": some_file(rng) for number in range(150)}
    work.write({name: before for name, (before, _) in made.items()})

    plan = work.plan({"op": "find_replace", "roots": ["."], "find": FIND, "replace": PUT, **how})
    assert plan.problems == []
    api.apply(plan)

    changed = 0
    for name, (before, after) in made.items():
        found = (work.tree / name).read_bytes()
        assert found == after, name
        changed += found != before
        tried("files whose bytes outside the matches stayed")
    assert changed > 50


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=6))
def test_a_literal_is_replaced_in_any_bytes(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    folder: Path = tmp_path_factory.mktemp("any")
    before = b"needle".join(piece.replace(b"\0", b"0") for piece in pieces)
    (folder / "f").write_bytes(before)
    (folder / "plan.json").write_text(
        '{"holdfast": 1, "operations": [{"op": "edit", "path": "f", "find": "needle", "replace": "PIN"}]}'
    )

    outcome = api.apply(api.read_plan(str(folder / "plan.json")), state=str(folder / "state"))

    assert isinstance(outcome, api.Committed)
    assert (folder / "f").read_bytes() == before.replace(b"needle", b"PIN")
