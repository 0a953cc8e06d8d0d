"""Patterns of .gitignore files: what is found out about a path at a glance is what `pathspec` says at length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pathspec import GitIgnoreSpec

from core.plan.ignoring import Rules

NAMES = some.sampled_from(["a", "b", "ab", "a.o", "b.o.c", ".a", "#a#", " a", "a ", "[a]", "a\\", "é", "!a", "*"])
PARTS = some.one_of(
    NAMES,
    some.sampled_from(["*", "**", "?", "a*", "*b", "*.o", "*.o.*", "a?b", "[ab]", "*.[oc]", "[!a]*", ".*"]),
    some.sampled_from(["\\#*#", "\\!a", "a\\ ", "a\\*", "*\\[*", "\\a", "a\\\\"]),
)
PATTERNS = some.builds(
    lambda sign, root, parts, folder, space: sign + root + "/".join(parts) + folder + space,
    some.sampled_from(["", "", "!"]),
    some.sampled_from(["", "/"]),
    some.lists(PARTS, min_size=1, max_size=3),
    some.sampled_from(["", "/"]),
    some.sampled_from(["", "", " ", "\t"]),
)
PATHS = some.builds(
    lambda names, folder: "/".join(names) + folder,
    some.lists(NAMES, min_size=1, max_size=3),
    some.sampled_from(["", "/"]),
)


@given(some.lists(PATTERNS, max_size=4), some.lists(PATHS, min_size=1, max_size=6))
def test_a_glance_at_a_path_overlooks_no_pattern(lines: list[str], paths: list[str]) -> None:
    try:
        wanted = GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return
    rules = Rules(lines)

    assert [rules.verdict(path) for path in paths] == [wanted.check_file(path).include for path in paths]


@pytest.mark.parametrize(
    ("line", "meant", "other"),
    [
        ("*.o", "a/b.o", "a/o.b"),
        ("/x", "x/y", "y/z"),
        ("a/**", "a/b/c", "b/c"),
        ("\\#*#", "d/#e#", "d/e"),
        ("*", "z", ""),
    ],
)
def test_a_pattern_means_what_git_says(line: str, meant: str, other: str) -> None:
    rules = Rules(["# what is made", "", line, "kept.o"])

    assert rules.verdict(meant) is True
    assert not other or rules.verdict(other) is None
