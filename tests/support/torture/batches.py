"""What every subject is asked to do: a tree, the changes, and the same changes in each subject's own form."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

Files = dict[str, str]
# Longer than the old, so that a full disk has no room for it.
OLD, NEW = "old", "entirely_new"


@dataclass(frozen=True)
class Change:
    """One change: `how` is write, create, delete or move; `text` what is written, `to` where a move goes."""

    how: str
    path: str
    text: str = ""
    to: str = ""


@dataclass(frozen=True)
class Batch:
    """Files by their path below the tree, and what is to become of them. `links` are further names of some of them."""

    name: str
    files: Files
    changes: tuple[Change, ...]
    links: dict[str, str] = field(default_factory=dict)

    def build(self, tree: Path) -> None:
        """Make the files."""
        write_files(tree, self.files)
        for name, path in self.links.items():
            (tree / name).parent.mkdir(exist_ok=True)
            os.link(tree / path, tree / name)

    def links_hold(self, tree: Path) -> bool:
        """Whether every further name still is one of the same file."""
        return all(os.path.samefile(tree / name, tree / path) for name, path in self.links.items())

    def after(self) -> Files:
        """Return the files as they are to be, under all of their names."""
        files = self._changed()
        return files | {name: files[path] for name, path in self.links.items()}

    def _changed(self) -> Files:
        files = dict(self.files)
        for change in self.changes:
            if change.how in ("write", "create"):
                files[change.path] = change.text
            elif change.how == "move":
                files[change.to] = files.pop(change.path)
            else:
                del files[change.path]
        return files

    def saved(self) -> list[str]:
        """Return what another program saves meanwhile: the largest file of each kind of change, and where a move goes."""
        kinds: dict[str, str] = {}
        for change in sorted(self.changes, key=lambda change: len(self.files.get(change.path, ""))):
            if change.path in self.files:
                kinds["edit" if self._is_edit(change) else change.how] = change.path
        return [*kinds.values(), *(change.to for change in self.changes if change.how == "move")]

    def _is_edit(self, change: Change) -> bool:
        return change.how == "write" and change.text == _new(self.files.get(change.path, ""))

    def write_forms(self, folder: Path, tree: Path) -> None:
        """Write the batch into `folder`: a plan for Holdfast, a list for loops in Python, a patch for git."""
        (folder / "plan.json").write_text(json.dumps({"holdfast": 1, "operations": list(self._operations(tree))}))
        listed = [asdict(change) | {"path": str(tree / change.path)} for change in self.changes]
        for one in listed:
            one["to"] = one["to"] and str(tree / one["to"])
        (folder / "changes.json").write_text(json.dumps(listed))
        for name, files in (("before", self.files), ("after", self._changed())):
            write_files(folder / name, files)
        command = ["git", "diff", "--no-index", "--find-renames", "before", "after"]
        made = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        (folder / "patch.diff").write_bytes(made.stdout)

    def _operations(self, tree: Path) -> Iterator[dict[str, str]]:
        """Each with the digest of what its preview saw, as in any plan that was previewed."""
        for change in self.changes:
            operation = self._operation(change) | {"path": str(tree / change.path)}
            if change.how == "move":
                operation["to"] = str(tree / change.to)
            if change.path in self.files:
                digest = hashlib.sha256(self.files[change.path].encode()).hexdigest()
                operation["expect"] = f"sha256:{digest}"
            if change.path in self.links.values():
                operation["links"] = "keep"
            yield operation

    def _operation(self, change: Change) -> dict[str, str]:
        if self._is_edit(change):
            return {"op": "edit", "find": OLD, "replace": NEW}
        if change.how == "write":
            return {"op": "replace", "text": change.text}
        return {"op": change.how} | ({"text": change.text} if change.text else {})


def write_files(folder: Path, files: Files) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def read_files(folder: Path) -> Files:
    """Return every file below a folder."""
    return {
        os.path.relpath(os.path.join(above, name), folder): Path(above, name).read_text(errors="replace")
        for above, _, names in os.walk(folder)
        for name in names
    }


def _lines(name: str, number: int) -> str:
    return "".join(f"{name}: line {line} calls old_name()\n" for line in range(number))


def _new(text: str) -> str:
    return text.replace(OLD, NEW)


def _edits() -> Batch:
    sizes = {"a.txt": 3, "b.txt": 40, "big.txt": 5000, "sub/c.txt": 3, "sub/d.txt": 200, "sub/e.txt": 3}
    sizes |= {"other/f.txt": 1000, "other/g.txt": 3}
    files = {path: _lines(path, number) for path, number in sizes.items()}
    return Batch("eight edits", files, tuple(Change("write", path, _new(text)) for path, text in files.items()))


def _kinds() -> Batch:
    sizes = {"big.txt": 5000, "small.txt": 3, "code.py": 200, "sub/page.txt": 1000, "sub/part.txt": 40}
    files = {path: _lines(path, number) for path, number in sizes.items()}
    files |= {
        "sub/gone.txt": "to be deleted\n" * 9,
        "sub/wanders.txt": "to be moved\n" * 20,
        "other/stays.txt": "stays\n",
    }
    return Batch(
        "one of each kind",
        files,
        (
            Change("write", "big.txt", "".join(f"{line}: all new\n" for line in range(20_000))),
            Change("write", "small.txt", "small and all new\n"),
            Change("write", "code.py", _new(files["code.py"])),
            Change("write", "sub/page.txt", _new(files["sub/page.txt"])),
            Change("write", "sub/part.txt", _new(files["sub/part.txt"])),
            Change("create", "made/fresh.txt", "fresh\n" * 30),
            Change("delete", "sub/gone.txt"),
            Change("move", "sub/wanders.txt", to="other/arrived.txt"),
        ),
    )


def _linked() -> Batch:
    written = [change.path for change in KINDS.changes if change.how == "write"]
    links = {f"names/{number}": path for number, path in enumerate(written)}
    return Batch("one of each kind, hard links kept", KINDS.files, KINDS.changes, links)


EDITS = _edits()
KINDS = _kinds()
LINKED = _linked()
