"""`holdfast worker`: the engine as a process of its own, for the window. See `core.worker`."""

from __future__ import annotations

import argparse
import os

from core.worker import server


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing: all is said over standard input."""


def run(options: argparse.Namespace) -> int:
    """Serve until the end of input."""
    if options.state_dir:
        os.environ["HOLDFAST_STATE_DIR"] = options.state_dir
    return server.serve()
