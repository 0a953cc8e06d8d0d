"""Find and replace over a tree: planning against plain ripgrep, and the whole job against `rg -l | xargs sed -i`.

Needs rg and GNU sed; without rg beside this Python or on the path there is nothing to compare with, and no row. Where
HOLDFAST_LINUX_SOURCE names the sources of Linux, planning is measured on them as well, in words that few and that many
of their files have.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from harness import Clock, Row, Settings, Way, compare, interleave, scratch, sync

from core import api, helper
from core.content.search import PLAINLY, How, Rule
from core.plan.operations import FindReplace, Options, Scope
from works import batch


@dataclass(frozen=True)
class Query:
    """What is looked for, and how rg is told so."""

    name: str
    find: str
    flags: tuple[str, ...]
    put: str
    how: How = PLAINLY


FIND, REPLACEMENT = "needle", "thread"
WORD = Query("a word", FIND, ("-F",), REPLACEMENT)
QUERIES = (
    WORD,
    Query("a pattern", r"(\w+)le, number (\d)", (), r"\1 \2", How(regex=True)),
    Query("a word in any case", FIND.upper(), ("-F", "-i"), REPLACEMENT, How(ignore_case=True)),
)
LINUX = (
    Query("Linux, few files", FIND, ("-F",), REPLACEMENT),
    Query("Linux, a sixth of all files", "return -EINVAL", ("-F",), "return -ENOENT"),
    Query("Linux, a pattern", r"module_init\((\w+)\)", (), r"module_start(\1)", How(regex=True)),
    Query("Linux, a word in any case", "spin_lock_init", ("-F", "-i"), "lock_init", How(ignore_case=True)),
)
_EVERY = 8  # one file of so many has something to find, as a common word does in a tree of sources
_LINE = b"a line as there are many in a tree of sources, of an ordinary length\n"
_LARGE = 1 << 30

RG = "rg -n"
WITH = "Holdfast: plan, with rg"
WITHOUT = "Holdfast: plan, without rg"
FIRST = "Holdfast: until there is a first row"
JOB = "Holdfast: find, replace, durable, can be put back"
SED = "rg -l | xargs sed -i, then sync"
LARGE_RG = "rg -n, one file of 1 GiB"
LARGE = "Holdfast: plan, one file of 1 GiB"


def program() -> str:
    """Return the path of ripgrep, "" for none."""
    beside = Path(sys.prefix) / "bin/rg"
    return str(beside) if beside.exists() else shutil.which("rg") or ""


def make(folder: str, settings: Settings) -> None:
    """Make a tree of text files, durably."""
    batch.make_folders(folder, settings)
    for number in range(settings.files):
        lines = [_LINE] * max(1, settings.size // len(_LINE))
        if number % _EVERY == 0:
            lines[len(lines) // 2] = f"here is a {FIND}, number {number}\n".encode()
        with open(batch.path(folder, number), "wb", buffering=0) as file:
            file.write(b"".join(lines))
    sync(folder)


def make_large(folder: str, settings: Settings) -> None:
    """Make one large file with a few matches."""
    os.makedirs(f"{folder}/tree")
    block = (_LINE * (1 << 14))[: 1 << 20]
    found = block[: -len(FIND) - 1] + f"{FIND}\n".encode()
    with open(f"{folder}/tree/large.log", "wb", buffering=0) as file:
        file.writelines(block if number % 25 else found for number in range(_LARGE >> 20))


def plain(folder: str, settings: Settings, query: Query = WORD) -> float:
    """Search and print, as people do."""
    clock = Clock()
    command = [program(), "-n", *query.flags, "-e", query.find, f"{folder}/tree"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return clock()


def plan(folder: str, settings: Settings, *, rg: bool, query: Query = WORD) -> float:
    """Make the plan, with the digests before and after."""
    os.environ["HOLDFAST_RG"] = program() if rg else ""
    clock = Clock()
    made = api.evaluate([wish(folder, query)], processes=helper.processes())
    seconds = clock()
    assert made.files
    made.close()
    return seconds


def first_row(folder: str, settings: Settings, query: Query = WORD) -> float:
    """Make the plan, and return when the first of its changes was known."""
    os.environ["HOLDFAST_RG"] = program()
    clock = Clock()
    told: list[float] = []
    api.evaluate(
        [wish(folder, query)], told=lambda made, change: told.append(clock()), processes=helper.processes()
    ).close()
    return told[0]


def wish(folder: str, query: Query = WORD) -> FindReplace:
    """Return the operation."""
    return FindReplace(Scope((f"{folder}/tree",)), (Rule(query.find, query.put),), query.how, options=Options())


def job(folder: str, settings: Settings) -> float:
    """Plan and apply."""
    os.environ["HOLDFAST_RG"] = program()
    clock = Clock()
    plan = api.evaluate([wish(folder)], processes=helper.processes())
    outcome = api.apply(plan, state=batch.state(folder), processes=helper.processes())
    seconds = clock()
    assert isinstance(outcome, api.Committed), outcome
    return seconds


def sed(folder: str, settings: Settings) -> float:
    """Do what is done without a tool; the sync makes it as durable as ours, and nothing can be put back."""
    clock = Clock()
    found = subprocess.run([program(), "-l", "-0", "-F", FIND, f"{folder}/tree"], stdout=subprocess.PIPE, check=True)
    command = ["xargs", "-0", "sed", "-i", f"s/{FIND}/{REPLACEMENT}/g"]
    subprocess.run(command, input=found.stdout, check=True)
    sync(folder)
    return clock()


def read_only(
    ways: list[Way], make_files: Callable[[str, Settings], None], settings: Settings
) -> dict[str, list[float]]:
    """Do as `interleave` for what writes nothing: one tree serves all rounds."""
    found: dict[str, list[float]] = {way.name: [] for way in ways}
    with scratch(settings.folder) as folder:
        make_files(folder, settings)
        for _ in range(settings.rounds):
            for way in random.sample(ways, len(ways)):
                found[way.name].append(way.run(folder, settings))
    return found


def writing(run: Callable[[str, Settings], float]) -> Callable[[str, Settings], float]:
    """Give it a tree of its own."""

    def made(folder: str, settings: Settings) -> float:
        make(folder, settings)
        return run(folder, settings)

    return made


def link_to_linux(folder: str, settings: Settings) -> None:
    """Let the tree be the sources of Linux."""
    os.symlink(os.path.realpath(os.environ["HOLDFAST_LINUX_SOURCE"]), f"{folder}/tree")


def planning(query: Query, make_files: Callable[[str, Settings], None], settings: Settings) -> Iterator[Row]:
    """Yield the ratios of planning, and how long the first row takes."""
    ways = [
        Way(RG, partial(plain, query=query)),
        Way(WITH, partial(plan, rg=True, query=query)),
        Way(WITHOUT, partial(plan, rg=False, query=query)),
        Way(FIRST, partial(first_row, query=query)),
    ]
    found = {f"{way} ({query.name})": seconds for way, seconds in read_only(ways, make_files, settings).items()}
    rg, with_rg, without, first = found
    yield compare(found, with_rg, rg, (1.5, 1.1))
    yield compare(found, without, rg, (3, 3))
    yield Row(first, "–", found[first], [], "s", (0.3, 0.3))


def measure(settings: Settings) -> Iterator[Row]:
    """Yield the ratios."""
    if not program():
        return
    for query in QUERIES:
        yield from planning(query, make, settings)
    if os.path.isdir(os.environ.get("HOLDFAST_LINUX_SOURCE", "")):
        for query in LINUX:
            yield from planning(query, link_to_linux, settings)
    yield compare(interleave([Way(JOB, writing(job)), Way(SED, writing(sed))], settings), JOB, SED, (0.8, 0.5))
    large = [Way(LARGE_RG, plain), Way(LARGE, partial(plan, rg=True))]
    yield compare(read_only(large, make_large, settings), LARGE, LARGE_RG, (4, 2))
