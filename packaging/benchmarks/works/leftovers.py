"""Finding leftovers in a tree of a hundred times as many entries as a batch has, against `find` with the same tests of names.

`find` gets the names that the sieve of the catalogue looks for, as far as `-name` can say them; it looks at nothing
else of a file, while the scan identifies and judges what it has found. One file of five hundred is a leftover.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

from harness import Clock, Row, Settings, Way, compare

from core import cleaning
from core.leftovers.news import Found
from works import batch, search

_TIMES = 100
_IN_A_FOLDER = 400
_EVERY = 500

FIND = "find, the same tests of names"
OURS = "Holdfast: find and judge leftovers"

# The simple patterns of the catalogue, in the words of `find`; those for random endings are left out, in its favour.
_NAMES = (
    *("*.bak", "*.backup", "*.orig", "*.old", "*.prev", "*.tmp", "*.temp", "*.rej", "*.mine", "*.part", "*.partial"),
    *("*.download", "*.crdownload", "*.save", "*.lock", "*.ldb", "*.dbtmp", "*.laccdb", "*.dwl", "*.asd", "*.xlk"),
    *("*.wbk", "*.aria2", "*.ytdl", "*.filepart", "*.hprof", "*.trashinfo", "*.dpkg-*", "*.ucf-*", "*.rpm*", "*.pac*"),
    *("*.kate-swp", "*~", "*#", ".#*", ".~*", "~$*", "*-journal", "*-wal", "*-shm", ".nfs*", ".fuse_hidden*", ".*.sw?"),
    *("sed??????", "XX??????", "zi??????", "tmp????????", "*___jb_old___", "*___jb_tmp___", "*_BACKUP_*", "core"),
    *("core.*", "vgcore.*", "hs_err_*", "*.pyc.*", ".goutputstream-*"),
)


def make(folder: str, settings: Settings) -> None:
    """Make the tree: empty files, since nobody reads those that are no leftovers."""
    for number in range(settings.files * _TIMES):
        inner, place = divmod(number, _IN_A_FOLDER)
        path = f"{folder}/tree/{inner % 50:02}/{inner:05}"
        if not place:
            os.makedirs(path)
        name = f"module_{place:03}.bak" if number % _EVERY == 0 else f"module_{place:03}.py"
        os.close(os.open(f"{path}/{name}", os.O_CREAT | os.O_WRONLY, 0o644))


def find(folder: str, settings: Settings) -> float:
    """Print the paths that one of the names fits."""
    tests = [word for name in _NAMES for word in ("-o", "-name", name)][1:]
    clock = Clock()
    words = ["find", f"{folder}/tree", "(", *tests, ")"]
    # Where every byte is a letter it compares names many times faster.
    subprocess.run(words, env={**os.environ, "LC_ALL": "C"}, stdout=subprocess.DEVNULL, check=True)
    return clock()


def ours(folder: str, settings: Settings) -> float:
    """Scan and judge."""
    clock = Clock()
    found = sum(
        len(one.leftovers)
        for one in cleaning.scan([f"{folder}/tree"], state=batch.state(folder))
        if isinstance(one, Found)
    )
    seconds = clock()
    assert found == -(-settings.files * _TIMES // _EVERY), found
    return seconds


def measure(settings: Settings) -> Iterator[Row]:
    """Yield the ratio; no row without `find`."""
    if shutil.which("find") is None:
        return
    yield compare(search.read_only([Way(FIND, find), Way(OURS, ours)], make, settings), OURS, FIND, (1.0, 0.6))
