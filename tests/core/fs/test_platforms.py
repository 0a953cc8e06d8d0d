"""What is promised where, and that the engine can be imported on every platform."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core.fs import platforms
from core.fs.abilities import Level
from core.fs.linux import LinuxFileSystem
from core.fs.real import RealFileSystem

PRELUDE = """
import sys, importlib, pkgutil, os, signal, types, errno
import asyncio, subprocess, tempfile, ctypes, socket, platformdirs, multiprocessing, uuid, shutil
sys.platform = {platform!r}
for name in {lacking!r}:
    sys.modules[name] = None
for name in {verbs!r}:
    for module in (os, signal):
        if hasattr(module, name):
            delattr(module, name)
for name in {modules!r}:
    importlib.import_module(name)
from core.fs.real import RealFileSystem
print(RealFileSystem.__name__)
"""
XATTRS = ["getxattr", "setxattr", "listxattr", "removexattr"]
FLAGS = ["O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "O_PATH"]
PROCESSES = ["geteuid", "getuid", "setsid", "fork", "SIGHUP", "SIGKILL", "pthread_sigmask"]
FILES = ["pread", "fchmod", "fchown", "fstatvfs", "copy_file_range"]
LACKING: dict[str, tuple[list[str], list[str]]] = {
    "darwin": ([*XATTRS, "copy_file_range", "O_PATH"], []),
    "win32": ([*XATTRS, *FLAGS, *PROCESSES, *FILES], ["fcntl", "pwd", "grp", "resource"]),
}
MODULES = ["core.api", "core.patterns.exec001", "core.patterns.exec002", "core.patterns.exec004", "core.worker.server"]


@pytest.mark.parametrize(("platform", "chosen"), [("darwin", "MacFileSystem"), ("win32", "WindowsFileSystem")])
def test_the_engine_is_imported_where_linux_is_not(platform: str, chosen: str) -> None:
    verbs, lacking = LACKING[platform]
    script = PRELUDE.format(platform=platform, lacking=lacking, verbs=verbs, modules=MODULES)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == (chosen, "")


def test_here_it_is_linux() -> None:
    assert RealFileSystem is LinuxFileSystem
    assert platforms.platform() is platforms.LINUX


@pytest.mark.parametrize(("name", "expected"), [("darwin", platforms.MACOS), ("win32", platforms.WINDOWS)])
def test_only_what_was_tried_on_real_machines_is_called_verified(name: str, expected: platforms.Platform) -> None:
    found = platforms.platform(name)
    assert found is expected
    assert not found.verified


def test_windows_promises_less_and_says_in_what() -> None:
    assert platforms.WINDOWS.level is Level.LINK
    assert platforms.WINDOWS.folder_flush is platforms.FolderFlush.WRITTEN_THROUGH
    assert platforms.WINDOWS.folder_lock is platforms.FolderLock.NONE
    assert platforms.WINDOWS.metadata is platforms.Metadata.ATTRIBUTES_AND_TIMES
