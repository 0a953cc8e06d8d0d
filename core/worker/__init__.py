"""The engine as a process of its own: `holdfast worker`, JSON lines over stdin and stdout.

Every line is one JSON object in ASCII; paths that are not valid Unicode travel as lone surrogates. The worker says
hello first::

    {"event": "hello", "protocol": 1, "version": "0.1.0", "pid": 4711}

A request carries an `id` of the caller's choosing and what to `do`; everything that answers it carries the same id.
Requests are worked off one after the other, except `cancel`, which acts at once. The last answer to a request is
always one `done` or one `failed`::

    {"id": 7, "event": "done", ...}
    {"id": 7, "event": "failed", "code": "bad_plan", "values": {...}}

Requests and their answers (protocol 1):

`evaluate` — operations (as in a plan file, paths absolute) become the current plan, which replaces the one before::

    > {"id": 1, "do": "evaluate", "operations": [{"op": "edit", "path": "/a", "find": "x", "replace": "y"}]}
    < {"id": 1, "event": "changes", "changes": [CHANGE, ...]}            at most 500 at a time, as they are found
    < {"id": 1, "event": "problems", "problems": [PROBLEM, ...]}
    < {"id": 1, "event": "notes", "notes": [PROBLEM, ...]}               worth knowing, and in nobody's way
    < {"id": 1, "event": "done", "plan": 1, "files": 41, "matches": 96, "bytes": 123456, "problems": 0, "undo": false,
       "unkept": ["/folder", ...at most 100], "keeps": 2592000.0,
       "found": [[0, 41], ...], "space": [["/home", 126976, 53687091200], ...]}
       unkept: folders in which it cannot be undone;  keeps: for how many seconds it can be elsewhere (0.0: for good)
       found: for each search over trees its number and in how many files it found something
       space: for each disk where it is mounted, the bytes that are written there, and those that are free

    With `"again": ["/a", ...]` and the operations of the current plan only these files, which have changed since, are
    looked at again, where that is enough; changes keep their indices.

    CHANGE  = {"index": 0, "op": 0, "action": "edit", "kind": "file", "path": "/a", "to": null, "size_before": 10,
               "size_after": 12, "matches": 2, "level": "exchange"}
              action: create | edit | replace | delete | move | folder (a missing parent that will be made)
              kind: file | symlink | folder;  sizes in bytes, null where there is none;  op: index of the operation
    PROBLEM = {"op": 3, "path": "/b", "code": "missing", "values": {...}, "fixes": ["remove", ...]}

`diff` — one file of the current plan, as rows for a side-by-side view::

    > {"id": 2, "do": "diff", "plan": 1, "index": 0}
    < {"id": 2, "event": "rows", "rows": [ROW, ...]}                       at most 2,000 at a time
    < {"id": 2, "event": "done", "kind": "text", "added": 3, "removed": 1, "truncated": false}

    ROW     = [kind, old_line_number, old_text, new_line_number, new_text]
              kind: "=" unchanged | "~" changed | "-" removed | "+" added | "@" gap (unchanged lines left out)
              a missing side is [null, null]; texts keep no line end
    kind of the answer: text | binary (then `before` and `after` are {"size": n, "digest": "sha256:..."} or null) |
              move | delete | folder | large

`compare` — the same answers for two files on the disk: `{"do": "compare", "before": "/a.bak", "after": "/a"}`;
null stands for nothing.

`apply` — the current plan, without the changes whose index is in `without`::

    > {"id": 3, "do": "apply", "plan": 1, "without": [4, 9], "name": "rename API"}
    < {"id": 3, "event": "progress", "phase": "prepare", "files_done": 3, "files_total": 41, "bytes_done": 0,
       "bytes_total": 123456, "path": "/a", "matched": 0}                  at most 20 a second
    < {"id": 3, "event": "committed", "txn": "k3j...", "files": 39, "bytes": 120000, "seconds": 0.8}    as soon as
                                      everything is changed, durably; what follows is only putting previous versions away
    < {"id": 3, "event": "put_back", "txn": "k3j...", "files": 39, "reason": "cancelled", ...}    instead, as soon as
                                      everything is as it was, durably; what follows is only removing what was prepared
    < {"id": 3, "event": "done", "outcome": "committed", "txn": "k3j...", "files": 39, "bytes": 120000, "seconds": 0.9}

    outcome: committed | refused (with `problems`) | rolled_back (with `reason`: cancelled | conflict | error, `code`,
             `values`, `kept`: [paths that were kept under a visible name]) | needs_recovery (with `journal`, `kept`,
             `as_it_was`: every file is back, only what is Holdfast's own is not all removed)

`cancel` — `{"id": 4, "do": "cancel"}`: the running request is to stop; an apply puts everything back. Answered at once::

    < {"id": 4, "event": "done", "cancelling": true}                       false: nothing runs, or it is too late

With `"of": 14` only that request is cancelled, also where it has not begun yet.

`pending` — batches that were interrupted and wait::

    < {"id": 5, "event": "done", "batches": [BATCH, ...]}
    BATCH   = {"txn": "k3j...", "name": "rename API", "started": 1700000000.0, "state": "switching", "files": 41,
               "switched": 12, "alive": false, "foreign": false, "folders": ["/..."], "paths": ["/a", ...at most 200],
               "restarted": false (true: the machine was started again since)}
              state: preparing | switching | finishing | putting_back | unreadable | newer;  alive: its owner still runs;
              foreign: made by another machine, or its disk is not here: nothing is concluded about it

`recover` — `{"id": 6, "do": "recover", "txn": "k3j...", "how": "put_back" | "put_back_here" | "finish"}`, with progress
events; put_back_here waits no longer for folders that are not here, since they are gone for good::

    < {"id": 6, "event": "done", "result": "put_back" | "finished" | "busy" | "unknown" | "needs_attention", "files": 41,
       "kept": [...], "code": null}

`list` — regular files below some folders, hidden version-control folders and our own side files left out::

    > {"id": 10, "do": "list", "roots": ["/home/me/src"], "text_only": true}
    < {"id": 10, "event": "files", "files": [{"path": "/home/me/src/a", "size": 3, "mtime": 1700000000.0}, ...]}
    < {"id": 10, "event": "done", "files": 1234}

`look` — what some names stand for, symlinks followed; kind: file | folder | special | missing::

    > {"id": 12, "do": "look", "paths": ["/home/me/src"]}
    < {"id": 12, "event": "done", "entries": [{"path": "/home/me/src", "kind": "folder"}]}

`read` — the text of one file, with its digest; fails with too_large (8 MiB), binary, encoding (not UTF-8) or missing::

    > {"id": 11, "do": "read", "path": "/a"}
    < {"id": 11, "event": "done", "text": "...", "digest": "sha256:..."}

`sample` — what one operation by itself would do, with rows of the first changes; `evaluate` and its plan stay as they are::

    > {"id": 14, "do": "sample", "operation": {...}, "at_most": 40}
    < {"id": 14, "event": "sample", "change": CHANGE, "rows": [ROW, ...]}   up to 200 files; 40 rows in all
    < {"id": 14, "event": "done", "files": 41, "matches": 96, "problems": [PROBLEM, ...]}

`hunks` — the single matches of all searches over trees in one change, and the parts of all patches that are about its
file, those in `skip` as well; `diff` with `"whole": true`
shows the file as if none were left out::

    > {"id": 15, "do": "hunks", "plan": 1, "index": 0}
    < {"id": 15, "event": "hunks", "hunks": [[operation, id, line, old, new, is_left_out], ...]}    at most 500 at a time
    < {"id": 15, "event": "done", "hunks": 96}                                                      at most 20,000

`figures` — of some changes how many lines are new and how many are there no more, and how the texts are written before
and after: an encoding and "lf", "crlf", "cr", "mixed" or ""; null where there is no text, or it is too large::

    > {"id": 15, "do": "figures", "plan": 1, "indices": [0, 1]}
    < {"id": 15, "event": "done", "figures": [[0, [2, 1, ["utf-8", "lf"], ["utf-8", "lf"]]], [1, null]]}

`content` — a change's bytes before and after, in base64, as `{"before": "...", "after": "..."}`; fails with too_large
(8 MiB). `typed` — the operation that puts a text in the place of one line of what a file will be; fails with no_such_line::

    > {"id": 16, "do": "typed", "plan": 1, "index": 0, "line": 12, "text": "..."}
    < {"id": 16, "event": "done", "operation": {"op": "edit", "path": "/a", "find": "...", "replace": "..."}}

`stale` — files of the plan that are not on the disk as they were when it was made, by size and time::

    > {"id": 19, "do": "stale", "plan": 1}
    < {"id": 19, "event": "stale", "paths": ["/a", ...]}
    < {"id": 19, "event": "done", "files": 1}

`open_plan` — the operations of a plan file, with absolute paths; fails with bad_plan, or confined_plan where it has a
root. `save_plan` — writes one::

    > {"id": 17, "do": "open_plan", "path": "/home/me/plan.json"}
    < {"id": 17, "event": "done", "name": "rename API", "operations": [...]}
    > {"id": 18, "do": "save_plan", "path": "/home/me/plan.json", "name": "", "operations": [...]}

`scan` — leftovers below some folders; `watch` the same and then goes on until cancelled or the end of input::

    > {"id": 8, "do": "scan", "roots": ["/home/me/src"]}
    < {"id": 8, "event": "found", "leftovers": [LEFTOVER, ...]}
    < {"id": 8, "event": "gone", "paths": [...]}                           watch only
    < {"id": 8, "event": "coverage", "folders": 12400, "watched": 12400, "polled": 0, "unreadable": 2, "live": true}
    < {"id": 8, "event": "done", "found": 12, "folders": 12400}

    LEFTOVER = {"path": "/a.bak", "kind": "backup" | "temporary" | "own", "made_by": "a program or a person",
                "size": 3, "mtime": 1700000000.0, "ino": 42, "original": "/a" | null, "same": true | false | null,
                "txn": null | "k3j...", "advice": "restore" | "clear" | "ask" | "keep" | "wait" | "recover" | "protected",
                "reason": "newer" | ... (`core.leftovers.judge.Reason`), "changed": 1700000000.0, "number": 24,
                "meaning": "an earlier version", "who": "vim", "due": 0.0}
               original: what it is a version of, be it there or not; null also where its content is no version of
               anything, as in a lock;  same: null where nothing was compared

`coverage` and `gone` may come at any time, `coverage` whenever it has changed; a leftover that is found again has
changed. While a scan runs nothing is live. Cancelled, both fail with cancelled.

`restore` — the operations that give an original the content of a leftover, for `evaluate`. `expect` (what the original
was when it was looked at) and `remove` (the leftover goes in the same batch) may be left out; so may `original`, which is
then the file that the leftover belongs to, or a name beside it for what may be only a part. Of a Vim swap file it is the
text that Vim recovers::

    > {"id": 13, "do": "restore", "path": "/a.bak", "original": "/a", "expect": "sha256:...", "remove": false}
    < {"id": 13, "event": "done", "operations": [{"op": "replace", "path": "/a", "source": "/a.bak", ...}], "original": "/a"}

    fails with not_restorable (its content is no version of a file), missing, no_original or not_recovered

`clear` — deletes leftovers in one batch, which can be undone unless `undo` is false. Each only while it is what was shown:
size, time, and if they are given inode (`ino`), time of the last change of any kind (`changed`) and `advice`::

    > {"id": 19, "do": "clear", "leftovers": [{"path": "/a.bak", "size": 3, "mtime": 1700000000.0, ...}], "undo": true,
       "name": "Clear b.bak" ("": by what is cleared)}
    < {"id": 19, "event": "done", "outcome": "committed", "txn": "k3j...", "files": 1, ...,
       "left": [{"path": "/b", "code": "changed", "reason": ""}]}

    outcome and what comes with it: as of `apply`;  code: as of `trash`

`keep` — leftovers are told of no more until they change; `ignore` — nor is a kind in and below a folder; `forget` takes
back both in and below folders. A watch that runs takes account of it within a second. `scan` with `"everything": true`
tells of what is kept, ignored or never to be touched all the same::

    > {"id": 20, "do": "keep", "leftovers": [{"path": "/a.bak", "size": 3, "mtime": 1700000000.0, "ino": 42}]}
    < {"id": 20, "event": "done", "kept": 1}
    > {"id": 21, "do": "ignore", "number": 24, "folder": "/home/me"}
    < {"id": 21, "event": "done"}
    > {"id": 22, "do": "forget", "roots": ["/home/me"]}
    < {"id": 22, "event": "done", "forgotten": 2}

`trash` — moves leftovers to the desktop's trash, each only while size and time (and `ino`, if given) are those that
were shown; cancelled, it leaves the rest where it is::

    > {"id": 9, "do": "trash", "leftovers": [{"path": "/a.bak", "size": 3, "mtime": 1700000000.0, "ino": 42}]}
    < {"id": 9, "event": "done", "trashed": [...], "failed": [{"path": "/b", "code": "changed", "reason": ""}]}

    code: missing | changed | protected | not_a_plain_file | in_use | refused (then with the system's reason)

`history` — all batches, newest first; the words are those of `core.history`::

    > {"id": 14, "do": "history"}
    < {"id": 14, "event": "entries", "entries": [ENTRY, ...]}              at most 200 at a time
    < {"id": 14, "event": "done", "entries": 12}

    ENTRY   = {"txn": "k3j...", "name": "rename API", "started": 1700000000.0, "ended": 1700000001.0 (0.0: not yet),
               "state": "applied" | "undone" | "cancelled" | "failed" | "recovered" | "running" | "needs_attention",
               "files": 41, "bytes": 123456, "undoes": "" | "k3j...", "undone_by": "" | "k3j...", "is_partial": false,
               "is_pinned": false, "held": 123456 (bytes of previous versions), "expires": 1702592000.0 (0.0: never),
               "hindrance": "" | "not_in_force" | "not_kept" | "expired" | "not_ended" | "out_of_reach" |
               "newer" | "damaged",
               "kept": [...], "can_undo": true}

`entry` — one batch with its files; fails with unknown::

    > {"id": 15, "do": "entry", "txn": "k3j..."}
    < {"id": 15, "event": "files", "files": [FILE, ...]}                   at most 500 at a time
    < {"id": 15, "event": "done", "entry": ENTRY, "files": 41}

    FILE    = {"deed": "create" | "edit" | "delete" | "move" | "folder", "kind": "file", "path": "/a", "to": "",
               "size_before": 10, "size_after": 12, "digest_before": "...", "digest_after": "...", "held": ""}

`undo` — the plan that brings back what was before a batch becomes the current plan. It is answered like `evaluate`, and
`diff` and `apply` work on it. Problems that are about single files (edited_since, gone_since, replaced_since,
taken_since, later_batch with `txn` and `name`, not_held) go away when asked again with choices; `without` in `apply` is
the same as skipping::

    > {"id": 16, "do": "undo", "txn": "k3j...", "rest": "ask" | "skip" | "take", "choices": {"/a": "skip"}}
    < as for `evaluate`;  fails with cannot_undo (`why`: a hindrance, or "unknown")

`verify` — whether a batch is in force: applied, and every file as it left it::

    > {"id": 17, "do": "verify", "txn": "k3j..."}
    < {"id": 17, "event": "done", "txn": "k3j...", "in_force": false, "state": "applied", "checked": 41,
       "differences": [{"path": "/a", "drift": "edited" | "gone" | "replaced" | "taken" | "later", "by": ""}]}

`report` — the lines of a report, "json", "csv", "markdown" or "patch", in `lines` events, at most 2,000 at a time::

    > {"id": 18, "do": "report", "txn": "k3j...", "format": "markdown"}

`save_report` — the same into a file: `{"do": "save_report", "txn": "k3j...", "format": "csv", "path": "/home/me/report.csv"}`

`stats` — figures over all batches (`core.history.Stats`), with `rollback_rate` from 0 to 1: `{"id": 19, "do": "stats"}`

`expire` — drop previous versions older than `age` seconds and, beyond `size` bytes in all (0: no limit), the oldest; what
is not given is as the settings say. With `dry` only say which::

    > {"id": 20, "do": "expire", "dry": true, "age": 2592000.0, "size": 0}
    < {"id": 20, "event": "done", "expired": [{"txn": "k3j...", "name": "", "started": 1700000000.0, "bytes": 123456,
       "too_old": true, "kept": [...], "failed": []}]}

`pin` — keep the previous versions of a batch for good: `{"id": 21, "do": "pin", "txn": "k3j...", "pinned": true}`::

    < {"id": 21, "event": "done", "pinned": true}                          fails with unknown

The end of input means: cancel, put everything back, exit. SIGTERM means the same; SIGINT and SIGHUP are ignored, since
they belong to whoever started the worker.
"""

PROTOCOL = 1
