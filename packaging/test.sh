#!/bin/sh
# Sets up what the tests need and runs every check: sh packaging/test.sh [--full] [ARGUMENTS for pytest]
#
# The style, the types, the architecture, then the tests; also on every further CPython from 3.11 up that is installed
# here. With arguments for pytest only those tests run, on this Python alone.
set -eu
cd "$(dirname "$0")/.."
. packaging/setup.sh

full= extra="[test]"
[ "${1-}" != --full ] || { full=--full extra="[test,full]" && shift; }

python=$(a_python)
environment .venv "$python" "$extra"
# shellcheck disable=SC2086 # words on purpose
once tests "The tests" $QT_LIBRARIES xvfb xauth xdotool e2fsprogs xfsprogs btrfs-progs

[ -z "$full" ] || once full "The complete tests" fuse3 bindfs \
    at-spi2-core dbus python3-gi gir1.2-atspi-2.0 \
    debootstrap mandoc desktop-file-utils appstream libxml2-utils shared-mime-info libglib2.0-bin fish zsh

if [ $# -gt 0 ]; then
    exec .venv/bin/python -m pytest $full "$@"
fi
echo "== style, types, architecture"
.venv/bin/ruff check --quiet .
.venv/bin/ruff format --quiet --check .
.venv/bin/mypy
# The implementations for other platforms, as far as that can be checked from here.
.venv/bin/mypy --platform darwin --cache-dir .mypy_cache/macos --exclude 'core/fs/(linux|attributes|overlay)\.py' core
.venv/bin/mypy --platform win32 --cache-dir .mypy_cache/windows --exclude 'core/fs/(linux|attributes|overlay|posix|macos|metadata)\.py' core
.venv/bin/lint-imports --no-cache >.venv/.contracts 2>&1 || { cat .venv/.contracts && exit 1; }

# Name the Python of that version that is installed and complete: on the path, or by pyenv, whose names on the path may
# lead nowhere.
installed() {
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1."*/bin/python; do
        if "$candidate" -c "import ensurepip, sys; sys.exit('%d.%d' % sys.version_info[:2] != '$1')" 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
}

# Three at a time also on two processors: tests wait a lot, for disks, for windows and for other processes.
# What is about the engine and the kernel (the grids of crashes, batches at random, limits of the whole machine) runs on the
# first version. The newest one runs everything else, and those in between the engine and the command line.
first=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
further=
for version in 3.11 3.12 3.13 3.14 3.15; do
    [ "$version" != "$first" ] && [ -n "$(installed "$version")" ] && further="$further $version"
done
newest=${further##* }
for version in $further; do
    echo "== tests on Python $version"
    environment ".venv-$version" "$(installed "$version")" "[test]"
    if [ -n "$full" ]; then
        set --
    elif [ "$version" = "$newest" ]; then
        set -- --ignore=tests/crash --ignore=tests/property -m "not alone"
    else
        set -- tests/core tests/contract tests/patterns tests/app/cli -m "not alone"
    fi
    ".venv-$version/bin/python" -m pytest -n 3 -q $full "$@"
done
echo "== tests on Python $first"
exec .venv/bin/python -m pytest -n 3 $full
