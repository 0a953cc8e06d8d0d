"""Reports on a batch: for programs, for tables, for people, and as a patch."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from datetime import UTC, datetime

from core.content import diff
from core.content.quoting import quoted
from core.fs import files
from core.fs.api import Kind
from core.history import Deed, Entry, FileEntry, Format
from core.history.entries import one_of
from core.history.track import Track, track
from core.journal.home import Home


def lines(home: Home, txn: str, how: Format) -> Iterator[str]:
    """Yield the lines of a report. Raises KeyError where no batch has that id."""
    entry = one_of(home, txn)
    if entry is None:
        raise KeyError(txn)
    with track(home, txn) as steps:
        yield from _WRITERS[how](entry, steps)


def _json(entry: Entry, steps: Track) -> Iterator[str]:
    yield json.dumps({"event": "entry", **asdict(entry), "can_undo": entry.can_undo})
    for file in steps.files():
        yield json.dumps({"event": "file", **asdict(file)})


def _csv(entry: Entry, steps: Track) -> Iterator[str]:
    yield _row([field.name for field in fields(FileEntry)])
    for file in steps.files():
        yield _row(list(asdict(file).values()))


def _row(values: list[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(values)
    return out.getvalue()


def _markdown(entry: Entry, steps: Track) -> Iterator[str]:
    when = datetime.fromtimestamp(entry.started, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    yield f"# {entry.name or entry.txn}"
    yield ""
    yield f"- batch {entry.txn}, started {when}"
    yield f"- {entry.state.value.replace('_', ' ')}, {entry.files:,} files, {entry.bytes:,} bytes written"
    yield ""
    yield "| what | file | bytes before | bytes after | SHA-256 before | SHA-256 after |"
    yield "|---|---|---|---|---|---|"
    for file in steps.files():
        name = f"{quoted(file.path)} → {quoted(file.to)}" if file.to else quoted(file.path)
        sizes = ("" if size is None else f"{size:,}" for size in (file.size_before, file.size_after))
        cells = [file.deed.value, name.replace("|", "\\|"), *sizes, file.digest_before, file.digest_after]
        yield f"| {' | '.join(cells)} |"


def _patch(entry: Entry, steps: Track) -> Iterator[str]:
    for file in steps.files():
        yield from _file_patch(file)


def _file_patch(file: FileEntry) -> Iterator[str]:
    old, new = quoted("a" + file.path), quoted("b" + (file.to or file.path))
    yield f"diff --holdfast {old} {new}"
    if file.deed is Deed.MOVE:
        yield f"rename from {quoted(file.path)}"
        yield f"rename to {quoted(file.to)}"
        return
    if file.deed is Deed.FOLDER or file.kind != Kind.FILE.value:
        yield f"{'deleted' if file.deed is Deed.DELETE else 'new'} {file.kind}"
        return
    before = b"" if file.deed is Deed.CREATE else _content(file.held, file.size_before, file.digest_before)
    after = b"" if file.deed is Deed.DELETE else _content(file.path, file.size_after, file.digest_after)
    if before is None or after is None or any(map(diff.is_binary, (before, after))):
        figures = (f"{size or 0} bytes {digest}" for size, digest in _figures(file))
        yield f"Not shown as text: {' -> '.join(figures)}"
        return
    old = "/dev/null" if file.deed is Deed.CREATE else old
    new = "/dev/null" if file.deed is Deed.DELETE else new
    yield from diff.unified(before, after, old, new)


def _figures(file: FileEntry) -> list[tuple[int | None, str]]:
    return [(file.size_before, file.digest_before), (file.size_after, file.digest_after)]


def _content(path: str, size: int | None, digest: str) -> bytes | None:
    """Return the content of a file that is still what the journal says, None where it is not, or is too large."""
    if not path or size is None or size > diff.LARGE:
        return None
    try:
        content = files.read_small(path, diff.LARGE)
    except (OSError, files.TooLarge):
        return None
    return content if not digest or files.digest(content) == digest else None


_WRITERS: dict[Format, Callable[[Entry, Track], Iterator[str]]] = {
    Format.JSON: _json,
    Format.CSV: _csv,
    Format.MARKDOWN: _markdown,
    Format.PATCH: _patch,
}
