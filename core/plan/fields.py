"""The values of an operation in a plan file, each checked where it is read. All raise `BadPlan`."""

from __future__ import annotations

import base64
import binascii
import os

from core.errors import BadPlan
from core.plan.operations import Links, Material, Options, Times

SHARED = {"links", "times", "expect", "guard"}
MATERIAL = {"text", "base64", "source"}


def options(value: dict[str, object]) -> Options:
    """Return what operations share."""
    if not SHARED & value.keys():
        return Options()
    try:
        links, times = Links(str(value.get("links", "refuse"))), Times(str(value.get("times", "new")))
    except ValueError as error:
        raise BadPlan(reason=str(error)) from error
    expect = value.get("expect", "")
    if not isinstance(expect, str) or (expect and not expect.startswith("sha256:")):
        raise BadPlan(reason="“expect” is “sha256:” and 64 digits")
    return Options(links, times, expect.removeprefix("sha256:"), flag(value, "guard", default=True))


def material(value: dict[str, object], base: str) -> Material:
    """Return the content that the plan gives, or says where to find."""
    given = MATERIAL & value.keys()
    if len(given) != 1:
        raise BadPlan(reason="exactly one of “text”, “base64” and “source” is needed")
    if "source" in given:
        if "executable" in value:
            raise BadPlan(reason="“executable” goes with “text” and “base64”; a source is a program or is none")
        return Material(source=path(value, "source", base))
    executable = flag(value, "executable")
    content = text(value, given.pop())
    if "text" in value:
        try:
            return Material(data=content.encode("utf-8", "surrogateescape"), executable=executable)
        except UnicodeEncodeError as error:
            raise BadPlan(reason="“text” has a character that no file can hold") from error
    try:
        return Material(data=base64.b64decode(content, validate=True), executable=executable)
    except (binascii.Error, ValueError) as error:
        raise BadPlan(reason="“base64” is not base64") from error


def text(value: dict[str, object], key: str) -> str:
    """Return a text that must be there."""
    found = value.get(key)
    if not isinstance(found, str):
        raise BadPlan(reason=f"“{key}” must be a text" if key in value else f"“{key}” is missing")
    return found


def flag(value: dict[str, object], key: str, default: bool = False) -> bool:  # noqa: FBT001, FBT002 - as dict.get
    """Return true or false."""
    found = value.get(key, default)
    if not isinstance(found, bool):
        raise BadPlan(reason=f"“{key}” must be true or false")
    return found


def number(value: dict[str, object], key: str, default: int = 0, least: int = 0) -> int:
    """Return a whole number that is at least so much."""
    found = value.get(key, default)
    if not isinstance(found, int) or isinstance(found, bool) or found < least:
        raise BadPlan(reason=f"“{key}” must be a whole number, and at least {least}")
    return found


def texts(value: dict[str, object], key: str) -> tuple[str, ...]:
    """Return a list of texts that may be missing."""
    found = value.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadPlan(reason=f"“{key}” must be a list of texts")
    return tuple(found)


def path(value: dict[str, object], key: str, base: str) -> str:
    """Return an absolute path; a relative one resolves against `base` and stays below it."""
    return below(text(value, key), key, base)


def below(path: str, key: str, base: str) -> str:
    """Do as `path` for the path itself."""
    if not path or "\0" in path:
        raise BadPlan(reason=f"“{key}” is not a path")
    try:
        if not path.isascii():
            os.fsencode(path)
    except UnicodeEncodeError as error:
        raise BadPlan(reason=f"“{key}” has a character that no file name can hold") from error
    if not os.path.isabs(path) and ".." in path.split("/"):
        raise BadPlan(reason=f"“{key}” leaves the plan's folder; use an absolute path for that")
    return os.path.normpath(os.path.join(base, path))
