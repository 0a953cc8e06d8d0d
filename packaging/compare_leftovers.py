"""What do cleaners delete that is somebody's only copy? python packaging/compare_leftovers.py [--bleachbit FILE.py]

Makes a tree with one example of every kind of leftover in the form that its maker documents (`tests.support.remains`) and
a home folder with the profiles of a browser and an editor; lets a month pass; asks each tool, on a copy of its own; and
counts what is gone. BleachBit and systemd-tmpfiles are run; of Czkawka's search for temporary files its list of endings
is applied (version 8), since it is rarely packaged. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from core import cleaning
from core.leftovers import identify
from core.leftovers.catalogue import Family
from core.leftovers.identify import Leftover
from core.leftovers.news import Found
from tests.support import remains

MONTH = 30 * 86_400
CZKAWKA = (
    *("#", "thumbs.db", ".bak", "~", ".tmp", ".temp", ".ds_store"),
    *(".crdownload", ".part", ".cache", ".dmp", ".download", ".partial"),
)
DEEP_SCAN = ("deepscan.backup", "deepscan.tmp", "deepscan.vim_swap_user", "deepscan.ds_store", "deepscan.thumbs_db")
PROFILES = {
    ".mozilla/firefox/a.default/places.sqlite": b"history",
    ".mozilla/firefox/a.default/places.sqlite-wal": b"committed, and nowhere else",
    ".mozilla/firefox/a.default/.parentlock": b"",
    ".mozilla/firefox/a.default/sessionstore-backups/previous.jsonlz4.bak": b"tabs of the session before",
    ".config/chromium/Default/IndexedDB/a.leveldb/000003.ldb": b"a table of a database",
    ".config/chromium/Default/IndexedDB/a.leveldb/LOCK": b"",
    ".config/Code/Backups/1a2b/untitled/draft.tmp": b"a tab that was never saved",
    "thesis/chapter.odt": b"broken by a crash",
    "thesis/chapter.odt.bak": b"the last good version",
    "thesis/letter.txt~": b"the only version",
    "photos/summer.jpg.tmp": b"a photo whose rename never came",
    ".htpasswd": b"me:secret",
    "duplicate.txt": b"the same twice",
    "duplicate.txt.bak": b"the same twice",
}
# Families whose content nobody has elsewhere, as far as the examples go; locks, scratch and half files hold none.
_PRECIOUS = frozenset(
    {Family.BACKUP, Family.SETTINGS, Family.UNSAVED, Family.SWAP, Family.CONFLICT, Family.KEPT, Family.PROTECTED}
)


def make(root: Path) -> None:
    """Make the tree."""
    for number, (_, name, content, beside) in enumerate(remains.EXAMPLES):
        folder = root / "kinds" / f"{number:03}"
        folder.mkdir(parents=True)
        words = isinstance(content, bytes) and content.replace(b" ", b"").isalpha()
        remains.build(folder, name, content + b" %d" % number if words else content, beside)
    for name, content in PROFILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    long_ago = time.time() - 2 * MONTH
    for path in root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            os.utime(path, (long_ago, long_ago))


def contents(root: Path) -> dict[str, str]:
    """Return the digest of every file that holds something, by its path in the tree."""
    files = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink() and path.stat().st_size)
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def precious(root: Path) -> dict[str, str]:
    """Return what is somebody's only copy: held once, and not by a file whose kind holds nothing of anybody's."""
    found = contents(root)
    digests = list(found.values())
    return {
        path: digest for path, digest in found.items() if digests.count(digest) == 1 and _holds_something(root / path)
    }


def _holds_something(path: Path) -> bool:
    match = identify.what(str(path))
    return match is None or match.signature.family in _PRECIOUS or "photos" in path.parts


def ours(root: Path, options: argparse.Namespace) -> None:
    """Clear what is preselected."""
    real = time.time
    identify.time = type("Later", (), {"time": staticmethod(lambda: real() + MONTH)})  # type: ignore[assignment]
    found: list[Leftover] = []
    for news in cleaning.scan([str(root)], state=str(root.parent / "state")):
        found += news.leftovers if isinstance(news, Found) else ()
    chosen, _ = cleaning.preselected(found)
    cleaning.clear(map(cleaning.shown, chosen), state=str(root.parent / "state"))


def bleachbit(root: Path, options: argparse.Namespace) -> None:
    """Let BleachBit clean by its deep scan of the home."""
    command = [*options.bleachbit, "--clean", *DEEP_SCAN]
    subprocess.run(command, env={**os.environ, "HOME": str(root)}, capture_output=True, check=True)


def czkawka(root: Path, options: argparse.Namespace) -> None:
    """Delete what Czkawka lists as temporary files."""
    for path in sorted(root.rglob("*")):
        if path.name.lower().endswith(CZKAWKA) and (path.is_file() or path.is_symlink()):
            path.unlink()


def tmpfiles(root: Path, options: argparse.Namespace) -> None:
    """Let systemd-tmpfiles clean the tree as it does a temporary folder, everything being old enough."""
    rules = root.parent / "rules.conf"
    rules.write_text(f"e {root} - - - 1s\n")
    time.sleep(2.5)
    subprocess.run(["systemd-tmpfiles", "--clean", str(rules)], capture_output=True, check=False)


TOOLS = {
    "Holdfast: what it preselects": ours,
    "BleachBit: deep scan": bleachbit,
    "Czkawka: temporary files, by its endings": czkawka,
    "systemd-tmpfiles: a folder it tidies": tmpfiles,
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="What do cleaners delete that is somebody's only copy?")
    parser.add_argument("--bleachbit", metavar="FILE.py", help="where BleachBit is; else it is looked for on the path")
    options = parser.parse_args()
    options.bleachbit = ["python3", options.bleachbit] if options.bleachbit else ["bleachbit"]
    print("| tool | files deleted | of these somebody's only copy | for example |\n|---|---|---|---|")
    for name, clean in TOOLS.items():
        program = {bleachbit: options.bleachbit[0], tmpfiles: "systemd-tmpfiles"}.get(clean)
        if program and shutil.which(program) is None:
            print(f"| {name} | not installed here | | |")
            continue
        with tempfile.TemporaryDirectory(dir=Path.home()) as above:
            root = Path(above) / "home"
            make(root)
            dear, before = precious(root), len(list(root.rglob("*")))
            clean(root, options)
            left = set(contents(root).values())
            lost = sorted(path for path, digest in dear.items() if digest not in left)
            examples = ", ".join(f"`{Path(path).name}`" for path in lost if not path.startswith("kinds"))
            print(
                f"| {name} | {before - len(list(root.rglob('*')))} | {len(lost)} of {len(dear)} | {examples} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
