"""`holdfast stats`: how many batches there were, how often they were put back, and why."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app import history_texts
from app.cli import output
from app.words import _
from core import memory


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--json", action="store_true", help=_("one JSON object"))


def run(options: argparse.Namespace) -> int:
    """Print the figures."""
    found = memory.stats(options.state_dir)
    if options.json:
        output.emit("outcome", outcome="stats", rollback_rate=found.rollback_rate, **asdict(found))
        return 0
    for line in history_texts.stats(found):
        output.say(line)
    return 0
