#!/bin/sh
# Builds a package: sh packaging/build.sh KIND...   Results are in packaging/dist.
#
#   sdist, wheel   for pip, pipx and uv tool
#   bundle         a folder that needs no Python (packaging/dist/bundle/holdfast)
#   tarball        the bundle, its licences, manual and desktop files, packed
#   appimage       the same as one file; needs `appimagetool` on the path, which no registry has
#   deb            the bundle as a package for Debian and what is made of it; needs dpkg-deb
#
# A bundle runs on systems whose C library is as new as the one it was built with, or newer: build it on the oldest.
set -eu
cd "$(dirname "$0")/.."
. packaging/setup.sh
dist=packaging/dist
version=$(sed -n 's/^VERSION = "\(.*\)"$/\1/p' core/version.py)
machine=$(uname -m)

tools() {
    [ -x .venv-build/bin/python ] || python=$(a_python)
    environment .venv-build "${python:-.venv-build/bin/python}" "[build]"
    mkdir -p "$dist"
}

python_package() {
    tools
    .venv-build/bin/python -m build "--$1" --outdir "$dist" . >"$dist/$1.log" 2>&1 || { cat "$dist/$1.log" && exit 1; }
}

bundle() {
    tools
    rm -rf "$dist/bundle"
    .venv-build/bin/pyinstaller --log-level WARN --noconfirm --distpath "$dist/bundle" --workpath "$dist/work" \
        packaging/holdfast.spec
    sh packaging/smoke.sh "$dist/bundle/holdfast/holdfast" window
    rm -rf "$dist/work"
    .venv-build/bin/python packaging/licences.py "$dist/bundle/holdfast" >"$dist/bundle/LICENCES.txt"
}

# What goes beside the program wherever it is installed: `shared FOLDER` fills what is FOLDER/share elsewhere.
shared() {
    mkdir -p "$1/applications" "$1/icons/hicolor/scalable/apps" "$1/icons/hicolor/scalable/mimetypes" "$1/mime/packages" \
        "$1/metainfo" "$1/man/man1" "$1/bash-completion/completions" "$1/zsh/vendor-completions" \
        "$1/fish/vendor_completions.d" "$1/kio/servicemenus"
    from=resources/desktop
    cp $from/holdfast.desktop "$1/applications/"
    cp $from/holdfast-servicemenu.desktop "$1/kio/servicemenus/holdfast.desktop"
    cp $from/holdfast.svg "$1/icons/hicolor/scalable/apps/"
    cp $from/plan.svg "$1/icons/hicolor/scalable/mimetypes/application-x-holdfast-plan+json.svg"
    cp $from/holdfast-mime.xml "$1/mime/packages/holdfast.xml"
    metainfo >"$1/metainfo/holdfast.metainfo.xml"
    .venv-build/bin/python -m app.cli.manual >"$1/man/man1/holdfast.1"
    .venv-build/bin/python -m app.cli.completion bash >"$1/bash-completion/completions/holdfast"
    .venv-build/bin/python -m app.cli.completion zsh >"$1/zsh/vendor-completions/_holdfast"
    .venv-build/bin/python -m app.cli.completion fish >"$1/fish/vendor_completions.d/holdfast.fish"
}

metainfo() {
    if [ -z "${PICTURES_URL-}" ]; then
        cat resources/desktop/holdfast.metainfo.xml
        return
    fi
    awk -v url="$PICTURES_URL" '
        /<!-- Screenshots/ { skipping = 1
            print "  <screenshots>"
            print "    <screenshot type=\"default\"><caption>A batch, before it is applied</caption><image>" url "/batch.png</image></screenshot>"
            print "    <screenshot><caption>What crashes left behind</caption><image>" url "/leftovers.png</image></screenshot>"
            print "  </screenshots>" }
        !skipping { print }
        /-->/ { skipping = 0 }' resources/desktop/holdfast.metainfo.xml
}

tarball() {
    [ -f "$dist/bundle/LICENCES.txt" ] || bundle
    name=holdfast-$version-linux-$machine
    rm -rf "${dist:?}/$name"
    cp -a "$dist/bundle/holdfast" "$dist/$name"
    cp LICENSE "$dist/bundle/LICENCES.txt" README.md "$dist/$name/"
    shared "$dist/$name/share"
    tar c -C "$dist" --owner=0 --group=0 --sort=name "$name" | gzip -6n >"$dist/$name.tar.gz"
    rm -rf "${dist:?}/$name"
}

appimage() {
    command -v appimagetool >/dev/null ||
        fail "Nothing was built. An AppImage is packed by appimagetool, which is not on the path." \
            "The same bundle can be had as: sh packaging/build.sh tarball"
    [ -f "$dist/bundle/LICENCES.txt" ] || bundle
    inside=$dist/Holdfast.AppDir
    rm -rf "$inside"
    mkdir -p "$inside/usr"
    cp -a "$dist/bundle/holdfast" "$inside/usr/holdfast"
    cp LICENSE "$dist/bundle/LICENCES.txt" "$inside/usr/"
    shared "$inside/usr/share"
    cp resources/desktop/holdfast.desktop resources/desktop/holdfast.svg "$inside/"
    cp packaging/appimage/AppRun "$inside/"
    chmod +x "$inside/AppRun"
    ARCH=$machine appimagetool --no-appstream "$inside" "$dist/Holdfast-$version-$machine.AppImage"
    rm -rf "$inside"
}

deb() {
    command -v dpkg-deb >/dev/null || fail "Nothing was built. A Debian package is packed by dpkg-deb."
    [ -f "$dist/bundle/LICENCES.txt" ] || bundle
    rm -rf "$dist/share"
    shared "$dist/share"
    sh packaging/deb/make.sh "$version" "$dist" "$dist/share"
}

[ $# -gt 0 ] || fail "Nothing was built. Say what: sdist, wheel, bundle, tarball, appimage or deb."
for kind in "$@"; do
    case $kind in
        sdist | wheel) python_package "$kind" ;;
        bundle | tarball | appimage | deb) "$kind" ;;
        *) fail "Nothing was built: there is no kind of package called $kind." ;;
    esac
done
ls -l "$dist"
