"""New names by a pattern: which names change, and in which order, so that swaps and cycles need no free name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import groupby

from core import names
from core.content import search, template
from core.content.edit import BadPattern
from core.content.search import Matcher, Rule
from core.errors import ProblemCode
from core.plan.disk import Finding
from core.plan.operations import Move, Rename
from core.plan.selecting import Selector
from core.plan.tree import Tree
from core.progress import CancelToken

Names = dict[str, str]  # from one path to another


def moves(tree: Tree, operation: Rename, token: CancelToken, findings: list[Finding]) -> Iterator[Move]:
    """Yield what makes the new names, each possible after those before it.

    `findings` gets the problems of single names. Raises `Finding` when there is something wrong with all of them.
    """
    wanted = _wanted(tree, operation, token, findings)
    # What lies deeper goes first: it has its old path only until the folder above it is renamed.
    deepest = sorted(wanted, key=lambda path: -path.count("/"))
    for _, paths in groupby(deepest, key=lambda path: path.count("/")):
        yield from ordered({path: wanted[path] for path in paths})


def _wanted(tree: Tree, operation: Rename, token: CancelToken, findings: list[Finding]) -> Names:
    matcher = _matcher(operation)
    found: Names = {}
    taken: Names = {}
    number = operation.start
    for file in Selector(tree, operation.scope, token, folders=operation.folders).files():
        folder, old = os.path.split(file.path)
        new = _renamed(matcher, operation, old, number)
        if new is None:
            continue
        number += operation.step
        if new in ("", ".", "..") or "/" in new or "\0" in new:
            findings.append(Finding(ProblemCode.BAD_PATTERN, file.path, reason=f"“{new}” is no name"))
            continue
        target = f"{folder.rstrip('/')}/{new}"
        if target in taken:
            findings.append(Finding(ProblemCode.COLLISION, file.path, to=target, other=taken[target]))
            continue
        taken[target] = file.path
        if target != file.path:
            found[file.path] = target
    return found


def _matcher(operation: Rename) -> Matcher:
    rule = operation.rule
    try:
        # The number is digits by then.
        rules = (Rule(rule.find, template.counted(rule.replace, "0") if operation.how.regex else rule.replace),)
        search.check(rules, operation.how)
        return Matcher(rules, operation.how)
    except BadPattern as error:
        raise Finding(ProblemCode.BAD_PATTERN, operation.path, reason=str(error)) from error


def _renamed(matcher: Matcher, operation: Rename, name: str, number: int) -> str | None:
    """Return the new name, None where nothing in the name matches."""
    rule = operation.rule
    if operation.how.regex and "#" in rule.replace:
        digits = f"{number:0{operation.digits}}"
        matcher = Matcher((Rule(rule.find, template.counted(rule.replace, digits)),), operation.how)
    try:
        found = list(matcher.find(name))
    except TimeoutError as error:
        raise Finding(ProblemCode.PATTERN_TIMEOUT, name) from error
    if not found:
        return None
    parts, position = [], 0
    for begin, end, put in found:
        parts += [name[position:begin], put]
        position = end
    return "".join([*parts, name[position:]])


def ordered(wanted: Names) -> Iterator[Move]:
    """Yield moves in an order in which every new name is free; a circle is opened by a name that nobody sees."""
    sources = {target: source for source, target in wanted.items()}
    waiting = dict(wanted)
    for source in [one for one, target in wanted.items() if target not in wanted]:
        yield from _chain(source, waiting, sources)
    while waiting:  # only circles are left
        first = next(iter(waiting))
        target = waiting.pop(first)
        aside = os.path.join(os.path.dirname(first), names.side(names.new_txn(), 0))
        yield Move(first, aside)
        if first in sources:
            yield from _chain(sources[first], waiting, sources)
        yield Move(aside, target)


def _chain(source: str | None, waiting: Names, sources: Names) -> Iterator[Move]:
    """Yield the move of one name, and of all that wait for the name that becomes free by that."""
    while source is not None and source in waiting:
        yield Move(source, waiting.pop(source))
        source = sources.get(source)


def all_at_once(wanted: Iterable[tuple[str, str]]) -> Iterator[Move]:
    """Yield moves that are all meant as of the beginning."""
    yield from ordered(dict(wanted))
