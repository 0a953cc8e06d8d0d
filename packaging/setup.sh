# What run.sh and test.sh have in common. Sourced, with the project's root as the current folder. Quiet and quick when
# there is nothing to do: then it compares two small files and starts no process but `cksum`.

# Qt does not even import without the first line; the second is what it needs to show a window on X11.
QT_LIBRARIES="libglib2.0-0 libgl1 libegl1 libfontconfig1 libx11-6 libxkbcommon0 libdbus-1-3 libgssapi-krb5-2
libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0 libwayland-cursor0"

fail() {
    printf '%s\n' "$@" >&2
    exit 2
}

# Install system packages: `system WHAT_FOR PACKAGE...`. Only those that are missing; with sudo only where needed.
system() {
    what_for=$1
    shift
    if ! command -v apt-get >/dev/null 2>&1; then
        fail "Nothing was changed. $what_for needs packages that this script can install on Debian and Ubuntu only." \
            "Install what they are called on your system: $*"
    fi
    missing=
    for package in "$@"; do
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
            *"ok installed") ;;
            *) missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null 2>&1 || fail "$what_for needs:$missing" "Install them as root: apt-get install$missing"
        as_root=sudo
    fi
    echo "Installing for $what_for:$missing" >&2
    $as_root apt-get update -qq >/dev/null 2>&1 || true
    # shellcheck disable=SC2086 # words on purpose
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
        fail "$what_for: the packages could not be installed:$missing"
}

# Install system packages once: `once NAME WHAT_FOR PACKAGE...` remembers in .venv that it was done.
once() {
    stamp=.venv/.system-$1
    shift
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$*" ] && return 0
    system "$@"
    printf '%s' "$*" >"$stamp"
}

# Make a virtual environment with Holdfast in it: `environment FOLDER PYTHON EXTRA`. Made anew when it is broken, when
# it belongs to another Python, or when pyproject.toml asks for something else.
environment() {
    folder=$1 python=$2 extra=$3
    want="$(cksum <pyproject.toml) $extra $PWD"
    if [ -f "$folder/.stamp" ] && [ -x "$folder/bin/python" ] && [ "$(cat "$folder/.stamp")" = "$want" ]; then
        return 0
    fi
    rm -f "$folder/.stamp"
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        system "A virtual environment" python3-venv
    fi
    echo "Setting up $folder (once)…" >&2
    "$folder/bin/python" -c 'import pip' 2>/dev/null || { rm -rf "$folder" && "$python" -m venv "$folder"; } ||
        fail "Nothing was changed. The virtual environment $folder could not be made."
    "$folder/bin/python" -m pip install -q --disable-pip-version-check -e ".$extra" ||
        fail "The packages that Holdfast needs could not be installed in $folder. See above; then start again."
    printf '%s' "$want" >"$folder/.stamp"
}

# Name a Python that is new enough, or say which one is needed.
a_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
    system "Holdfast" python3 python3-venv
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "Nothing was changed. Holdfast needs Python 3.11 or later; this system has none."
    echo python3
}
