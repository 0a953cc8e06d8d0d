"""Watches the order of things: nothing that a record vouches for may still be on its way to the disk when it is written."""

from __future__ import annotations

from dataclasses import dataclass, field

from core import names
from core.fs import places
from core.journal import codec
from core.journal.records import Type
from tests.support.simulated.effects import Data, Effect, Names
from tests.support.simulated.filesystem import SimulatedFileSystem

_VOUCHING = {Type.PREPARED.value: "I3", Type.COMMIT.value: "I5", Type.ABORT.value: "I6", Type.END.value: "I1"}
_SWITCHING = frozenset({"exchange", "rename", "replace", "link"})


@dataclass
class Witness:
    """Set it as `before` of a simulated file system. `violations` are named by the invariant of `core.txn`."""

    fs: SimulatedFileSystem
    violations: list[str] = field(default_factory=list)

    def __call__(self, verb: str, arguments: tuple[object, ...]) -> None:
        if verb == "write" and isinstance(arguments[1], bytes):
            self._demand_tree(arguments[1])
        elif verb in ("create", "make_folder", "make_symlink"):
            if names.parse_side(str(arguments[1])) and (late := self._pending(of_tree=False)):
                self.violations.append(f"I1: a side file before its journal is durable: {late[0]}")
        elif verb in _SWITCHING and self._is_tree(arguments) and (late := self._pending(of_tree=False)):
            self.violations.append(f"I3: {verb} while the journal is not durable: {late[0]}")

    def _demand_tree(self, data: bytes) -> None:
        frame = codec.decode(data)
        invariant = _VOUCHING.get(str(frame.record.get("t"))) if frame else None
        late = self._pending(of_tree=True, with_attic=frame is not None and frame.record.get("t") == Type.END.value)
        if invariant == "I6":  # ABORT speaks of the user's names alone
            late = [one for one in late if isinstance(one, Names) and not _is_ours(one)]
        elif invariant == "I1":  # END: of names, since the data of what was removed is nobody's
            late = [one for one in late if isinstance(one, Names)]
        if invariant and late:
            self.violations.append(f"{invariant}: {data[16:60]!r} before it is true on the disk: {late[0]}")

    def _is_tree(self, arguments: tuple[object, ...]) -> bool:
        folder = arguments[0]
        return isinstance(folder, int) and self.fs.fstat(folder).ino not in self._state()

    def _below(self, path: str) -> set[int]:
        top = self.fs.live.find(path)
        return {top, *(number for _, number in self.fs.live.walk(top))} if top else set()

    def _state(self) -> set[int]:
        return self._below("/state")

    def _pending(self, *, of_tree: bool, with_attic: bool = False) -> list[Effect]:
        """Return what may still be on its way; what concerns an attic has to be durable for END alone."""
        attic = self._below("/state/attic") | self._below(f"/{names.attic(places.user())}")
        state = self._state() - attic
        pending = [one for one in self.fs.storage.pending if with_attic or not (_is_in(one, attic) or _is_proof(one))]
        return [one for one in pending if _is_in(one, state) != of_tree]


def _is_ours(effect: Names) -> bool:
    return all(names.parse_side(entry.name) for entry in effect.entries)


def _is_proof(effect: Effect) -> bool:
    """Whether it is about the empty folder that proves that an attic can be reached: nothing is said of that."""
    return isinstance(effect, Names) and all(entry.name == names.proof("simulation", 0) for entry in effect.entries)


def _is_in(effect: Effect, numbers: set[int]) -> bool:
    if isinstance(effect, Names):
        return any(entry.folder in numbers for entry in effect.entries)
    return isinstance(effect, Data) and effect.ino in numbers
