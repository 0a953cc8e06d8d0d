"""Packages as people get them: built, installed where nothing of ours is, and used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from app import cli

ROOT = Path(__file__).parents[2]


def sh(*command: object, timeout: int = 1800, **variables: str) -> str:
    done = subprocess.run(
        ["sh", *map(str, command)],
        cwd=ROOT,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def dist() -> Path:
    """A wheel and a sdist, built."""
    sh("packaging/build.sh", "sdist", "wheel")
    return ROOT / "packaging/dist"


def test_the_start_from_sources_takes_no_command_for_a_file() -> None:
    """What it takes for one needs a display, and Qt's libraries."""
    words = re.search(r"case \$\{1-\} in\n(.*?)\) window=no", (ROOT / "packaging/run.sh").read_text(), re.DOTALL)

    assert words is not None
    assert set(cli.COMMANDS) <= set(re.findall(r"[a-z-]+", words[1]))


@pytest.mark.full
@pytest.mark.timeout(900)
def test_lintian_has_nothing_to_say_that_is_not_given_a_reason_for() -> None:
    packages = sorted((ROOT / "packaging/dist").glob("holdfast_*.deb"))
    if shutil.which("lintian") is None or not packages:
        pytest.skip("needs lintian, and a package: sh packaging/build.sh deb")
    command = ["lintian", "--allow-root", "--fail-on", "error,warning", str(packages[-1])]
    done = subprocess.run(command, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_a_wheel_has_what_the_program_shows_and_nothing_of_its_tests(dist: Path) -> None:
    (wheel,) = dist.glob("holdfast-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())

    shipped = {str(one.relative_to(ROOT)) for one in (ROOT / "resources").rglob("*") if one.is_file()}
    assert {name for name in shipped if "__pycache__" not in name} <= names
    assert {name for name in names if name.startswith(("tests", "packaging"))} == set()


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", ["holdfast-*.whl", "holdfast-*.tar.gz"])
def test_what_pip_installs_applies_a_batch_and_opens_a_window(dist: Path, tmp_path: Path, kind: str) -> None:
    package = next(one for one in dist.glob(kind) if "-linux-" not in one.name)
    if package.suffix == ".gz":
        with tarfile.open(package) as archive:
            assert any(name.endswith("/LICENSE") for name in archive.getnames())
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "fresh")], check=True)
    subprocess.run([str(tmp_path / "fresh/bin/pip"), "install", "-q", str(package)], check=True, timeout=900)

    said = sh("packaging/smoke.sh", tmp_path / "fresh/bin/holdfast", "window")

    assert "A window was opened off screen, and closed." in said


@pytest.mark.full
@pytest.mark.timeout(7200)
def test_every_package_and_both_commands_work_in_bare_systems(tmp_path: Path) -> None:
    if os.environ.get("HOLDFAST_BARE") != "yes":
        pytest.skip("takes an hour and the network; HOLDFAST_BARE=yes asks for it, or sh packaging/bare.sh")
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        pytest.skip("needs root, and debootstrap")
    sh("packaging/build.sh", "sdist", "wheel", "tarball", "deb", timeout=3600)
    sh("packaging/bare.sh", timeout=7000)
