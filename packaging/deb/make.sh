#!/bin/sh
# Packs the bundle for Debian: called by packaging/build.sh with VERSION, the folder of results, and what belongs in
# /usr/share. The program lies in /usr/lib/holdfast, with a link on the path.
set -eu
version=${1:?} dist=${2:?} share=${3:?} # an empty one would be the root of this system
architecture=$(dpkg --print-architecture)
root=$dist/deb
rm -rf "$root"
mkdir -p "$root/DEBIAN" "$root/usr/bin" "$root/usr/lib" "$root/usr/share/doc/holdfast" "$root/usr/share/lintian/overrides"
cp -a "$dist/bundle/holdfast" "$root/usr/lib/holdfast"
ln -s ../lib/holdfast/holdfast "$root/usr/bin/holdfast"
cp -a "$share/." "$root/usr/share/"
gzip -9n "$root/usr/share/man/man1/holdfast.1"
cp packaging/deb/copyright "$root/usr/share/doc/holdfast/copyright"
gzip -9nc "$dist/bundle/LICENCES.txt" >"$root/usr/share/doc/holdfast/LICENCES.txt.gz"
cp packaging/deb/lintian-overrides "$root/usr/share/lintian/overrides/holdfast"
{
    printf 'holdfast (%s) unstable; urgency=medium\n\n  * See NEWS.gz.\n\n' "$version"
    printf ' -- The developers of Holdfast <holdfast@localhost>  %s\n' "$(date -R -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}")"
} | gzip -9n >"$root/usr/share/doc/holdfast/changelog.gz"
gzip -9nc packaging/CHANGELOG.md >"$root/usr/share/doc/holdfast/NEWS.gz"

# No file of a package is for its builder alone, and libraries are not programs.
find "$root" -type d -exec chmod 755 {} +
find "$root" -type f -exec chmod 644 {} +
chmod 755 "$root/usr/lib/holdfast/holdfast"
find "$root/usr/lib/holdfast" -name '*.so*' -type f -exec strip --strip-unneeded {} + 2>/dev/null || true
sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/" \
    -e "s/@SIZE@/$(du -sk --exclude=DEBIAN "$root" | cut -f1)/" packaging/deb/control >"$root/DEBIAN/control"
(cd "$root" && find usr -type f -exec md5sum {} + >DEBIAN/md5sums)
dpkg-deb --root-owner-group -Zxz -z3 --build "$root" "$dist/holdfast_${version}_$architecture.deb" >/dev/null
rm -rf "$root" "$share"
