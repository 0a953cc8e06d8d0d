"""Tests that run in a process of their own, since what they are about is set once per process: a language, a scale."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 200  # seconds; less than that of the test that waits, which could not say where the inner one stood
_INNER = "HOLDFAST_TEST_INNER"


def is_inner() -> bool:
    """Return whether this process runs tests for a test of another one."""
    return _INNER in os.environ


def run(path: Path, *arguments: str, **environment: str) -> str:
    """Run the tests of a file with some variables set; return what pytest printed. Their failure is that of the caller."""
    limits = ("-o", f"timeout={PATIENCE}", "-o", f"faulthandler_timeout={PATIENCE / 2}")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *limits, str(path)]
    done = subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), _INNER: "yes"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-8000:]
    return done.stdout
