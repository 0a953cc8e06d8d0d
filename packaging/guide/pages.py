"""Writes the pages of the guide that the sources say whole: python packaging/guide/pages.py

The settings are as `app.settings` declares them, and the worker's requests as the first page of `core.worker` has them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "guide"

sys.path.insert(0, str(ROOT))

import core.worker
from app import settings
from app.settings import Setting

_SETTINGS = """# Settings

The window's Settings page and `holdfast settings` show and change the same ones. They are kept in `kept/settings.json`
in the state directory (`holdfast doctor` says where that is): one JSON object, in which a name below has its value. What
is not there, or makes no sense, has its default. Command line and window read it when they start; edit it by hand only
while no Holdfast runs.

```console
$ holdfast settings times keep
times = keep
    Time of a changed file. Programs that build things look at it to see what is new.
$ holdfast settings times --default
times = new
    Time of a changed file. Programs that build things look at it to see what is new.
```
"""


def settings_page() -> str:
    """Return the page of all settings."""
    lines = [_SETTINGS]
    for group, found in settings.groups().items():
        lines += [f"## {group}", "", "| name | | values | default |", "|---|---|---|---|", *map(_row, found), ""]
    return "\n".join(lines)


def _row(one: Setting) -> str:
    return f"| `{one.name}` | **{one.label}.** {one.meaning} | {_values(one)} | {_said(one.default)} |"


def _values(one: Setting) -> str:
    if isinstance(one.default, tuple):
        return "a list of paths"
    if isinstance(one.default, bool):
        return "`true`, `false` (`on` and `off` on the command line)"
    return ", ".join(f"`{value}` ({words})" for value, words in one.choices)


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return "none"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def worker_page() -> str:
    """Return the page of all requests."""
    text = (core.worker.__doc__ or "").strip("\n")
    title, _, rest = text.partition("\n")
    return f"# The worker\n\n{title}\n{_with_fences(rest)}\n"


def _with_fences(text: str) -> str:
    """Turn indented blocks after "::" into fenced ones; what is indented and explains them stays with them."""
    text = re.sub(r"::$", ":", text, flags=re.MULTILINE)
    return re.sub(r"(?:^(?:    .*|)\n)*^    .*$", lambda block: _fenced(block[0]), text, flags=re.MULTILINE)


def _fenced(block: str) -> str:
    lines = [line[4:] for line in block.strip("\n").split("\n")]
    return "\n".join(["", "```text", *lines, "```"])


PAGES = {"settings.md": settings_page, "worker.md": worker_page}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page())
