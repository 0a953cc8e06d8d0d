#!/bin/sh
# Sets up what the tests need, and runs them.
set -eu
cd "$(dirname "$0")/.."

stamp=.venv/.stamp
want=$(cksum < pyproject.toml)
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$want" ]; then
    if ! python3 -c 'import ensurepip' 2>/dev/null; then
        root=
        [ "$(id -u)" = 0 ] || root=sudo
        if ! command -v apt-get >/dev/null; then
            echo "Python's venv module is missing; install it with your system's packages." >&2
            exit 2
        fi
        $root apt-get update -q && $root apt-get install -q -y python3-venv
    fi
    python3 -m venv .venv
    .venv/bin/pip install -q --disable-pip-version-check -e '.[test]'
    printf '%s' "$want" > "$stamp"
fi
exec .venv/bin/python -m pytest "$@"
