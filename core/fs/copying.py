"""Bytes from one open file into another, by reading and writing: what is left where the kernel does not do it."""

from __future__ import annotations

import os

BLOCK = 1 << 20


def write_all(target: int, data: bytes) -> None:
    """Write everything: a full disk shows as a short write first, and only the next write says ENOSPC."""
    written = os.write(target, data)
    if written == len(data):
        return
    view = memoryview(data)[written:]
    while view:
        view = view[os.write(target, view) :]


def rest(source: int, target: int, offset: int) -> None:
    """Copy everything from an offset on, also the rest of files that report no size, as in /proc."""
    os.lseek(source, offset, os.SEEK_SET)
    os.lseek(target, offset, os.SEEK_SET)
    while block := os.read(source, BLOCK):
        write_all(target, block)


def part(source: int, target: int, offset: int, size: int, to: int) -> int:
    """Copy `size` bytes at `offset` to the offset `to`; return how many there were."""
    os.lseek(source, offset, os.SEEK_SET)
    os.lseek(target, to, os.SEEK_SET)
    copied = 0
    while copied < size and (block := os.read(source, min(BLOCK, size - copied))):
        write_all(target, block)
        copied += len(block)
    return copied
