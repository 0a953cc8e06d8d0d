"""Bytes are found wherever they are, by whichever way is the fastest here."""

from __future__ import annotations

import random

import pytest

from core.content import occurs as module
from core.content.occurs import occurs


@pytest.fixture(params=["as the C library finds them", "as Python finds them"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "as Python finds them":
        monkeypatch.setattr(module, "_memmem", None)


@pytest.mark.usefixtures("either_way")
def test_bytes_occur_where_python_says_so_also_among_zeros() -> None:
    rng = random.Random(4)
    for _ in range(5_000):
        data = bytes(rng.choices(b"ab\0\xff", k=rng.randrange(40)))
        needle = bytes(rng.choices(b"ab\0\xff", k=rng.randrange(1, 6)))

        assert occurs(needle, data) is (needle in data)


@pytest.mark.usefixtures("either_way")
def test_the_first_and_the_last_bytes_of_a_block_count() -> None:
    block = b"x" * 300_000

    assert occurs(b"begin", b"begin" + block)
    assert occurs(b"end", block + b"end")
    assert not occurs(b"end", block + b"en")
    assert not occurs(b"longer than all there is", b"longer")
