"""What has to be true before the window is shown: a display, and a Qt that can be trusted. Imports no Qt itself."""

from __future__ import annotations

import sys

from app import surroundings, versions
from app.reason_texts import told
from app.words import _
from core.fs import files

_NO_DISPLAY = _(
    "Nothing was changed. There is no display to show the window on.\n"
    "On the command line: holdfast demo, holdfast preview PLAN, holdfast apply PLAN, holdfast --help."
)


def window(paths: list[str]) -> int:
    """Show the window with these paths chosen; 2 when it cannot be shown, or a path is none, as a mistyped command."""
    for path in paths:
        if files.kind_behind(path) == "missing":
            print(
                _("Nothing was changed. There is no command, file or folder called {path}.", path=path), file=sys.stderr
            )
            return 2
    if not surroundings.display():
        print(_NO_DISPLAY, file=sys.stderr)
        return 2
    refusal = versions.refusal()
    if refusal:
        print(_("Nothing was changed. {refusal}", refusal=told(refusal)), file=sys.stderr)
        return 2
    try:
        from app import start
    except ImportError as error:
        print(
            _("Nothing was changed. Qt cannot be loaded: {error}\nRun: holdfast doctor", error=error), file=sys.stderr
        )
        return 2
    return start.run(paths)
