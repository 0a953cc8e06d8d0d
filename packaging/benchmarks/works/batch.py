"""The batch that several works measure: every file of a tree gets new content of the same size."""

from __future__ import annotations

import os
from collections.abc import Iterator

from harness import Settings, sync

from core import api, helper
from core.plan.operations import Material, Replace

_IN_A_FOLDER = 100


def content(number: int, settings: Settings, word: str) -> bytes:
    """Return what file `number` holds: no two files the same, nor the same file before and after."""
    return f"{word} {number}\n".encode().ljust(settings.size, b".")


def path(folder: str, number: int) -> str:
    """Return where file `number` lies."""
    return f"{folder}/tree/{number // _IN_A_FOLDER:05}/{number:07}"


def make_folders(folder: str, settings: Settings) -> None:
    """Make the folders of a tree, durably."""
    for number in range(0, settings.files, _IN_A_FOLDER):
        os.makedirs(os.path.dirname(path(folder, number)))
    sync(folder)


def make_files(folder: str, settings: Settings) -> None:
    """Make the tree as it is before, durably."""
    make_folders(folder, settings)
    for number in range(settings.files):
        with open(path(folder, number), "wb", buffering=0) as file:
            file.write(content(number, settings, "old"))
    sync(folder)


def operations(folder: str, settings: Settings) -> Iterator[Replace]:
    """Yield what is asked of Holdfast."""
    for number in range(settings.files):
        yield Replace(path(folder, number), Material(data=content(number, settings, "new")))


def plan(folder: str, settings: Settings) -> api.Plan:
    """Make the plan for it."""
    made = api.evaluate(operations(folder, settings), processes=helper.processes())
    assert not made.problems, made.problems[:3]
    assert made.files == settings.files
    return made


def state(folder: str) -> str:
    """Return the state directory: on the same file system, and gone with the rest."""
    return f"{folder}/state"
