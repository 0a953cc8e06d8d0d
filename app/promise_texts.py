"""Words for what a place can promise, and for how safely single files change in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from app import texts
from app.words import _, counted
from core.fs.abilities import Level
from core.fs.platforms import FolderFlush, FolderLock, Metadata, Platform

if TYPE_CHECKING:  # the window, which has no use for it, would wait for the engine to be imported
    from core.api import Promise

_LEVELS = {
    Level.EXCHANGE: _("each file changes in one step, and nothing that another program saves meanwhile is lost"),
    Level.LINK: (
        _(
            "the original is kept under a second name, then replaced: what another program puts in its place "
            "in the instant between the last look and that can be lost"
        )
    ),
    Level.COPY: (
        _(
            "the original is copied first, then replaced: what another program saves in the instant between "
            "the last look and that can be lost"
        )
    ),
    Level.IN_PLACE: _(
        "written into the file itself: other programs can see it half written, and a save meanwhile mixes with it"
    ),
    Level.UNKNOWN: (
        _(
            "found out when a batch is applied: in one step where this disk can, else by a second name or a copy, "
            "where a save in the instant between the last look and the step can be lost"
        )
    ),
}


def level(code: str) -> str:
    """Say how new content takes the place of old, and what can go wrong meanwhile."""
    return _LEVELS[Level(code)]


def promise(found: Promise) -> Iterator[str]:
    """Say line by line what a place can promise."""
    how = _("tried") if found.is_tried else _("known of this type, not tried")
    disk = found.filesystem
    if not found.writable:
        how = _("only files that may be written themselves, and only with --links keep")
        disk = _("{disk}, where no names can be made", disk=disk)
    yield f"{texts.shown(found.path)}: {disk}"
    yield f"  {level(found.level)} ({how})"
    if found.folder_sync is False:
        yield f"  {_('names may not survive a power cut right after a batch: this disk cannot be told to keep them')}"
    elif found.folder_sync is None:
        yield f"  {_('whether names survive a power cut right after a batch is up to the program behind this disk')}"


_PLATFORM = {
    FolderFlush.SYNCED: _("a committed batch survives a power cut"),
    FolderFlush.WRITTEN_THROUGH: (
        _("after a power cut a committed batch may show some names as before: this system cannot be told to keep them")
    ),
    FolderLock.KERNEL: _("two batches keep out of each other's folders"),
    FolderLock.NONE: _("two batches keep out of each other's folders only if they share a state directory"),
    Metadata.ALL: _("a new version has the owner, mode, ACL, attributes and times of the old one"),
    Metadata.ATTRIBUTES_AND_TIMES: _(
        "a new version has the attributes and times of the old one, and the ACL of its folder"
    ),
}


def platform(found: Platform) -> Iterator[str]:
    """Say line by line what this system can promise at best, and whether that was tried or only read about."""
    how = _("tried, by kills and by power cuts") if found.verified else _("not verified on real machines")
    yield f"{found.name}: {how}"
    yield f"  {_('at best, {level}', level=level(found.level))}"
    for code in (found.folder_flush, found.folder_lock, found.metadata):
        yield f"  {_PLATFORM[code]}"


_SHORT = {
    Level.EXCHANGE: _("in one step"),
    Level.LINK: _("by a second name"),
    Level.COPY: _("by a copy"),
    Level.IN_PLACE: _("in place"),
    Level.UNKNOWN: _("in one step if the disk can"),
}


def level_short(code: str) -> str:
    """Name a level in a few words."""
    return _SHORT[Level(code)]


def weaker(levels: Mapping[Level, int]) -> Iterator[str]:
    """Say of how many files the change leaves a window, and which."""
    for code, number in levels.items():
        if code is not Level.EXCHANGE:
            yield _("{files}: {level}.", files=counted(number, "{n} file", "{n} files"), level=level(code))
