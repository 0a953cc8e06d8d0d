"""What a journal says about attics is checked when it is read: things are moved and removed there."""

from __future__ import annotations

import pytest

from core.errors import JournalDamaged
from core.journal import attics
from core.journal.attics import NOWHERE, AtticRef
from core.journal.records import FolderRef

REF = AtticRef("ext4:1", "/home", 0, ("/home/me/state/attic", "/home/.holdfast-attic-1000"))


def test_what_is_written_is_read() -> None:
    assert attics.read_attics(attics.attics([REF]), 1) == [REF]
    assert attics.read_held(attics.held([1]), [REF]) == [1]
    assert attics.read_held(attics.held([NOWHERE]), [REF]) == [NOWHERE]


@pytest.mark.parametrize(
    "root", ["/home/me/documents", "attic", "/home/../etc/attic", "/", "", "/home/attic/", "/a\0b/attic", 7, None]
)
def test_a_place_that_is_no_attic_is_not_believed(root: object) -> None:
    record = attics.attics([REF._replace(roots=(root,))])  # type: ignore[arg-type]
    with pytest.raises(JournalDamaged):
        attics.read_attics(record, 1)


@pytest.mark.parametrize("lie", [{"a": None}, {"a": [[]]}, {"a": [["v", "m", 1, []]]}, {"a": [["v", 2, 0, []]]}, {}])
def test_a_record_of_another_shape_is_not_believed(lie: dict[str, object]) -> None:
    with pytest.raises(JournalDamaged):
        attics.read_attics({"t": "attics", **lie}, 1)


@pytest.mark.parametrize("chosen", [[2], [-2], [], [0, 0], ["0"], None])
def test_a_choice_that_was_not_offered_is_not_believed(chosen: object) -> None:
    with pytest.raises(JournalDamaged):
        attics.read_held({"t": "held", "r": chosen}, [REF])


def test_a_folder_belongs_to_the_mount_that_holds_it() -> None:
    def folder(path: str, volume: str = "ext4:1") -> FolderRef:
        return FolderRef(path, volume, 1, True, 0)

    assert REF.is_for(folder("/home")) and REF.is_for(folder("/home/me"))
    assert not REF.is_for(folder("/homes")) and not REF.is_for(folder("/home/me", "xfs:1"))
