"""The most memory that planning and applying takes, over what the process holds before; in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from harness import Row, Settings, scratch

from core import api
from works import batch

_FILES = 100_000


def held() -> int:
    """Return the most bytes held since `forget`. Not `ru_maxrss`, which a process inherits from its parent."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise OSError("the kernel does not tell")


def forget() -> None:
    """Begin anew."""
    Path("/proc/self/clear_refs").write_text("5")


def apply(folder: str, settings: Settings) -> None:
    """Plan and apply."""
    batch.make_files(folder, settings)
    outcome = api.apply(batch.plan(folder, settings), state=batch.state(folder))
    assert isinstance(outcome, api.Committed), outcome


def measure(settings: Settings) -> Iterator[Row]:
    """Yield the MiB."""
    files = settings.files if settings.quick else _FILES
    arguments = [str(files), str(settings.size), settings.folder]
    command = [sys.executable, "-m", "works.memory", *arguments]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], check=True, capture_output=True, text=True)
    yield Row(
        f"Holdfast: plan and apply {files:,} files, peak memory over the start",
        "–",
        [float(done.stdout)],
        [],
        "MiB",
        (50, 20),
    )


def main(files: str, size: str, above: str) -> None:
    """Measure in this process, which has done the same on a small scale before, so that nothing is loaded late."""
    settings = Settings(int(files), int(size), 1, above)
    with scratch(above) as folder:
        apply(folder, replace(settings, files=20))
    with scratch(above) as folder:
        forget()
        start = held()
        apply(folder, settings)
        print((held() - start) / 2**20)


if __name__ == "__main__":
    main(*sys.argv[1:])
