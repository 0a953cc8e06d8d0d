"""Whole trees of files, for the demonstration: made in a temporary folder, pictured by digests, and removed again."""

from __future__ import annotations

import hashlib
import os
import shutil
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_LEFT_OUT = shutil.ignore_patterns("site-packages", "__pycache__", "*.so", "*.a", "config-*")


@contextmanager
def temporary(*, keep: bool) -> Iterator[str]:
    """Make a private folder, and remove it afterwards unless it is to be kept."""
    folder = tempfile.mkdtemp(prefix="holdfast-demo-")
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder)


def copy_of_python_sources(folder: str) -> list[str]:
    """Copy the sources of Python's standard library and return the paths of the Python files, in order."""
    shutil.copytree(sysconfig.get_path("stdlib"), folder, symlinks=True, ignore=_LEFT_OUT, copy_function=shutil.copy)
    return sorted(
        os.path.join(inside, name) for inside, _, names in os.walk(folder) for name in names if name.endswith(".py")
    )


def picture(folder: str) -> str:
    """Return one SHA-256 over all that lies below a folder: names, kinds, modes, and content."""
    digest = hashlib.sha256()
    for inside, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted([*folders, *names]):
            path = os.path.join(inside, name)
            mode = os.lstat(path).st_mode
            digest.update(os.fsencode(os.path.relpath(path, folder)) + f"\0{mode:o}\0".encode())
            if os.path.islink(path):
                digest.update(os.fsencode(os.readlink(path)))
            elif os.path.isfile(path):
                with open(path, "rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def holding(paths: list[str], word: str) -> list[str]:
    """Return those of some files that hold a word."""
    found = []
    for path in paths:
        with open(path, "rb") as file:
            if word.encode() in file.read():
                found.append(path)
    return found


def inode(path: str) -> int:
    """Return the number of the inode that a path stands for: it changes when the file is switched."""
    return os.stat(path).st_ino


def write(path: str, text: str) -> None:
    """Write a new file."""
    with open(path, "x", encoding="utf-8") as file:
        file.write(text)
