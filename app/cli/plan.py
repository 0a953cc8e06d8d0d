"""`holdfast plan`: find and replace over whole trees, up to the plan. Changes no file."""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import os
import sys

from app import short_texts, texts
from app.cli import output, stopping
from app.cli.bar import Bar
from app.reason_texts import told
from app.settings import Settings, search_defaults
from app.words import _, counted
from core import api, helper
from core.fs import files
from core.plan import planfile, planwriter
from core.progress import Cancelled, CancelToken, Meter

_FLAGS = {
    "regex": _(
        "FIND is a regular expression; groups are \\1 or \\g<name> in REPLACEMENT, and \\U \\L \\u \\l \\E change case"
    ),
    "ignore_case": _("upper and lower case are the same"),
    "word": _("only whole words"),
    "multiline": _("a match may go over line ends"),
    "dotall": _("with --multiline: a dot stands for line ends as well"),
    "preserve_case": _("give the replacement the case of what it replaces"),
    "simultaneous": _("all pairs in one pass, so that two words can change places"),
    "hidden": _("also files and folders that begin with a dot"),
    "binary": _("also files that are no text"),
}
_SHORT = {"regex": "-E", "ignore_case": "-i", "word": "-w", "multiline": "-U"}
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.usage = _(
        "holdfast plan [options] FIND REPLACEMENT PATH...\n       holdfast plan [options] --pairs FILE.csv PATH..."
    )
    parser.add_argument("what", nargs="*", metavar="FIND REPLACEMENT PATH", help=argparse.SUPPRESS)
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help=_("where the plan goes; standard output"))
    for name, summary in _FLAGS.items():
        short = [_SHORT[name]] if name in _SHORT else []
        parser.add_argument(*short, f"--{name.replace('_', '-')}", action="store_true", help=summary)
    parser.add_argument(
        "--no-gitignore", action="store_true", help=_("also what the .gitignore files of a repository name")
    )
    parser.add_argument(
        "-g", "--glob", action="append", metavar="PATTERN", help=_("only files like this; may be repeated")
    )
    parser.add_argument("--exclude", action="append", metavar="PATTERN", help=_("no files or folders like this"))
    parser.add_argument("--pairs", metavar="FILE.csv", help=_("what to find and its replacement, a pair a line"))
    parser.add_argument("--max-per-file", type=int, metavar="N", help=_("at most so many matches in a file"))
    parser.add_argument("--min-size", type=_size, metavar="SIZE", help=_("no smaller files; SIZE as 10K, 5M or 1G"))
    parser.add_argument("--max-size", type=_size, metavar="SIZE", help=_("no larger files"))
    parser.add_argument("--newer", metavar="DATE", help=_("only files changed after that; DATE as 2026-01-31"))
    parser.add_argument("--older", metavar="DATE", help=_("only files changed before that"))
    parser.add_argument(
        "--encoding", metavar="NAME", help=_("the encoding of the files, if it is not found out rightly")
    )
    parser.add_argument("--links", choices=[link.value for link in api.Links], help=_("files with other names"))
    parser.add_argument("--no-guard", action="store_true", help=_("let edits break the format of JSON, YAML, Python…"))
    parser.add_argument("--unpinned", action="store_true", help=_("save the search itself, to be done again by apply"))


def run(options: argparse.Namespace) -> int:
    """Make the plan and write it; 0, or 1 when there are problems, or 2 when it makes no sense."""
    meter, token = Meter(), CancelToken(stopping.is_waiting)
    try:
        wish = _wish(options)
        _demand_own(options.output, wish)
        # An older plan in the tree holds what is looked for, and is about to be written anew.
        own = [] if options.output == "-" else [os.path.abspath(options.output)]
        operation = planfile.parse({**wish, "without": own}, os.getcwd())
        with stopping.AtOnce(), Bar(meter, shown=sys.stderr.isatty()):
            plan = api.evaluate(
                [operation], meter=meter, token=token, state=options.state_dir, processes=helper.processes()
            )
    except (api.BadPlan, _Unusable) as error:
        reason = error.values.get("reason") if isinstance(error, api.BadPlan) else error
        output.complain(f"{texts.NOTHING_CHANGED} {told(reason)}.")
        return 2
    except Cancelled:
        now = meter.sample()
        output.complain(
            _("Nothing was changed. Stopped: {searched}.", searched=texts.searched(now.files_done, now.matched))
        )
        return stopping.exit_code()
    if plan.problems:
        output.complain(_("Nothing was changed. No plan was written."))
        output.problems(plan.problems, json_lines=False)
        return 1
    _write(options, plan, wish)
    matches = counted(plan.matches, "{n} match", "{n} matches")
    output.complain(
        _(
            "{matches} in {files}. Nothing has been written yet.",
            matches=matches,
            files=counted(plan.files, "{n} file", "{n} files"),
        )
    )
    return 0


class _Unusable(ValueError):
    """The arguments make no sense; the text says why."""


def _wish(options: argparse.Namespace) -> dict[str, object]:
    """Return what is asked for as a plan file says it."""
    paths = options.what
    wish: dict[str, object] = {"op": "find_replace"}
    if options.pairs:
        rules: dict[str, object] = {"pairs": _pairs(options.pairs)}
    elif len(paths) < 2:
        raise _Unusable(_("FIND and REPLACEMENT are needed, or --pairs"))
    else:
        rules, paths = {"find": paths[0], "replace": paths[1]}, paths[2:]
    if not paths:
        raise _Unusable(_("At least one file or folder has to be named"))
    wish["roots"] = [os.path.abspath(path) for path in paths]
    wish |= rules
    wish |= search_defaults(Settings(options.state_dir))
    wish |= {name: True for name in _FLAGS if getattr(options, name)}
    if options.no_guard:
        wish["guard"] = False
    if options.no_gitignore:
        wish["gitignore"] = False
    for name in ("glob", "exclude", "max_per_file", "min_size", "max_size", "newer", "older", "encoding", "links"):
        if (value := getattr(options, name)) is not None:
            wish[name] = value
    return wish


def _demand_own(output: str, wish: dict[str, object]) -> None:
    """Raise `_Unusable` if writing the plan would cost a file that is none: it is not a batch, and nothing keeps it."""
    path = os.path.abspath(output)
    if output == "-" or files.kind_behind(path) == "missing":
        return
    is_plan = False
    with contextlib.suppress(api.BadPlan, OSError), planfile.read(path):
        is_plan = path not in wish["roots"]  # type: ignore[operator]
    if not is_plan:
        raise _Unusable(
            _("{path} is there already, and is no plan; write the plan to another file", path=api.shown(output))
        )


def _pairs(path: str) -> list[dict[str, str]]:
    try:
        text = api.read_small(path).decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except (OSError, api.TooLarge, UnicodeDecodeError, csv.Error) as error:
        raise _Unusable(
            _(
                "{path} cannot be read as pairs ({reason})",
                path=api.shown(path),
                reason=told(getattr(error, "strerror", None) or error),
            )
        ) from error
    if rows and [cell.strip().lower() for cell in rows[0]] == ["find", "replace"]:
        del rows[0]
    for number, row in enumerate(rows, 1):
        if len(row) != 2:
            raise _Unusable(
                _(
                    "{path}: pair {number} has {parts} parts instead of 2",
                    path=api.shown(path),
                    number=number,
                    parts=len(row),
                )
            )
    return [{"find": find, "replace": replace} for find, replace in rows]


def _size(text: str) -> int:
    unit = text[-1:].upper()
    unit = unit if unit in _UNITS else ""
    return int(float(text[: len(text) - len(unit)]) * _UNITS[unit])


def _write(options: argparse.Namespace, plan: api.Plan, wish: dict[str, object]) -> None:
    here = "" if options.output == "-" else os.path.dirname(os.path.abspath(options.output))
    name = short_texts.pairs_title(wish.get("pairs") or [wish])  # type: ignore[arg-type] # see _wish
    lines = planwriter.lines([wish], name) if options.unpinned else planwriter.pinned(plan, wish, here, name)
    if options.output != "-":
        files.write_whole(options.output, (f"{line}\n".encode("ascii") for line in lines))
        return
    for line in lines:
        sys.stdout.write(f"{line}\n")
