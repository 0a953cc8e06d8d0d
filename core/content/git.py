"""libgit2, for its diff alone. When it is imported it wants certificates, and fails on a system that has none.

Nothing here ever connects to anything, so any folder will do for them.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

_VARIABLE = "SSL_CERT_DIR"


@contextmanager
def _certificates_somewhere() -> Iterator[None]:
    known = ssl.get_default_verify_paths()
    before = os.environ.get(_VARIABLE)
    if not known.cafile and not known.capath:
        os.environ[_VARIABLE] = os.sep
    try:
        yield
    finally:
        os.environ.pop(_VARIABLE, None)
        if before is not None:
            os.environ[_VARIABLE] = before


with _certificates_somewhere():
    import pygit2

__all__ = ["pygit2"]
