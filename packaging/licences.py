"""Collects the licences of everything a bundle ships: python packaging/licences.py BUNDLE

Python packages say theirs in their metadata; the system's libraries that were taken along, in the copyright file of
the Debian package they came from; fonts, in resources/licences. What has none is an error: it must not be shipped.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What is in a bundle of its own accord, besides what Holdfast asks for.
_TOOLS = ("pyinstaller",)


def main(bundle: Path) -> int:
    """Print the file; 1 when something has no licence."""
    missing = []
    for title, text in [*_python(), *_packages(), *_resources(), *_libraries(bundle)]:
        if text:
            print(f"{'=' * 100}\n{title}\n{'=' * 100}\n\n{text.strip()}\n")
        else:
            missing.append(title)
    for title in missing:
        print(f"no licence was found for {title}", file=sys.stderr)
    return 1 if missing else 0


def _python() -> Iterator[tuple[str, str]]:
    places = (Path(sys.base_prefix) / "lib", Path("/usr/lib"), Path("/usr/share/doc"))
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for place in places:
        for name in ("LICENSE.txt", "LICENSE", "copyright"):
            path = place / version / name
            if path.is_file():
                yield f"Python {sys.version.split()[0]}", path.read_text("utf-8", "replace")
                return
    yield f"Python {sys.version.split()[0]}", ""


def _packages() -> Iterator[tuple[str, str]]:
    for name in sorted({*_needed("holdfast"), *_TOOLS}):
        if name == "holdfast":
            continue
        found = metadata.distribution(name)
        texts = [
            Path(str(found.locate_file(file))).read_text("utf-8", "replace")
            for file in found.files or ()
            if "dist-info" in str(file) and file.name.upper().startswith(("LICEN", "COPYING", "NOTICE", "AUTHORS"))
        ]
        said = found.metadata.get("License-Expression") or found.metadata.get("License") or ""
        yield f"{found.metadata['Name']} {found.version}", "\n\n".join(texts) or said


def _needed(name: str) -> set[str]:
    """Return a distribution and all that it asks for, without extras."""
    from packaging.requirements import Requirement

    found, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.add(one)
        for line in metadata.requires(one) or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return found


def _resources() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "resources" / "licences").iterdir()):
        yield path.stem, path.read_text()


def _libraries(bundle: Path) -> Iterator[tuple[str, str]]:
    """Yield the Debian packages that the bundle's system libraries came from."""
    names = [path.name for path in (bundle / "_internal").glob("*.so*")]
    # What no package has came inside a Python package.
    command = ["dpkg-query", "-S", *(f"*/{name}" for name in names)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    for owner in sorted({line.partition(":")[0].partition(",")[0].strip() for line in said.splitlines()}):
        copyright_file = Path("/usr/share/doc") / owner / "copyright"
        yield f"{owner} (Debian)", copyright_file.read_text("utf-8", "replace") if copyright_file.is_file() else ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
