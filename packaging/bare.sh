#!/bin/sh
# Tries Holdfast where nothing is installed: sh packaging/bare.sh [KIND...]   (as root; needs debootstrap)
#
# For every KIND (all without any: source pipx uv tarball deb) and every Debian that is supported, a bare system is made,
# and what the README says to a newcomer is done in it, nothing else. The packages have to be there: build.sh makes them.
# The log is BARE_FOLDER/log.txt (/var/tmp/holdfast-bare); the last lines are the results. Exit 1 when anything failed.
set -eu
cd "$(dirname "$0")/.."
folder=${BARE_FOLDER:-/var/tmp/holdfast-bare}
suites=${BARE_SUITES:-bookworm trixie}
dist=$PWD/packaging/dist
[ "$(id -u)" = 0 ] && command -v debootstrap >/dev/null || {
    echo "Nothing was done. This needs root, and the package debootstrap." >&2
    exit 2
}
mkdir -p "$folder"
log=$folder/log.txt
: >"$log"

# The smallest Debian there is, as debootstrap makes it; kept for the next run.
base() {
    [ -d "$folder/$1" ] && return
    rm -rf "$folder/$1.part"
    debootstrap --variant=minbase "$1" "$folder/$1.part" >>"$log" 2>&1
    mv "$folder/$1.part" "$folder/$1"
}

# What is this machine's and not a system's: how names are resolved, whom to trust, where packages come from. Nothing of
# it is written down here; it is taken from where this machine has it.
surroundings() {
    cp -L /etc/resolv.conf /etc/hosts "$1/etc/"
    apt-config dump | grep -E '^Acquire::(http|https|Check)' >"$1/etc/apt/apt.conf.d/99surroundings" || true
    [ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$1/etc/pip.conf"
    cp -L "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$1/root/trusted.crt"
}

# Run a script in a system, with mounts and processes that end with it: `inside SYSTEM SCRIPT`.
inside() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    unshare --mount --pid --fork --kill-child sh -c '
        system=$1 script=$2
        mount --make-rprivate /
        mount -t proc proc "$system/proc"
        mount --rbind /dev "$system/dev"
        env | grep -E "^(PIP_INDEX_URL|PIP_DEFAULT_TIMEOUT|UV_[A-Z_]*|[a-z]*_proxy)=" >"$system/root/env" || true
        set --
        while read -r line; do set -- "$@" "$line"; done <"$system/root/env"
        exec env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 PIP_CERT=/root/trusted.crt \
            SSL_CERT_FILE=/root/trusted.crt "$@" chroot "$system" sh -euc "$script"
    ' inside "$1" "$2" >>"$log" 2>&1
}

# What a newcomer does, for each kind.
FETCH='apt-get update -qq; export DEBIAN_FRONTEND=noninteractive'
source='cd /root/holdfast
sh packaging/run.sh demo
printf "#!/bin/sh\nexec sh /root/holdfast/packaging/run.sh \"\$@\"\n" >/root/run && chmod +x /root/run
QT_QPA_PLATFORM=offscreen sh packaging/smoke.sh /root/run window
sh packaging/test.sh -q -n 2 tests/core/journal tests/core/plan/test_fold.py'
pipx="$FETCH"'; apt-get install -y -qq --no-install-recommends pipx >/dev/null
pipx install /root/dist/holdfast-*.whl
/root/.local/bin/holdfast doctor >/dev/null || true
apt-get install -y -qq --no-install-recommends $(/root/.local/bin/holdfast doctor --missing) >/dev/null
sh /root/holdfast/packaging/smoke.sh /root/.local/bin/holdfast window'
uv="$FETCH"'; apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
python3 -m venv /root/tool; /root/tool/bin/pip install -q --disable-pip-version-check uv
/root/tool/bin/uv tool install -q $(ls /root/dist/holdfast-*.tar.gz | grep -v linux)
apt-get install -y -qq --no-install-recommends $(/root/.local/bin/holdfast doctor --missing) >/dev/null
sh /root/holdfast/packaging/smoke.sh /root/.local/bin/holdfast window'
tarball="$FETCH"'; cd /root; tar xzf dist/holdfast-*-linux-*.tar.gz
apt-get install -y -qq --no-install-recommends $(/root/holdfast-*-linux-*/holdfast doctor --missing) >/dev/null
sh /root/holdfast/packaging/smoke.sh /root/holdfast-*-linux-*/holdfast window'
deb="$FETCH"'; apt-get install -y -qq --no-install-recommends /root/dist/holdfast_*.deb >/dev/null
sh /root/holdfast/packaging/smoke.sh /usr/bin/holdfast window
useradd -m person
awk -f /root/holdfast/packaging/typed.awk /root/holdfast/resources/guide/tutorial.md | su - person -c sh
grep -q register /home/person/shop/main.py; test -f /home/person/shop/server.py
test -f /usr/share/man/man1/holdfast.1.gz -a -f /usr/share/applications/holdfast.desktop
apt-get remove -y -qq holdfast >/dev/null; test ! -e /usr/bin/holdfast -a ! -e /usr/lib/holdfast'

try() {
    kind=$1 suite=$2 system=$folder/trial
    eval "script=\$$kind"
    base "$suite"
    rm -rf "$system"
    cp -a "$folder/$suite" "$system"
    surroundings "$system"
    mkdir -p "$system/root/holdfast" "$system/root/dist"
    tar c --exclude='./.*' --exclude=__pycache__ --exclude='*.egg-info' --exclude=./packaging/dist . |
        tar x -C "$system/root/holdfast"
    [ ! -d "$dist" ] || find "$dist" -maxdepth 1 -type f -name 'holdfast?[0-9]*' -exec cp {} "$system/root/dist/" ';'
    echo "=== $kind on $suite" >>"$log"
    result=ok
    inside "$system" "$script" || result=FAILED
    rm -rf "$system"
    printf '%-8s %-10s %s\n' "$kind" "$suite" "$result" | tee -a "$folder/results"
}

: >"$folder/results"
for kind in ${*:-source pipx uv tarball deb}; do
    for suite in $suites; do
        try "$kind" "$suite"
    done
done
cat "$folder/results" >>"$log"
! grep -q FAILED "$folder/results"
