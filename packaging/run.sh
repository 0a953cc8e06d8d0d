#!/bin/sh
# Starts Holdfast, after all set-up: sh packaging/run.sh [ARGUMENTS as for `holdfast`]
set -eu
here=$PWD
cd "$(dirname "$0")/.."
. packaging/setup.sh

# The window is wanted unless the first argument names a command or an option; that needs a display and Qt's libraries.
case ${1-} in
    plan | preview | apply | recover | history | undo | verify | stats | leftovers | clear | restore | watch | doctor | \
        demo | settings | worker | install-desktop | uninstall-desktop | -*) window=no ;;
    *) window=yes ;;
esac
if [ $window = yes ] && [ -z "${DISPLAY-}${WAYLAND_DISPLAY-}${QT_QPA_PLATFORM-}" ]; then
    fail "Nothing was changed. There is no display to show the window on." \
        "To see on the command line what Holdfast does: sh packaging/run.sh demo"
fi

[ -x .venv/bin/python ] || python=$(a_python)
# A developer's environment has everything that is needed to run, too.
[ "$(cat .venv/.stamp 2>/dev/null)" = "$(cksum <pyproject.toml) [test] $PWD" ] ||
    environment .venv "${python:-.venv/bin/python}" ""
# shellcheck disable=SC2086 # words on purpose
[ $window = no ] || once window "The window" $QT_LIBRARIES
root=$PWD
cd "$here"
exec "$root/.venv/bin/holdfast" "$@"
