"""Tests that run in a process of their own, since what they are about is set once per process: a language, a scale."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 200  # seconds; less than that of the test that waits, which could not say where the inner one stood
_INNER = "HOLDFAST_TEST_INNER"


def is_inner() -> bool:
    """Return whether this process runs tests for a test of another one."""
    return _INNER in os.environ


def run(path: Path, *arguments: str, **environment: str) -> str:
    """Run the tests of a file with some variables set; return what pytest printed. Their failure is that of the caller.

    Their folders are in one of their own: without it pytest clears away, when they are through, what runs before this
    one left in the common place. It says nothing meanwhile, and after a run that was killed it takes minutes.
    """
    with tempfile.TemporaryDirectory(prefix="holdfast-inner-", ignore_cleanup_errors=True) as own:
        return _run(path, f"--basetemp={own}/tests", *arguments, **environment)


def _run(path: Path, *arguments: str, **environment: str) -> str:
    limits = ("-o", f"timeout={PATIENCE}", "-o", f"faulthandler_timeout={PATIENCE / 2}")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *limits, str(path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONFAULTHANDLER": "1", _INNER: "yes"} | environment
    with subprocess.Popen(
        [*command, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=PATIENCE + 50)
        except subprocess.TimeoutExpired:  # on its way out, where no test has a limit any more
            process.send_signal(signal.SIGABRT)  # it tells where each thread is
            said, _ = process.communicate()
    assert process.returncode == 0, said[-8000:]
    return said
