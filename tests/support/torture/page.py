"""The page of figures, in Markdown. Every number on it comes from the cells it is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.support.torture.batches import EDITS, KINDS
from tests.support.torture.cells import Cell
from tests.support.torture.judge import MEANING, Verdict

_HEAD = """# The torture page

Holdfast and what people use instead, each as a foreign process under the same bench. Each program makes eight changes to
a small tree, again and again, and is held before every system call by which it creates, changes, renames, removes or
syncs a file. At one such call after another something goes wrong. Then what the program has for recovery is run:
`holdfast recover`; for repren `--undo` and `--clean-backups`, as its exit code suggests; the others have nothing. Then
the tree is compared with the two that are right.

**Right** is the tree exactly as before or exactly as after, with nothing else lying about; after exit 0 only as after;
and what another program saved meanwhile must be in sight under some name. Everything else is a violation. A figure is
**violations / points tried**; a dash means that there was nothing to try, a star that a sample of the points was tried.
"""

_INTRODUCTIONS = {
    KINDS.name: "Two files written anew, three edited, one created in a new folder, one deleted, one moved to another folder.",
    EDITS.name: "The same word replaced in eight files, from 3 lines to 5,000. For programs that can do no more than that.",
}

_FALLBACKS = """## Holdfast where names cannot be exchanged

The batch with one of each kind. Where the kernel can neither exchange two names nor rename without replacing, an edit
goes by a hard link and a rename, a move or a deletion by a hard link and an unlink; without hard links, an edit goes by
a durable copy and a rename, a move or a deletion by a look and a rename. What another program puts under a name between
the check and that last step is lost: this is the window, and the last row counts the moments that are in it. The bench
lets the calls fail as they would there, so these are the figures of the fallback, not of one file system.

In place: every file that is written has a second name and is to keep it, so its new content is written into the file
itself, beside a durable copy of the old. What another program saves into such a file between the check and the end of
that writing may be lost.
"""

_LIMITS = """## What it does not show

- A device that forgets what it has acknowledged: a power cut here loses what the kernel has not written, no more.
- Waiting for ever: a program that takes longer than half a minute is killed, and judged like one that was.
- Writes through mapped memory and io_uring. None of these programs uses them.
- How Holdfast starts: its processes are forked from one that has imported it, since starting takes longer than all the
  rest. `tests/crash/test_torture.py` holds one that was started against one that was not: they make the same calls.
- Errors are given at every call alike, also where a real disk would rarely give that one: {errors}.
- Holdfast's plan carries the digest of what its preview saw, so it notices also what was saved before it began. The others
  have nothing of that kind, and write over it.
- `git apply` was run outside a repository. Inside one, a person can put back by hand what was committed before.

## How to rebuild it

    .venv/bin/python packaging/torture.py --document FILE    # as root, for the loop devices; an hour on two cores
    .venv/bin/python packaging/torture.py --quick            # a sample of each part, in minutes, on standard output

FILE is the document of EXEC-004, the pattern that Holdfast grew from; its code is tried as it stands there. repren and
atomicwrites are installed into an environment that goes again. The bench is `tests/support/torture`.
"""


@dataclass(frozen=True)
class Facts:
    """When and where it was measured, in words; `errors` names the errors given."""

    when: str
    machine: str
    programs: str
    errors: str


def render(cells: list[Cell], facts: Facts) -> str:
    """Return the page."""
    parts = [_HEAD, f"Measured on {facts.when}.\n{facts.machine}.\n{facts.programs}.\n"]
    for batch in (KINDS, EDITS):
        chosen = [cell for cell in cells if cell.batch == batch.name and not cell.is_fallback]
        if chosen:
            parts += [f"## {batch.name[0].upper()}{batch.name[1:]}\n\n{_INTRODUCTIONS[batch.name]}\n", _table(chosen)]
    fallbacks = [cell for cell in cells if cell.is_fallback]
    if fallbacks:
        parts += [_FALLBACKS, _table(fallbacks)]
    parts += [_violations(cells), _LIMITS.format(errors=facts.errors)]
    return "\n".join(parts)


def _table(cells: list[Cell]) -> str:
    subjects, titles = _names(cell.subject for cell in cells if cell.tried), _names(cell.part for cell in cells)
    found = {(cell.part, cell.subject): cell for cell in cells}
    lines = [_row(["", *subjects]), "|---|" + "---:|" * len(subjects)]
    calls = [next((cell.calls for cell in cells if cell.subject == subject), 0) for subject in subjects]
    lines.append(_row(["calls in a run", *(str(number or "–") for number in calls)]))
    lines += [_row([title, *(_figure(found.get((title, subject))) for subject in subjects)]) for title in titles]
    return "\n".join([*lines, "", *_left_out(cells)])


def _figure(cell: Cell | None) -> str:
    if cell is None or not cell.tried:
        return "–"
    return f"{cell.violations:,} / {cell.tried:,}{'*' if cell.is_sample else ''}"


def _row(columns: Iterable[str]) -> str:
    return f"| {' | '.join(columns)} |"


def _names(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _left_out(cells: list[Cell]) -> Iterator[str]:
    reasons = _names(f"{cell.subject}: {cell.missing}" for cell in cells if cell.missing)
    for reason in reasons:
        yield f"Left out: {reason}.\n"


def _violations(cells: list[Cell]) -> str:
    kinds = list(MEANING)
    lines = ["## What the violations were\n", *(f"- **{kind}**: {MEANING[kind]}." for kind in kinds), ""]
    lines += [_row(["", "tried", *kinds, "the worst, for instance"]), "|---|" + "---:|" * (len(kinds) + 1) + "---|"]
    tried = [cell for cell in cells if cell.tried]
    for subject, batch in dict.fromkeys((cell.subject, cell.batch) for cell in tried):
        chosen = [cell for cell in tried if (cell.subject, cell.batch) == (subject, batch)]
        found = sum((cell.found for cell in chosen), Counter[Verdict]())
        points = sum(cell.tried for cell in chosen)
        lines.append(
            _row([f"{subject}, {batch}", f"{points:,}", *(f"{found[kind]:,}" for kind in kinds), _worst(chosen)])
        )
    return "\n".join([*lines, ""])


def _worst(cells: list[Cell]) -> str:
    for kind in reversed(MEANING):
        for cell in cells:
            if kind in cell.examples:
                return f"{kind}: {cell.examples[kind]}"
    return "–"
