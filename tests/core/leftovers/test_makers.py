"""Which kinds of leftovers are made by their real programs in the tests, and which are built as documented."""

from __future__ import annotations

import pytest

from core.leftovers.kinds import FOLDERS, KINDS
from tests.core.leftovers import (
    test_makers_editors,
    test_makers_languages,
    test_makers_systems,
    test_makers_tools,
    test_makers_transfers,
)
from tests.support import remains
from tests.support.makers import REAL
from tests.support.tried import Tried

MAKERS = (
    test_makers_editors,
    test_makers_languages,
    test_makers_systems,
    test_makers_tools,
    test_makers_transfers,
)  # each notes in REAL what it makes


@pytest.mark.full
def test_every_kind_is_made_by_its_program_or_built_to_its_documented_form(tried: Tried) -> None:
    built = {number for number, *_ in remains.EXAMPLES} | {number for number, _ in remains.FOLDERS}
    assert set(REAL) | built == {line[0] for line in KINDS} | {line[0] for line in FOLDERS} == set(range(1, 87))
    for number in sorted(built - set(REAL)):
        who = next((line[3] for line in KINDS if line[0] == number), "")
        tried(f"kind {number:2} built as documented: {who or next(line[2] for line in FOLDERS if line[0] == number)}")
