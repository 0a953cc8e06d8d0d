"""The desktop's trash, by Send2Trash, which knows where each desktop and each mount has it."""

from __future__ import annotations

from core.fs import walk


def move(path: str, size: int, mtime: float) -> str:
    """Move a file to the trash if it is still the one that was shown; return "" or why not.

    Why not: "missing", "changed" (another size or time, or no plain file), "refused" (the disk or the desktop refuses).
    """
    seen = walk.look(path)
    if seen is None:
        return "missing"
    if seen.kind != "file" or (seen.size, seen.mtime) != (size, mtime):
        return "changed"
    from send2trash import TrashPermissionError, send2trash

    try:
        send2trash(path)
    except (OSError, TrashPermissionError):
        return "refused"
    return ""
