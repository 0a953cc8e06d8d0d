"""Only `core.fs` touches the disk, and only widgets know widgets. Read from the code itself, since no import shows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# What `os` has that looks at or changes the disk. Path arithmetic, the environment and processes are not in it.
_OS = frozenset(
    """access chmod chown fchmod fchown fdatasync fsync getxattr lchown link listdir listxattr lstat makedirs mkdir
    mkfifo open pread pwrite read readlink remove removedirs rename renames replace rmdir scandir setxattr stat statvfs
    symlink sync truncate ftruncate unlink utime walk write sendfile copy_file_range""".split()  # noqa: SIM905 - a list
)
_OS_PATH = frozenset({"exists", "lexists", "isfile", "isdir", "islink", "ismount", "getsize", "getmtime", "realpath"})
_MODULES = frozenset({"shutil", "tempfile", "glob", "fileinput", "pathlib"})
_PURE = frozenset({"PurePath"})
_QT_DISK = frozenset(
    {"QFile", "QDir", "QSaveFile", "QFileInfo", "QTemporaryFile", "QDirIterator", "QFileSystemWatcher"}
)

# Each with its reason.
_ALLOWED = {
    ("core/patterns/door.py", "pathlib.Path"),  # the seed's doors hand paths to the caller's functions
    ("core/patterns/exec002.py", "pathlib.Path"),  # the same
    ("core/patterns/exec004.py", "pathlib.Path"),  # the same
    ("core/crew.py", "os.read"),  # from a pipe between processes
    ("core/crew.py", "os.write"),  # the same
}


def findings(source: str) -> Iterator[str]:
    """Yield what in a module touches the disk."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id="open")):
                yield "open"
            case ast.Attribute(value=ast.Name(id="os"), attr=name) if name in _OS:
                yield f"os.{name}"
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="os"), attr="path"), attr=name) if (
                name in _OS_PATH
            ):
                yield f"os.path.{name}"
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name.split(".")[0] in _MODULES)
            case ast.ImportFrom(module=str(module), names=names):
                if module.split(".")[0] in _MODULES:
                    yield from (f"{module}.{one.name}" for one in names if one.name not in _PURE)
                yield from (one.name for one in names if one.name in _QT_DISK)


def modules(*folders: str) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text()


def test_only_core_fs_touches_the_disk() -> None:
    found = {
        (name, what)
        for name, source in modules("app", "core")
        if not name.startswith("core/fs/")
        for what in findings(source)
    }
    assert found - _ALLOWED == set()


@pytest.mark.parametrize(
    "line",
    [
        "open('a')",
        "import os; os.unlink('a')",
        "import os; os.path.exists('a')",
        "from pathlib import Path",
        "import shutil",
        "from tempfile import mkdtemp",
        "from PySide6.QtCore import QFile",
    ],
)
def test_each_way_to_the_disk_would_be_found(line: str) -> None:
    assert list(findings(line))


def test_flows_models_and_the_engine_know_no_widgets() -> None:
    for name, source in modules("app/flows", "app/models"):
        assert "QtWidgets" not in source, name
    assert "QtWidgets" not in (ROOT / "app/engine.py").read_text()


def test_widgets_start_no_threads_and_no_processes() -> None:
    for name, source in modules("app/window", "app/diff"):
        for word in ("QThread", "QProcess", "import threading", "import subprocess"):
            assert word not in source, name
