"""What goes wrong: each part is a stream of trials, one for each point at which it can go wrong."""

from __future__ import annotations

import errno
import itertools
import os
import random
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from tests.support.disks import Disk
from tests.support.torture.bench import Bench, at
from tests.support.torture.held import Call, Decide, Do
from tests.support.torture.judge import Verdict

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
_CUTS_AFTER_EXIT = 12
_DEATHS_BEFORE_RECOVERY = 20
_ROOM = range(0, 1_000, 20)  # KiB left on the full disk: from nothing to more than any subject needs

_T = TypeVar("_T")


@dataclass(frozen=True)
class Trial:
    """A point that was tried, in words, and what it left."""

    point: str
    verdict: Verdict


class Sample:
    """Takes everything, or only so many of each list: by chance, but always the same. `left_out`: it was not everything."""

    def __init__(self, at_most: int | None = None) -> None:
        self._at_most = at_most
        self.left_out = False

    def __call__(self, points: Iterable[_T]) -> list[_T]:
        everything = list(points)
        if self._at_most is None or len(everything) <= self._at_most:
            return everything
        self.left_out = True
        chosen = sorted(random.Random(1).sample(range(len(everything)), self._at_most))
        return [everything[index] for index in chosen]


@dataclass(frozen=True)
class Part:
    """A row of the page. `disk` names the kind of disk that it needs, "" for none."""

    title: str
    trials: Callable[[Bench, Sample, Disk | None], Iterator[Trial]]
    disk: str = ""


def _named(call: Call) -> str:
    return f"call {call.number} ({call.name})"


def _killed(bench: Bench, sample: Sample, disk: Disk | None) -> Iterator[Trial]:
    for call in sample(bench.calls):
        yield Trial(f"killed before {_named(call)}", bench.verdict(_die_at(bench, call)))


def _killed_half_way(bench: Bench, sample: Sample, disk: Disk | None) -> Iterator[Trial]:
    for call in sample(one for one in bench.calls if one.can_end_half_way):
        bench.reset()
        code = bench.run(at(call.number, lambda _: Do.DIE_HALF_WAY)).code
        yield Trial(f"killed half-way through {_named(call)}", bench.verdict(code))


def _killed_in_recovery(bench: Bench, sample: Sample, disk: Disk | None) -> Iterator[Trial]:
    """Killed at some calls of apply; from each of these at every call of the recovery, which is then begun again."""
    deaths = Sample(_DEATHS_BEFORE_RECOVERY)
    for first in sample(deaths(bench.calls)):
        for call in sample(_recovery_after(bench, first)):
            code = _die_at(bench, first)
            bench.begin_to_recover(code, at(call.number, lambda _: Do.DIE))
            yield Trial(f"killed before {_named(first)}, then before {_named(call)} of recovery", bench.verdict(code))
    sample.left_out |= deaths.left_out


def _recovery_after(bench: Bench, first: Call) -> list[Call]:
    return bench.begin_to_recover(_die_at(bench, first))


def _die_at(bench: Bench, call: Call) -> int:
    bench.reset()
    return bench.run(at(call.number, lambda _: Do.DIE)).code


def _signalled(number: signal.Signals) -> Callable[[Bench, Sample, Disk | None], Iterator[Trial]]:
    def send(call: Call) -> Do:
        os.killpg(os.getpgid(call.process), number)
        return Do.GO_ON

    def trials(bench: Bench, sample: Sample, disk: Disk | None) -> Iterator[Trial]:
        for call in sample(bench.calls):
            bench.reset()
            code = bench.run(at(call.number, send)).code
            yield Trial(f"{number.name} at {_named(call)}", bench.verdict(code))

    return trials


def _failing(bench: Bench, sample: Sample, disk: Disk | None) -> Iterator[Trial]:
    for number, first in sample(itertools.product(ERRORS, bench.calls)):
        bench.reset()
        code = bench.run(_fail(number, range(first.number, first.number + 1))).code
        yield Trial(f"{errno.errorcode[number]} at {_named(first)}", bench.verdict(code))


def _failing_from(bench: Bench, sample: Sample, disk: Disk | None) -> Iterator[Trial]:
    for number, first in sample(itertools.product(ERRORS, bench.calls)):
        bench.reset()
        code = bench.run(_fail(number, range(first.number, sys.maxsize))).code
        yield Trial(f"{errno.errorcode[number]} from {_named(first)} on", bench.verdict(code))


def _fail(number: int, calls: range) -> Decide:
    return lambda call: number if call.number in calls else Do.GO_ON


def _cut_after_exit(bench: Bench, sample: Sample, disk: Disk | None) -> Iterator[Trial]:
    """Each time the kernel has written back what was there at another call, as it does now and then."""
    assert disk is not None
    for number in sample(range(_CUTS_AFTER_EXIT)):
        bench.reset()
        disk.sync()
        written = number * len(bench.calls) // _CUTS_AFTER_EXIT
        code = bench.run(at(written, lambda _: _write_back(disk))).code
        disk.cut()
        disk.restart()
        yield Trial(f"power cut after exit {code}, written back at call {written} (0: never)", bench.verdict(code))


def _cut_at_call(bench: Bench, sample: Sample, disk: Disk | None) -> Iterator[Trial]:
    """Twice at each call: nothing written back but what was synced, and everything up to a call before."""
    assert disk is not None
    for call, is_written_back in sample(itertools.product(bench.calls, (False, True))):
        written = random.Random(call.number).randint(1, call.number) if is_written_back else 0
        bench.reset()
        disk.sync()

        def decide(held: Call, written: int = written, last: int = call.number) -> Do:
            if held.number == written:
                _write_back(disk)
            return _cut(disk) if held.number == last else Do.GO_ON

        code = bench.run(decide).code
        disk.restart()
        yield Trial(f"power cut at {_named(call)}, written back at call {written} (0: never)", bench.verdict(code))


def _write_back(disk: Disk) -> Do:
    disk.sync()
    return Do.GO_ON


def _cut(disk: Disk) -> Do:
    disk.cut()
    return Do.DIE


def _full(bench: Bench, sample: Sample, disk: Disk | None) -> Iterator[Trial]:
    """The disk is as full at recovery as it was."""
    assert disk is not None
    filler = disk.path / "filler"
    for room in sample(_ROOM):
        filler.unlink(missing_ok=True)
        bench.reset()
        disk.sync()
        _fill(filler, room << 10)
        code = bench.run().code
        yield Trial(f"disk full but for {room} KiB", bench.verdict(code))


def _fill(filler: os.PathLike[str], room: int) -> None:
    """Fill the disk to the brim and give so many bytes back: how much ext4 keeps for itself nobody can ask."""
    handle = os.open(filler, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        piece = 1 << 26
        while piece >= os.fstatvfs(handle).f_frsize:
            if not _took(handle, piece):
                piece //= 2
        os.ftruncate(handle, os.fstat(handle).st_size - room)
        os.fsync(handle)  # what was given back can be taken from then on
    finally:
        os.close(handle)


def _took(handle: int, piece: int) -> bool:
    try:
        os.posix_fallocate(handle, os.fstat(handle).st_size, piece)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return False
    return True


def _saved_meanwhile(bench: Bench, sample: Sample, disk: Disk | None) -> Iterator[Trial]:
    """A file of each kind of change, at each call: written in place, and renamed into place."""
    points = itertools.product(bench.calls, bench.subject.batch.saved(), ("in place", "by rename"))
    for call, path, how in sample(points):
        bench.reset()
        text = f"what another program saved {how} at call {call.number}\n"

        def save(_: Call, path: str = path, how: str = how, text: str = text) -> Do:
            _save(os.path.join(bench.place.tree, path), how, text)
            return Do.GO_ON

        code = bench.run(at(call.number, save)).code
        yield Trial(f"{path} saved {how} at {_named(call)}", bench.verdict_with_save(code, path, text))


def _save(target: str, how: str, text: str) -> None:
    aside = target + ".editor"
    with open(target if how == "in place" else aside, "w") as file:
        file.write(text)
    if how == "by rename":
        os.replace(aside, target)


ALL = [
    Part("SIGKILL before every call", _killed),
    Part("SIGKILL half-way through every write", _killed_half_way),
    Part("SIGKILL before every call of recovery", _killed_in_recovery),
    Part("SIGINT at every call", _signalled(signal.SIGINT)),
    Part("SIGTERM at every call", _signalled(signal.SIGTERM)),
    Part("an error at every call, once", _failing),
    Part("an error at every call and all after it", _failing_from),
    Part("power cut after exit 0, ext4", _cut_after_exit, "ext4"),
    Part("power cut after exit 0, xfs", _cut_after_exit, "xfs"),
    Part("power cut at every call, ext4", _cut_at_call, "ext4"),
    Part("power cut at every call, xfs", _cut_at_call, "xfs"),
    Part("disk full, ext4", _full, "ext4"),
    Part("another program saves at every call", _saved_meanwhile),
]
