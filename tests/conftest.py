"""Every test has a state directory of its own; none may see or touch the developer's, and none may leave a thread."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before any Qt is imported: without a display Qt would abort instead of raising.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("HOLDFAST_TEST_PLATFORM", "offscreen")
os.environ["QT_SCALE_FACTOR"] = os.environ.get("HOLDFAST_TEST_SCALE", "1")
# Tests read what is said; those about other languages choose one.
os.environ["LC_ALL"] = "C.UTF-8"

from app import words
from core import names
from core.fs import places
from tests.support import inner, order
from tests.support.alone import room
from tests.support.tried import Tried
from tests.support.work import Work

words.use(os.environ.get("HOLDFAST_TEST_LANGUAGE", "en"))  # before any table of words is imported

_TRIED = "tried"
_deselected: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="everything, however long it takes")


def pytest_configure(config: pytest.Config) -> None:
    """Ordinary runs try the same few examples each time; with `--full` many, and others each time."""
    calm = {"deadline": None, "database": None, "print_blob": True, "suppress_health_check": list(HealthCheck)}
    settings.register_profile("ordinary", derandomize=True, max_examples=40, stateful_step_count=12, **calm)
    settings.register_profile("full", max_examples=1000, stateful_step_count=30, **calm)
    settings.load_profile("full" if config.getoption("--full") else "ordinary")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave long tests to `--full`, and say so at the end."""
    if config.getoption("--full"):
        return
    long = [item for item in items if item.get_closest_marker("full")]
    _deselected.extend(item.name for item in long)
    items[:] = [item for item in items if item not in long]
    config.hook.pytest_deselected(items=long)


@pytest.fixture(autouse=True)
def among_others(request: pytest.FixtureRequest) -> Iterator[None]:
    """Wait while a test runs that has to be alone, or until this one is; an inner one is in the room already."""
    if inner.is_inner():  # one that is to be alone, waiting for the outer test, would keep the door shut
        yield
        return
    with room(alone=request.node.get_closest_marker("alone") is not None):
        yield


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The state directory that everything in this test uses unless told otherwise; its attic in memory goes with it."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("HOLDFAST_STATE_DIR", str(folder))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))  # the desktop's trash is there
    yield folder
    attic = Path("/dev/shm") / names.attic(places.user())
    for journal in folder.glob("history/*.journal"):
        shutil.rmtree(attic / names.holding(journal.stem), ignore_errors=True)
    with contextlib.suppress(OSError):
        attic.rmdir()


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the tree, whose files have names that the batch knows."""
    folder = tmp_path / "outside"
    (folder / "sub").mkdir(parents=True)
    for name in ("one", "two", "three", "sub/three"):
        (folder / name).write_text(f"outside {name}")
    return folder


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """A thread that outlives its test could touch the next one's files."""
    before = set(threading.enumerate())
    yield
    left = [one for one in threading.enumerate() if one not in before]
    for one in left:
        one.join(2)
    assert not [one.name for one in left if one.is_alive()]


@pytest.fixture(autouse=True)
def order_is_kept(request: pytest.FixtureRequest) -> Iterator[order.Notes]:
    """Every engine that runs in this process or in one forked from it makes its calls in the order of `core.txn`."""
    if request.node.get_closest_marker("simulated") or request.node.get_closest_marker("shared"):
        unused = order.Notes()
        yield unused
        unused.close()
        return
    with order.watching() as notes:
        yield notes
        found = notes.read()
        if notes.calls:
            _add(request.config, {"calls whose order was checked (not counting forked processes)": notes.calls})
    assert not found, found


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """An empty folder to work in."""
    tree = tmp_path / "tree"
    tree.mkdir()
    return Work(tree)


# How many points were tried, by what was tried; collected from all processes that run tests.


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Iterator[Tried]:
    """Counts points tried, by what was tried; printed at the end of the run."""
    tried = Tried()
    yield tried
    _add(request.config, tried.counts)


def _add(config: pytest.Config, counts: dict[str, int]) -> None:
    output = getattr(config, "workeroutput", None)
    known = output.setdefault(_TRIED, {}) if output is not None else config.stash.setdefault(_COUNTS, {})
    for what, number in counts.items():
        known[what] = known.get(what, 0) + number


_COUNTS = pytest.StashKey[dict[str, int]]()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object, error: object) -> None:
    """Take over what a process of pytest-xdist has counted."""
    counts = getattr(node, "workeroutput", {}).get(_TRIED, {})
    _add(node.config, counts)  # type: ignore[attr-defined]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    counts = config.stash.get(_COUNTS, {})
    if counts:
        terminalreporter.section("points tried")
        for what, number in sorted(counts.items()):
            terminalreporter.line(f"{number:6} {what}")
    if _deselected:
        names = Counter(name.partition("[")[0] for name in _deselected)
        told = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in sorted(names.items()))
        terminalreporter.line(f"left to --full, because they take long: {told}")
