"""The transaction: how many files change as one. This page is the protocol; the numbers are its invariants.

Tests and comments name the invariant they are about. `core.journal.records` says what is in the records, and
`core.names` how our files are named.

Invariants
==========

I1  **Nothing of ours exists that a journal does not name.** BEGIN lists every target, every folder and every side
    name. It is synced, has its final name, and the folder that holds it is synced, before the first side file.
I2  **What is new is written beside, never over.** Staged content lies under side names, exclusively created, with
    the metadata that it will have. Up to PREPARED the targets are not touched.
I3  **PREPARED is believed because it is late.** All staged content and the entries of its folders are durable before
    PREPARED is written, and PREPARED is durable before the first name changes.
I4  **What came out is verified, not what was there before.** A step moves first and looks afterwards. What is not
    the file that was previewed goes back; whatever anybody saved meanwhile keeps a name that people can see. A folder
    that is deleted has to hold just what was previewed in it, down to the last file (`core.journal.inside`).
I5  **COMMIT is the only point of no return.** Every touched folder is durable before COMMIT is written. Without a
    valid COMMIT everything goes back, with one everything stays; nothing is decided by what the disk looks like.
I6  **Roll back is one routine, and it can be repeated.** An error, Cancel and recovery run the same code, which asks
    the disk about every single step. Dying in it at any point and running it again from its start gives the same end.
    A move looks the same whoever made it. So whatever is to be moved is at its name when PREPARED is written, under the
    locks that keep other batches out, and an engine that lives takes no move back that it did not make. (After a crash,
    a move that some other program made of the very same file to the very same name since PREPARED is taken back.)
    A folder that was there before the batch and is not found is not taken for untouched: that is left to the next try,
    until a person says that it is gone for good.
    What the disk does not let go back keeps its name: steps that need that name wait for the next try, all others go on.
I7  **In place, the pre-image comes first.** Before anything is written into a file, a synced copy of it is named by
    PREPARED. A draft, if there is one, lies beside it until the end: what is a part of it is ours, all else somebody's
    newest save, which stays. A file with other names gets one more, a durable one of ours, before the draft is written
    into it: it is found by that when another program gives its name to another file. What foreign code left is recorded
    (DONE, durable before COMMIT); without DONE, present content may be somebody's newest save and is kept in sight before
    the pre-image returns. Where the folder of the file may not be written, both lie in the state directory.
I8  **Pre-images go only where the journal says, and where a rename has been.** ATTICS, a part of BEGIN, names every place
    that may be tried. Before anything is staged, an empty folder is made beside the files and renamed into the first
    that can be reached (`core.attic`): HELD says which, and the folder waits for the pre-images. Putting back removes it.
I9  **Finish loses nothing.** It begins when COMMIT is durable. Each pre-image, a whole folder too, goes into the attic by
    one rename; the attic is durable before the folder that lost a name, and END comes after both. What another program
    wrote into a pre-image after the swap is its newest save: that one is kept in sight instead. A folder that is
    removed gets another name of ours first, durably: what a crash leaves of that one was looked at before.
I10 **Pre-images are dropped only after it was said.** A mark beside the history entry is durable before the first of them
    is removed, and what was written into one meanwhile has a name in sight before that. The mark stays.
I11 **A failed sync is not asked again.** What it was to make durable is given up: a staged file is removed, the names in a
    folder go back. The sync of the roll back is about those newer changes, in the same folder or on the same volume,
    and says nothing about the ones before. If that one fails too, nothing is written about the end: the journal stays,
    and recovery, which trusts no sync made before it, looks at every step again.

A journal whose own sync has failed is poisoned: nothing more is written to it, and once everything is back it is
removed instead of becoming history, since it may end with a COMMIT that is not true.

Never: unlink an original and then copy; delete or truncate one before its replacement is durable; sync again after a
failed sync; delete by a name's pattern; follow a symlink that a journal names.

States
======

::

                begin            stage, prepare           swap              commit             finish
    (nothing) ────────▶ PREPARING ────────────▶ SWITCHING ─────▶ SWITCHING ─────────▶ COMMITTED ────────▶ ENDED
                            │                       │ FORWARD ▲       │                                      ▲
                            │ error, Cancel, crash  │ └───────┘       │                                      │
                            ▼                       ▼                 ▼                                      │
                        (removed) ◀──────────── put back: undo ▸ sync ▸ ABORTED ▸ remove staged ▸ sync ──────┘

After a crash
=============

===================================  ==================================================  =======================
the journal ends with                what may lie on the disk                            recovery
===================================  ==================================================  =======================
nothing whole, temporary name        nothing of ours                                     removes the journal
BEGUN (or HELD)                      some side files, an empty folder in an attic;       removes those
                                     all targets untouched
the same, but names have changed     what PREPARED would say: it is lost                 touches nothing, says so
PREPARED (or FORWARD)                any steps done (in order, where there are moves)    puts back, or finishes
                                                                                         when the user asks
COMMIT                               all steps done; some pre-images in the attic        finishes
COMMIT and an `.abort` beside it     COMMIT's sync failed: nobody may believe it         puts back
ABORT                                all targets as before; some staged files left       removes them
END                                  nothing of ours but what the attic holds            files the journal away
a record in the middle is damaged    anything                                            touches nothing, says so
===================================  ==================================================  =======================

For one exchange, found by looking at the target and at the side name:

===========================  =======================  ==========================================================
target                       side name                meaning, and what putting back does
===========================  =======================  ==========================================================
the original                 staged                   not done: nothing
staged                       the original             done: exchange back
staged                       something else           another program's newest save came out: exchange back, it wins
something else               staged                   saved after the exchange was taken back: nothing
something else               the original             saved after the exchange: stays; the original is kept in sight
nothing                      the original             deleted after the exchange: the original returns
one inode under both names                            a move that a power cut left half done: unlink one, never rename
===========================  =======================  ==========================================================

A large batch is staged and, if it only exchanges, switched by several processes (`core.crew`). That is no part of the
protocol: only the owner writes the journal, and helpers end with it.

Why roll back does not trust the records about single steps: there are none. A record per step would have to be synced
per step to prove anything, and the disk has the answer anyway.
"""
