"""The door to leftovers: finding and watching them, clearing them, restoring from them, keeping and ignoring.

    found = scan(roots)                        # what is there, in parts; `watch` goes on with what changes
    chosen, too_much = preselected(found)      # what may go without being looked at
    cleared = clear(map(shown, chosen))        # a batch: all of it, or none; undone like any other

What `core.memory` is for batches that have ended, this is for files that somebody else left behind.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core import api
from core.api import Outcome, Plan, Reason, RolledBack
from core.fs import walk
from core.journal.home import Home
from core.leftovers import vim
from core.leftovers.aside import Aside
from core.leftovers.clear import clear as _plan
from core.leftovers.clear import preselected
from core.leftovers.identify import Identifier, Leftover
from core.leftovers.judge import Reason as Advised
from core.leftovers.news import News
from core.leftovers.own import OwnBatches
from core.leftovers.restore import Json, Missing, is_as_shown, restore
from core.leftovers.scan import scan as _scan
from core.leftovers.shown import Fate, Left, Shown, shown
from core.leftovers.trash import to_trash
from core.plan import planfile
from core.progress import CancelToken, Meter

__all__ = [
    "Cleared",
    "Fate",
    "Left",
    "Leftover",
    "Missing",
    "Shown",
    "clear",
    "forget",
    "goal",
    "ignore",
    "keep",
    "look",
    "operations",
    "preselected",
    "restore",
    "restore_plan",
    "scan",
    "shown",
    "trash",
    "watch",
]

_FURTHER_ATTEMPTS = 4
VIM_SWAP = 1  # its number in the catalogue


@dataclass(frozen=True, slots=True)
class Cleared:
    """How clearing ended, as a batch, and what was left where it is, with the reasons."""

    outcome: Outcome
    left: tuple[Fate, ...]


def scan(
    roots: Iterable[str],
    *,
    state: str | None = None,
    meter: Meter | None = None,
    token: CancelToken | None = None,
    everything: bool = False,
) -> Iterator[News]:
    """Yield the leftovers in and below folders, in parts, and how much was seen. Raises `Cancelled` through `token`.

    `everything`: also what is never to be touched, and what was put aside.
    """
    with api.opened(state) as home:
        identifier = _identifier(home, state, everything=everything)
        yield from _scan(map(home.fs.resolve, roots), identifier, meter or Meter(), token or CancelToken())


def watch(
    roots: Iterable[str], *, state: str | None = None, meter: Meter | None = None, token: CancelToken | None = None
) -> Iterator[News]:
    """Do as `scan`, and go on with what changes until `Cancelled` through `token`, or until the iterator is closed.

    Runs a thread meanwhile. Between news it blocks for at most a tenth of a second before it looks at the token.
    """
    from core.leftovers.live import Live  # here, since nothing else needs the library that watches

    with api.opened(state) as home:
        identifier = _identifier(home, state)
        yield from Live(map(home.fs.resolve, roots), identifier, meter or Meter(), token or CancelToken()).news()


def _identifier(home: Home, state: str | None, *, everything: bool = False) -> Identifier:
    own = OwnBatches(home)
    if everything:
        return Identifier(own, protected=True)
    aside = Aside(state)
    return Identifier(own, hides=aside.hides, decided=aside.version)


def trash(wanted: Iterable[Shown], *, state: str | None = None, token: CancelToken | None = None) -> list[Fate]:
    """Move leftovers to the desktop's trash, each only while it is the file that was shown; never raises for one."""
    with api.opened(state) as home:
        return to_trash(Identifier(OwnBatches(home), protected=True), wanted, token or CancelToken())


def clear(
    wanted: Iterable[Shown],
    *,
    undo: bool = True,
    name: str = "",
    state: str | None = None,
    meter: Meter | None = None,
    token: CancelToken | None = None,
) -> Cleared:
    """Delete leftovers in one batch, each only while it is the file that was shown; the others stay, with the reason.

    `undo` False: no previous versions are kept, so it cannot be undone, and the space is free at once. `name`: what the
    batch is called, if not by what it clears. What another
    program changes in the very moment of the batch is left out, and the rest tried again.

    Raises `Cancelled` through `token` while nothing has begun; after that the outcome tells.
    """
    going, late = list(wanted), []
    cleared = _try(going, state, meter or Meter(), token or CancelToken(), undo=undo, name=name)
    for _ in range(_FURTHER_ATTEMPTS):
        outcome = cleared.outcome
        if not isinstance(outcome, RolledBack) or outcome.reason is not Reason.CONFLICT:
            break
        late.append(Fate(outcome.path, Left.CHANGED))
        going = [one for one in going if one.path != outcome.path]
        cleared = _try(going, state, meter or Meter(), token or CancelToken(), undo=undo, name=name)
    return Cleared(cleared.outcome, (*cleared.left, *late))


def _try(going: list[Shown], state: str | None, meter: Meter, token: CancelToken, *, undo: bool, name: str) -> Cleared:
    with api.opened(state) as home:
        plan, left = _plan(home.fs, Identifier(OwnBatches(home), protected=True), going, meter, token, name=name)
    try:
        outcome = api.apply(plan, state=state, meter=meter, token=token, undo=undo)
    finally:
        plan.close()
    return Cleared(outcome, tuple(left))


def look(path: str, *, state: str | None = None) -> Leftover | None:
    """Return what a single file is; None where it is no leftover. Raises OSError where the folder cannot be resolved."""
    folder, name = os.path.split(path)
    with api.opened(state) as home:
        return Identifier(OwnBatches(home), protected=True).identify(home.fs.resolve(folder), name)


def goal(found: Leftover) -> str:
    """Return which file gets the content of a leftover; "" where nothing tells. What may be a part gets a new name."""
    if found.number == VIM_SWAP:
        return vim.original(found.path)
    if found.reason is not Advised.PERHAPS_PARTIAL:
        return found.original
    stem, ending = os.path.splitext(found.original)
    return f"{stem} (recovered){ending}"


def operations(found: Leftover, original: str, *, expect: str = "", remove: bool = False) -> list[Json]:
    """Return the operations of a plan file that give an original the content of a leftover.

    Of a Vim swap file it is the text that Vim recovers from it; the swap file stays, whatever is asked for: whether the
    recovery was good only its user can tell. Raises NotRecovered, NotRestorable and Missing, as `restore_plan`.
    """
    if found.number != VIM_SWAP:
        return restore(found.path, original, expect=expect, remove=remove)
    text = base64.b64encode(vim.recovered(found.path)).decode("ascii")
    return [{"op": "write", "path": original, "base64": text}]


def restore_plan(
    found: Leftover,
    original: str,
    *,
    remove: bool = False,
    name: str = "",
    meter: Meter | None = None,
    token: CancelToken | None = None,
) -> Plan:
    """Plan giving an original the content of a leftover; what the original holds goes to History. Both are absolute.

    `name`: what the batch is called, if not by the original.

    Raises:
        NotRecovered: Vim is not here, or recovers nothing.
        NotRestorable, Missing: see `core.leftovers.restore`; Missing also where it is not the file that was shown.
        Cancelled: through `token`.
    """
    raw = operations(found, original, remove=remove)
    plan = api.evaluate(
        [planfile.parse(one, "/") for one in raw],
        name=name or f"Restore {os.path.basename(original)}",
        meter=meter,
        token=token,
    )
    swap = found.number == VIM_SWAP  # its text is Vim's, and no file's
    if not _is_untouched(found) or not (swap or plan.problems or is_as_shown(api.file_system(), plan, found, original)):
        plan.close()
        raise Missing(path=found.path)
    return plan


def _is_untouched(found: Leftover) -> bool:
    now = walk.look(found.path)
    if now is None:
        return False
    return (now.ino, now.size, now.mtime, now.changed) == (found.ino, found.size, found.mtime, found.changed)


def keep(found: Iterable[Leftover], *, state: str | None = None) -> None:
    """Tell of these leftovers no more, until they change. Raises OSError."""
    Aside(state).keep(found)


def ignore(number: int, folder: str, *, state: str | None = None) -> None:
    """Tell of a kind, by its number in the catalogue, no more in and below a folder. Raises OSError."""
    Aside(state).ignore(number, folder)


def forget(folder: str, *, state: str | None = None) -> int:
    """Take back what was decided in and below a folder; return how many decisions that were. Raises OSError."""
    return Aside(state).forget(folder)
