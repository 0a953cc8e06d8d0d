"""Journals of any records: what was written is read, a cut reads as a beginning, and no flipped bit goes unseen."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from core.errors import JournalDamaged
from core.journal import attics, codec, records
from core.journal.attics import AtticRef
from core.journal.codec import Record
from core.journal.reader import View
from core.journal.records import FolderRef, Header, Identity, Step, StepKind, Type
from tests.support.simulated.filesystem import SimulatedFileSystem
from tests.support.simulated.image import Image
from tests.support.tried import Tried

text = st.text(st.characters(exclude_characters="\0/"), max_size=8)
names = text.filter(lambda name: name not in (".", ".."))
paths = st.lists(names.filter(bool), max_size=3).map(lambda parts: "/" + "/".join(parts))
numbers = st.integers(0, 2**63 - 1)
identities = st.builds(
    Identity, st.sampled_from(["file", "folder", "symlink"]), numbers, numbers, numbers, text, numbers
)
headers = st.builds(
    Header, text, text, st.floats(0, 2e9), text, text, numbers, numbers, st.booleans(), numbers, numbers
)
folders = st.builds(FolderRef, paths, text, numbers, st.booleans(), st.just(0))
zero = st.just(0)
steps = st.builds(
    Step,
    st.sampled_from(list(StepKind)),
    zero,
    names,
    zero,
    names,
    numbers,
    st.booleans(),
    zero,
    st.none() | identities,
)


@given(headers)
def test_begin_comes_back_as_it_was(header: Header) -> None:
    assert records.read_begin(through(records.begin(header))) == header


@given(st.lists(folders, max_size=4))
def test_folders_come_back_as_they_were(rows: list[FolderRef]) -> None:
    assert records.read_folders(through(records.folders(rows))) == rows


@given(st.lists(steps, max_size=4))
def test_steps_come_back_as_they_were(rows: list[Step]) -> None:
    assert records.read_steps(through(records.steps(rows)), 1) == rows


@given(st.integers(0, 1000), st.lists(st.none() | identities, max_size=4))
def test_what_was_staged_comes_back_as_it_was(chunk: int, rows: list[Identity | None]) -> None:
    record = through(records.staged(chunk, rows))
    assert (records.staged_chunk(record), records.read_staged(record)) == (chunk, rows)


@given(numbers, st.none() | identities)
def test_done_comes_back_as_it_was(number: int, now: Identity | None) -> None:
    assert records.read_done(through(records.done(number, now))) == (number, now)


def through(record: Record) -> Record:
    """Send a record through a frame."""
    frame = codec.decode(codec.encode(record, 7))
    assert frame is not None
    return frame.record


def written(header: Header, rows: list[Step]) -> list[Record]:
    """Return one record of every kind, in an order in which they can appear."""
    return [
        records.begin(header),
        records.folders([FolderRef("/f", "v", 1, True, 0)]),
        records.steps(rows),
        attics.attics([AtticRef("v", "/", 0, ("/attic",))]),
        {"t": Type.BEGUN},
        records.staged(0, [None] * len(rows)),
        attics.held([0]),
        {"t": Type.PREPARED},
        records.done(0, None),
        {"t": Type.FORWARD},
        {"t": Type.COMMIT, "at": 0.0},
        {"t": Type.ABORT},
        {"t": Type.END},
    ]


def journal(header: Header, rows: list[Step]) -> list[bytes]:
    """Return the frames of a whole journal."""
    return [codec.encode(record, number) for number, record in enumerate(written(header, rows))]


def kinds(data: bytes) -> set[Type]:
    """Read a journal as recovery does, and name the records that it believes."""
    image = Image.empty()
    image.add_tree({"/journal": data})
    fs = SimulatedFileSystem(image)
    return View.read(fs, fs.open(fs.open_folder("/"), "journal")).seen


def whole(frames: list[bytes], length: int) -> int:
    """Return how many frames end within so many bytes."""
    return sum(1 for end in accumulate(map(len, frames)) if end <= length)


def demand_that_a_flip_is_caught(frames: list[bytes], bit: int) -> None:
    """Damage in the middle is never believed; at the end it takes the last record away, as a cut does."""
    spoilt = bytearray(b"".join(frames))
    spoilt[bit // 8] ^= 1 << bit % 8
    in_last = bit // 8 >= len(spoilt) - len(frames[-1])
    try:
        found = kinds(bytes(spoilt))
    except JournalDamaged:
        assert not in_last, bit
    else:
        assert in_last and found == set(ORDER[:-1]), bit


ORDER = list(Type)
SMALLEST = Header("t", "n", 0.0, "h", "b", 1, 1, False, 1, 1)
STEP = Step(StepKind.EXCHANGE, 0, "a", 0, "a", 0, True, 0, Identity("file", 1, 1, 1, "d", 1))


def test_a_journal_of_every_kind_of_record_is_caught_with_any_bit_flipped(tried: Tried) -> None:
    frames = journal(SMALLEST, [STEP])
    assert kinds(b"".join(frames)) == set(Type)
    for bit in range(sum(map(len, frames)) * 8):
        demand_that_a_flip_is_caught(frames, bit)
        tried("bits flipped in a journal")


def test_a_journal_of_every_kind_of_record_reads_as_its_beginning_wherever_it_is_cut(tried: Tried) -> None:
    frames = journal(SMALLEST, [STEP])
    data = b"".join(frames)
    for length in range(len(data)):
        assert kinds(data[:length]) == set(ORDER[: whole(frames, length)]), length
        tried("lengths that a journal was cut to")


@given(headers, st.lists(steps, max_size=3), st.data())
def test_any_journal_that_is_cut_anywhere_reads_as_its_beginning(
    header: Header, rows: list[Step], data: st.DataObject
) -> None:
    frames = journal(header, rows)
    cut = data.draw(st.integers(0, sum(map(len, frames)) - 1))
    assert kinds(b"".join(frames)[:cut]) == set(ORDER[: whole(frames, cut)])


@given(headers, st.lists(steps, max_size=3), st.data())
def test_any_bit_that_flips_is_damage_or_takes_the_last_record_away(
    header: Header, rows: list[Step], data: st.DataObject
) -> None:
    frames = journal(header, rows)
    demand_that_a_flip_is_caught(frames, data.draw(st.integers(0, sum(map(len, frames)) * 8 - 1)))
