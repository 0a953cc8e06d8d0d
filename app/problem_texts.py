"""Words for what stands in the way of a batch, and for what would mend it. `app.texts` makes sentences of them."""

from __future__ import annotations

from app import undo_texts
from app.words import _
from core.errors import Fix, ProblemCode

PROBLEMS = {
    ProblemCode.MISSING: _("there is no such file"),
    ProblemCode.EXISTS: _("there is something with this name already"),
    ProblemCode.IS_FOLDER: _("this is a folder, not a file"),
    ProblemCode.NOT_A_FOLDER: _("this is not a folder"),
    ProblemCode.SPECIAL_FILE: _("this is a device, a socket or a pipe"),
    ProblemCode.OUTSIDE_ROOT: _("this lies outside the folder that the plan is confined to"),
    ProblemCode.OWN_FILES: _("this is where Holdfast keeps previous versions and what it has to remember"),
    ProblemCode.SAME_FILE: _("this is another name of a file that the batch changes already"),
    ProblemCode.HARD_LINKS: _("this file has other names (hard links), which would keep the old content"),
    ProblemCode.INTO_ITSELF: _("a folder cannot be moved into itself"),
    ProblemCode.MOUNT_POINT: _(
        "something is mounted here: it can be neither moved nor removed, nor replaced by another file"
    ),
    ProblemCode.LAYERED: _(
        "a part of this folder is in a lower layer of an overlay, such as a container's image, so it can be neither moved "
        "nor deleted as a whole; the files in it can be, each by itself"
    ),
    ProblemCode.CHANGED: _("this file has changed since the preview"),
    ProblemCode.NO_MATCH: _("the text was not found"),
    ProblemCode.BAD_PATTERN: _("the search cannot be used"),
    ProblemCode.PATTERN_TIMEOUT: _("the search takes too long on this file"),
    ProblemCode.BINARY: _("this file is not text"),
    ProblemCode.LONG_LINE: _("a line of this file is too long to be searched"),
    ProblemCode.UNENCODABLE: _("the encoding of this file has no such character"),
    ProblemCode.UNDECODABLE: _("this file has bytes that are no text in its encoding"),
    ProblemCode.BROKEN_FORMAT: _("this file can be parsed now, and could not be any more"),
    ProblemCode.UNKNOWN_SKIP: _("a match that was left out is not there any more"),
    ProblemCode.COLLISION: _("two files would get the same name"),
    ProblemCode.BAD_PATCH: _("this is not a patch that can be read"),
    ProblemCode.HUNK_FAILS: _("a part of the patch does not fit this file"),
    ProblemCode.HUNK_OFFSET: _("a part of the patch fits at another line than it says"),
    ProblemCode.UNREADABLE: _("this cannot be read"),
    ProblemCode.UNWRITABLE: _("this may not be changed: there is no permission, or the disk is read-only"),
    ProblemCode.FIXED: _("this is protected from every change (immutable or append-only, see `lsattr`)"),
    ProblemCode.NAME_TOO_LONG: _("this name or path is too long"),
    ProblemCode.RESERVED_NAME: _("this disk cannot hold such a name: Windows could not read it"),
    ProblemCode.FOLLOWED: _("this is a symlink; what it leads to is changed, and the link stays"),
    ProblemCode.IN_USE: _("a program has this file open; what it writes on goes into the previous version"),
    ProblemCode.NO_SPACE: _("there is not enough space on this disk"),
    ProblemCode.OTHER_DISK: _("the new place is on another disk"),
    ProblemCode.SYMLINK_LOOP: _("this symlink leads nowhere or in a circle"),
    ProblemCode.REMAINS: _("this belongs to a Holdfast batch that is not known here; it may be an only copy"),
    ProblemCode.UNRESOLVED: _("an interrupted batch has left this; it has to be put right first"),
    ProblemCode.BUSY: _("another Holdfast is working in this folder"),
    ProblemCode.DEPENDS: _("this depends on a change that was left out"),
    ProblemCode.UNSUPPORTED: _("this disk cannot do what is needed"),
    **undo_texts.PROBLEMS,
}

# What stands on the row of a file that is ready, and of which something is worth knowing.
NOTED = {
    ProblemCode.HUNK_OFFSET: _("ready, at another line"),
    ProblemCode.FOLLOWED: _("ready, behind a symlink"),
    ProblemCode.IN_USE: _("ready, but open"),
}
FIXES = {
    Fix.REMOVE: _("leave it out of the batch"),
    Fix.OVERWRITE: _("overwrite it"),
    Fix.SPLIT_LINKS: _("let the other names keep the old content (--links split)"),
    Fix.KEEP_LINKS: _("write into the file itself, where others can see it half written (--links keep)"),
    Fix.PREVIEW_AGAIN: _("preview again"),
    Fix.FREE_SPACE: _("free some space"),
    Fix.CHANGE_PERMISSIONS: _("change the permissions"),
    Fix.RECOVER: _("run `holdfast recover`"),
    Fix.WAIT: _("wait until it is done"),
    Fix.RENAME: _("choose another name"),
    Fix.BREAK_FORMAT: _('let it break ("guard": false, or --no-guard)'),
    Fix.CONVERT: _("convert the file to UTF-8 first"),
    **undo_texts.FIXES,
}

# What the values of a problem are called.
VALUES = {
    "reason": _("reason"),
    "error": _("error"),
    "line": _("line"),
    "lines": _("lines"),
    "hunk": _("part"),
    "encoding": _("encoding"),
    "character": _("character"),
    "links": _("names"),
    "other": _("other name"),
    "to": _("new name"),
    "target": _("leads to"),
    "root": _("folder"),
    "needed": _("needed"),
    "free": _("free"),
    "skip": _("match"),
    "txn": _("batch"),
    "name": _("name"),
    "offset": _("moved by"),
    "at": _("at"),
}
