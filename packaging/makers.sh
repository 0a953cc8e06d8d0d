#!/bin/sh
# Unpacks programs that leave things behind, for tests/core/leftovers/test_makers.py: sh packaging/makers.sh FOLDER
#
# Nothing is installed: Debian's packages are downloaded and unpacked into FOLDER. Emacs does not run like that; where it
# is installed, it is tried as well. Then:
#   HOLDFAST_MAKERS=FOLDER sh packaging/test.sh --full tests/core/leftovers/test_makers.py
set -eu
mkdir -p "$1/packages"
cd "$1/packages"
apt-get download nano rsync libpopt0 libxxhash0
for package in ./*.deb; do
    dpkg-deb --extract "$package" ..
done
