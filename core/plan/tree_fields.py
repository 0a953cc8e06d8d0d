"""Operations on whole trees, as plan files write them."""

from __future__ import annotations

from datetime import datetime

from core.content import encoding
from core.content.convert import Wanted
from core.content.search import How, Rule
from core.errors import BadPlan
from core.plan import fields, ignoring
from core.plan.operations import Convert, FindReplace, Operation, Options, Patch, Rename, Scope

_SCOPE = {
    *("roots", "glob", "exclude", "hidden", "gitignore", "binary", "min_size", "max_size", "newer", "older", "without"),
}
_HOW = {"regex", "ignore_case", "word", "multiline", "dotall", "preserve_case", "max_per_file"}
_WANTED = {"encoding", "newline", "final_newline", "trailing_space", "bom"}
KEYS: dict[str, set[str]] = {
    "find_replace": {"find", "replace", "pairs", "simultaneous", "encoding", "skip", *_SCOPE, *_HOW, *fields.SHARED},
    "convert": {"from", *_WANTED, *_SCOPE, *fields.SHARED},
    "rename": {
        *("find", "replace", "regex", "ignore_case", "preserve_case", "folders", "start", "step", "digits"),
        *(_SCOPE - {"binary"}),
    },
    "patch": {"file", "strip", "base", "without", "skip", "links", "times", "guard"},
}


def parse(value: dict[str, object], base: str, options: Options) -> Operation:
    """Make an operation of an element whose keys are known to be right. Raises `BadPlan`."""
    match value["op"]:
        case "find_replace":
            return _find_replace(value, base, options)
        case "convert":
            return _convert(value, base, options)
        case "rename":
            return _rename(value, base)
        case _:
            return _patch(value, base, options)


def _find_replace(value: dict[str, object], base: str, options: Options) -> FindReplace:
    found = FindReplace(
        _scope(value, base),
        _rules(value),
        _how(value),
        simultaneous=fields.flag(value, "simultaneous"),
        encoding=_encoding(value, "encoding"),
        skip=frozenset(fields.texts(value, "skip")),
        options=options,
    )
    _demand_one_file(found.scope, options)
    return found


def _demand_one_file(scope: Scope, options: Options) -> None:
    if options.expect and len(scope.roots) != 1:
        raise BadPlan(reason="“expect” is about one file, so there must be one root")


def _rules(value: dict[str, object]) -> tuple[Rule, ...]:
    if "pairs" not in value:
        return (Rule(fields.text(value, "find"), fields.text(value, "replace")),)
    pairs = value["pairs"]
    if "find" in value or "replace" in value:
        raise BadPlan(reason="“pairs” stands for “find” and “replace”")
    if not isinstance(pairs, list) or not pairs or not all(isinstance(one, dict) for one in pairs):
        raise BadPlan(reason="“pairs” is a list of objects with “find” and “replace”")
    for pair in pairs:
        for key in pair:
            if key not in ("find", "replace"):
                raise BadPlan(reason=f"“{key}” is not a key of a pair")
    return tuple(Rule(fields.text(pair, "find"), fields.text(pair, "replace")) for pair in pairs)


def _how(value: dict[str, object], *, regex: bool = False) -> How:
    return How(
        regex=fields.flag(value, "regex", regex),
        ignore_case=fields.flag(value, "ignore_case"),
        word=fields.flag(value, "word"),
        multiline=fields.flag(value, "multiline"),
        dotall=fields.flag(value, "dotall"),
        preserve_case=fields.flag(value, "preserve_case"),
        at_most=fields.number(value, "max_per_file"),
    )


def _scope(value: dict[str, object], base: str) -> Scope:
    roots = fields.texts(value, "roots")
    if not roots:
        raise BadPlan(reason="“roots” must name at least one file or folder")
    return Scope(
        tuple(fields.below(root, "roots", base) for root in roots),
        _patterns(value, "glob"),
        _patterns(value, "exclude"),
        hidden=fields.flag(value, "hidden"),
        gitignore=fields.flag(value, "gitignore", default=True),
        binary=fields.flag(value, "binary"),
        min_size=fields.number(value, "min_size"),
        max_size=fields.number(value, "max_size"),
        newer=_time(value, "newer"),
        older=_time(value, "older"),
        without=_without(value, base),
    )


def _patterns(value: dict[str, object], key: str) -> tuple[str, ...]:
    patterns = fields.texts(value, key)
    try:
        if patterns:
            ignoring.spec(patterns)
    except ValueError as error:
        raise BadPlan(reason=f"“{key}” has a pattern that cannot be used") from error
    return patterns


def _time(value: dict[str, object], key: str) -> float:
    if key not in value:
        return 0.0
    try:
        return datetime.fromisoformat(fields.text(value, key)).timestamp()
    except (ValueError, OverflowError) as error:
        raise BadPlan(reason=f"“{key}” is a date such as 2026-01-31 or 2026-01-31T12:00") from error


def _encoding(value: dict[str, object], key: str) -> str:
    name = value.get(key, "")
    if not isinstance(name, str):
        raise BadPlan(reason=f"“{key}” must be a text")
    try:
        if name:
            encoding.named(name)
    except LookupError as error:
        raise BadPlan(reason=f"“{name}” is not an encoding that files can be searched in") from error
    return name


def _convert(value: dict[str, object], base: str, options: Options) -> Convert:
    newline = value.get("newline", "")
    if newline not in ("", "lf", "crlf", "cr"):
        raise BadPlan(reason="“newline” is “lf”, “crlf” or “cr”")
    if fields.flag(value, "trailing_space"):
        raise BadPlan(reason="“trailing_space” can only be taken away (false)")
    if not _WANTED & value.keys():
        raise BadPlan(reason="a conversion needs one of " + ", ".join(f"“{key}”" for key in sorted(_WANTED)))
    wanted = Wanted(
        _encoding(value, "encoding"),
        str(newline),
        *(fields.flag(value, key) if key in value else None for key in ("final_newline", "trailing_space", "bom")),
    )
    found = Convert(_scope(value, base), wanted, _encoding(value, "from"), options)
    _demand_one_file(found.scope, options)
    return found


def _rename(value: dict[str, object], base: str) -> Rename:
    return Rename(
        _scope(value, base),
        Rule(fields.text(value, "find"), fields.text(value, "replace")),
        _how(value, regex=True),
        folders=fields.flag(value, "folders"),
        start=fields.number(value, "start", 1),
        step=fields.number(value, "step", 1, 1),
        digits=fields.number(value, "digits", 1, 1),
    )


def _patch(value: dict[str, object], base: str, options: Options) -> Patch:
    where = fields.path(value, "base", base) if "base" in value else base
    return Patch(
        fields.path(value, "file", base),
        where,
        fields.number(value, "strip", 1),
        options,
        _without(value, base),
        frozenset(fields.texts(value, "skip")),
    )


def _without(value: dict[str, object], base: str) -> frozenset[str]:
    return frozenset(fields.below(one, "without", base) for one in fields.texts(value, "without"))
