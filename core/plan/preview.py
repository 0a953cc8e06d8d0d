"""What will happen to each file, for people: the text of a unified diff, or sizes and digests where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from core.content import diff
from core.content.convert import Conversion
from core.content.diff import Row
from core.content.edit import Rewrite
from core.content.encoding import Codec, named
from core.content.fitting import Splices
from core.content.quoting import quoted
from core.content.search import Search
from core.content.shape import Shape, shape
from core.fs.abilities import Level
from core.fs.api import FileSystem, Kind
from core.plan import render, windows
from core.plan.node import HELD, Node
from core.plan.plan import Action, Change, Plan
from core.plan.windows import Window


def contents(fs: FileSystem, plan: Plan, change: Change, *, whole: bool = False) -> tuple[bytes, bytes] | None:
    """Return (before, after) of a change, text as UTF-8, or None when they are too large to be compared or there are none.

    `whole`: as if no match were left out, for whoever decides about single matches.
    """
    _, node = plan.node(change.index)
    if whole and node is not None:
        edits = tuple(map(_whole, node.edits))
        node = replace(node, edits=edits)
    both = None if node is None else _contents(fs, plan, change, node)
    return both if both is None or node is None else _readable(node, both, wide_only=False)


def _whole(edit: Rewrite) -> Rewrite:
    """Return an edit that leaves nothing out."""
    if isinstance(edit, Splices):
        return replace(edit, skip=frozenset())
    return replace(edit, skip=frozenset()) if isinstance(edit, Search) else edit


def raw(fs: FileSystem, plan: Plan, change: Change) -> tuple[bytes, bytes] | None:
    """Return (before, after) of a change as they are on the disk, or None as `contents` does."""
    _, node = plan.node(change.index)
    return None if node is None else _contents(fs, plan, change, node)


def _contents(fs: FileSystem, plan: Plan, change: Change, node: Node) -> tuple[bytes, bytes] | None:
    only_moves = change.action is Action.MOVE and not node.has_new_content
    if change.kind is not Kind.FILE or change.action is Action.FOLDER or only_moves:
        return None
    if max(change.size_before or 0, change.size_after or 0) > diff.LARGE:
        return None
    before = after = b""
    displaced = node.displaced[-1] if node.displaced else ""
    origin = displaced if node.flags & HELD else node.origin or displaced
    if origin and plan.replaced_kind(node) is Kind.FILE:
        before = b"".join(render.read(fs, origin))
    if change.action is not Action.DELETE:
        after = b"".join(render.chunks(fs, node, plan.scratch))
    return before, after


def _readable(node: Node, both: tuple[bytes, bytes], *, wide_only: bool) -> tuple[bytes, bytes]:
    """Return contents as UTF-8 where the search has found out that they are in another encoding.

    `wide_only`: leave encodings alone whose lines a diff can hold as they are.
    """
    codecs = [one.codec for one in node.edits if isinstance(one, Search)]
    if not codecs or codecs[0].name == "utf-8" or (wide_only and codecs[0].width == 1):
        return both
    before, after = (codecs[0].decode(one).encode("utf-8", "replace") for one in both)
    return before, after


def rows(fs: FileSystem, plan: Plan, change: Change) -> Iterator[Row]:
    """Yield a change as rows for a side-by-side view; nothing for what is not text."""
    both = contents(fs, plan, change)
    if both is not None and not any(map(diff.is_binary, both)):
        yield from diff.rows(*both)
    elif both is None:
        shown = 0
        for part in parts(fs, plan, change):
            for row in diff.rows(part.before, part.after, part.old, part.new, shown):
                yield row
                shown = row.old_number or shown


class Figures(NamedTuple):
    """What a change of a text comes to in lines, and how the text is written before and after it (None: no text)."""

    added: int
    removed: int
    before: Shape | None
    after: Shape | None


def figures(fs: FileSystem, plan: Plan, change: Change) -> Figures | None:
    """Return the figures of a change, None where there are none: no content, no text, or more than can be compared."""
    _, node = plan.node(change.index)
    both = None if node is None else _contents(fs, plan, change, node)
    if node is None or both is None:
        return None
    before = shape(both[0], _codec_of_edited(node))
    after = shape(both[1], _codec_after(node, before))
    if (before is None) != (not both[0]) or (after is None) != (not both[1]) or not any(both):
        return None  # one of both is there and is no text, or there is nothing
    texts = [_as_utf8(one, how) for one, how in zip(both, (before, after), strict=True)]
    return Figures(*diff.count(texts[0], texts[1]), before, after)


def _codec_of_edited(node: Node) -> Codec | None:
    """Return the encoding in which a file has been read, None where nobody has, or where it gets other content first."""
    if node.slice is not None or node.source:
        return None
    return next((one.codec for one in node.edits if isinstance(one, Search | Conversion)), None)


def _codec_after(node: Node, before: Shape | None) -> Codec | None:
    """Return the encoding of a file that was edited: what it was converted to last, or what it was in.

    A guess about another content might be another one.
    """
    becomes = [one.target for one in node.edits if isinstance(one, Conversion) and one.wanted.encoding]
    if becomes or not node.edits or node.slice is not None or node.source or before is None:
        return becomes[-1] if becomes else None
    return named(before.encoding)


def _as_utf8(content: bytes, how: Shape | None) -> bytes:
    if how is None or how.encoding.startswith("utf-8"):
        return content
    codec = named(how.encoding)
    return codec.decode(content[: len(content) // codec.width * codec.width]).encode("utf-8", "replace")


def has_parts(plan: Plan, change: Change) -> bool:
    """Whether it is known of a large file which parts of it change."""
    _, node = plan.node(change.index)
    return node is not None and plan.facts(node).noted is not None


def parts(fs: FileSystem, plan: Plan, change: Change) -> Iterator[Window]:
    """Yield the changed parts of a file that is too large to be compared, as far as they are known; else nothing."""
    _, node = plan.node(change.index)
    noted = plan.regions(plan.facts(node)) if node is not None else None
    if node is None or noted is None:
        return
    for part in windows.windows(fs, node.origin, noted):
        before, after = _readable(node, (part.before, part.after), wide_only=True)
        yield part._replace(before=before, after=after)


def unified(fs: FileSystem, plan: Plan) -> Iterator[str]:
    """Yield the lines of one unified diff over all changes."""
    for change, node in plan.changed():
        yield from _unified(fs, plan, change, node)


def _unified(fs: FileSystem, plan: Plan, change: Change, node: Node) -> Iterator[str]:
    old, new = quoted("a" + change.path), quoted("b" + (change.to or change.path))
    yield f"diff --holdfast {old} {new}"
    if change.level is not Level.EXCHANGE:
        yield f"guarantee {change.level.value}"
    replaced = plan.replaced_kind(node)
    another = change.action is Action.REPLACE and replaced is not change.kind
    if another and replaced is not None:
        yield f"deleted {replaced.value}"
    if change.kind is Kind.FOLDER and (another or change.action is Action.FOLDER):
        yield "new folder"
        return
    if change.to:
        yield f"rename from {quoted(change.path)}"
        yield f"rename to {quoted(change.to)}"
        if not node.has_new_content:
            return
    if another or change.action is Action.CREATE:
        yield "new file" if change.kind is Kind.FILE else f"new symlink to {quoted(plan.tree.target(change.path))}"
        old = "/dev/null"
    elif change.action is Action.DELETE:
        yield f"deleted {change.kind.value}"
        new = "/dev/null"
    if node.runnable is not None:
        yield "new mode: a program" if node.runnable else "new mode: no program"
    yield from _unified_content(fs, plan, change, node, old, new)


def _unified_content(fs: FileSystem, plan: Plan, change: Change, node: Node, old: str, new: str) -> Iterator[str]:
    both = _contents(fs, plan, change, node)
    both = both and _readable(node, both, wide_only=True)
    if both is None and has_parts(plan, change):
        yield from diff.names(old, new)
        for part in parts(fs, plan, change):
            yield from diff.hunks(part.before, part.after, part.old, part.new)
    elif both is None or any(map(diff.is_binary, both)):
        yield from _figures(change)
    elif both[0] != both[1]:
        yield from diff.unified(*both, old, new)


def _figures(change: Change) -> Iterator[str]:
    if change.kind is not Kind.FILE:
        return
    before = f"{change.size_before} bytes {change.digest_before}" if change.size_before is not None else "nothing"
    after = f"{change.size_after} bytes {change.digest_after}" if change.size_after is not None else "nothing"
    yield f"Not shown as text: {before.strip()} -> {after.strip()}"
