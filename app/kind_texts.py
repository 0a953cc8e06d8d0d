"""Words for the kinds of leftovers. The catalogue of the core has them in English, for programs too; `told` shows them."""

from __future__ import annotations

from app.words import _, marked

# Who makes them, where that is not the name of a program.
_MAKERS = (
    marked("Emacs or cp"),
    marked("Firefox or another download"),
    marked("a GNOME program"),
    marked("a Go program"),
    marked("a JetBrains editor"),
    marked("a Node program"),
    marked("a Python program"),
    marked("a Qt program"),
    marked("a Rust program"),
    marked("a check of the disk"),
    marked("a database"),
    marked("a desktop"),
    marked("a download"),
    marked("a layered file system"),
    marked("a mounted drive"),
    marked("a network drive"),
    marked("a package manager or a running program"),
    marked("a program"),
    marked("a program or a person"),
    marked("a program that crashed"),
    marked("a sync client"),
    marked("an editor"),
    marked("patch or a merge"),
    marked("rsync or another program"),
    marked("the desktop's trash"),
)

# What they are.
_MEANINGS = (
    marked("a download that can go on"),
    marked("a package that is half installed"),
    marked("a part of a database"),
    marked("a save or a copy that was not finished"),
    marked("a save that was not finished"),
    marked("a side file of a batch"),
    marked("a tab that was never saved"),
    marked("a trial whether the folder can be written"),
    marked("a trial, made before the swap file"),
    marked("a version that was kept in sight"),
    marked("an earlier version"),
    marked("an earlier version, numbered"),
    marked("another device's version"),
    marked("committed data that are nowhere else"),
    marked("deleted, and still open somewhere"),
    marked("found without a name"),
    marked("half an index of a document"),
    marked("half compiled"),
    marked("half of a compiled module"),
    marked("half of a patched file, or of what did not fit"),
    marked("half of an archive"),
    marked("half of an edited file"),
    marked("half received"),
    marked("half received, cannot go on"),
    marked("how a folder looks; of files copied from a Mac, perhaps a part"),
    marked("how far a download is; useless without its data, and they without it"),
    marked("on its way to another name"),
    marked("one side of a merge"),
    marked("parts of a patch that did not fit"),
    marked("saved by itself"),
    marked("saved by itself, for recovery"),
    marked("saved by nano as it died"),
    marked("says that a database is open"),
    marked("says that a drawing is open"),
    marked("says that a file is in use"),
    marked("says that a file of a lower layer is deleted"),
    marked("says that a keyring is in use"),
    marked("says that a profile is in use; heals itself"),
    marked("says that somebody edits the file"),
    marked("says that somebody has the document open"),
    marked("scratch of a document that was open"),
    marked("scratch, of no use by hand"),
    marked("settings to be merged"),
    marked("the version before a patch"),
    marked("the version before a save, on its way out"),
    marked("the version before the last save"),
    marked("ties several journals together"),
    marked("undoes half a transaction at the next start"),
    marked("what a program had in memory"),
    marked("what it had in memory"),
    marked("what the client knows"),
    marked("what was typed and perhaps not saved"),
    marked("what was typed since the last save"),
    marked("where a program crashed"),
    marked("where something was that is not in the trash any more"),
    marked("which versions belong together; a source file"),
    marked("your version before a merge"),
    marked("your version before the merge"),
)

# What is in folders that a program looks after by itself.
_FOLDERS = (
    marked("version control"),
    marked("a merge or a rebase that is not done; `git status` says how to go on"),
    marked("a package that was being removed; `pip check` and a new installation put it right"),
    marked("compiled modules; made anew when they are needed"),
    marked("documents for its recovery"),
    marked("earlier versions, which Syncthing itself restores"),
    marked("locks, objects and the state of merges"),
    marked("locks, objects and the state of merges; `git gc` and `git status` tidy up"),
    marked("objects, finished or not; `git gc` removes the latter after two weeks"),
    marked("packages; `npm ci` makes them anew"),
    marked("tabs that were never saved"),
    marked("the temporary folder of a service"),
    marked("what batches replaced; undo brings it back"),
    marked("what was deleted, for you to bring back"),
    marked("what was found without a name"),
    marked("what was half received; the next run goes on with it"),
)

ALL = (*_MAKERS, *_MEANINGS, *_FOLDERS)


def told(text: str) -> str:
    """Return what the catalogue says of a kind, in the language; the name of a program as it is."""
    return _(text)
