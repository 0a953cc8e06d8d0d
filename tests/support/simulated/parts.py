"""The whole bench in small: each part says whether it finds anything wrong with an engine."""

from __future__ import annotations

import errno
from collections.abc import Callable

from core.api import Committed
from core.progress import CancelToken
from tests.support.simulated import programs
from tests.support.simulated.bench import SMALL, Bench, Variant, engine_in_memory
from tests.support.simulated.explorer import Explorer, Found
from tests.support.simulated.faults import Faults
from tests.support.simulated.profiles import STRONG, WEAK
from tests.support.simulated.witness import Witness

_SIDE = "/tree/.~hf-strangerzz-1"
_OWN_SIDE = "/tree/.~hf-simulation-2"  # that of the edited file
_SAVED = ("/tree/code.py", "/tree/sub/gone.txt", "/tree/other/arrived.txt", _SIDE)


def _order(bench: Bench) -> None:
    """Apply once, and roll back once from every call; what is vouched for is durable."""
    calls = Faults(bench).calls()
    for at in range(0, calls, 3):
        fs, token, witness, count = bench.filesystem(), CancelToken(), None, [0]
        witness = Witness(fs)

        def before(verb: str, arguments: tuple[object, ...], at: int = at, token: CancelToken = token) -> None:
            count[0] += 1  # noqa: B023 - called within this turn only
            if count[0] == at:  # noqa: B023
                token.cancel()
            witness(verb, arguments)  # noqa: B023

        fs.before = before
        bench.apply(fs, token)
        if witness.violations:
            raise Found(witness.violations[0])


def _cuts(bench: Bench) -> None:
    Explorer(bench, again=40, stop_at_first=True).explore()


def _syncs(bench: Bench) -> None:
    """Let each sync of a file fail once, and cut the power anywhere after that."""
    fs, syncs = bench.filesystem(), [0]

    def counted(verb: str, arguments: tuple[object, ...]) -> None:
        syncs[0] += verb == "sync_file"

    fs.before = counted
    assert isinstance(bench.apply(fs), Committed)
    explorer = Explorer(bench, stop_at_first=True)
    for number in range(1, syncs[0] + 1):
        explorer.broken_sync = number
        explorer.explore()


def _errors(bench: Bench) -> None:
    faults = Faults(bench, stop_at_first=True)
    for at in range(1, faults.calls() + 1):
        faults.error(at, errno.EIO, for_good=False)
        faults.error(at, errno.ENOSPC, for_good=True)


def _cancels(bench: Bench) -> None:
    faults = Faults(bench, stop_at_first=True)
    for at in range(1, faults.calls() + 1):
        faults.cancel(at)


def _saves(bench: Bench) -> None:
    faults = Faults(bench, stop_at_first=True)
    for at in range(1, faults.calls() + 1):
        for path in _SAVED:
            faults.save(at, path, programs.save_by_renaming)
        faults.save(at, "/tree/code.py", programs.save_unnoticed)
        faults.save(at, _OWN_SIDE, programs.save_if_free)


def _engines(bench: Bench) -> None:
    faults = Faults(bench, stop_at_first=True)
    for at in range(1, faults.calls() + 1):
        faults.recover_meanwhile(at)


_STRONG = Variant("strong", STRONG, batch=SMALL)
_FRESH = Variant("fresh files", STRONG, batch=SMALL, fresh=True)
_WEAK = Variant("weak", WEAK, batch=SMALL)
PARTS: dict[str, tuple[Variant, Callable[[Bench], None]]] = {
    "order of durability": (_WEAK, _order),
    "Cancel at a call": (_STRONG, _cancels),
    "another program saves": (_FRESH, _saves),
    "another engine recovers": (_STRONG, _engines),
    "errors at a call": (_STRONG, _errors),
    "power cuts after a sync that failed": (_STRONG, _syncs),
    "power cuts, strong": (_STRONG, _cuts),
    "power cuts, weak": (_WEAK, _cuts),
}


def caught_by(part: str) -> str:
    """Run a part on the engine as it is now; return what it finds, "" for nothing."""
    kind, tries = PARTS[part]
    try:
        with engine_in_memory(kind) as bench:
            tries(bench)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""
