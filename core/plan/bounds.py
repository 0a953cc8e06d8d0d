"""What a batch may change at all."""

from __future__ import annotations

import os
from typing import NamedTuple

from core import names
from core.errors import ProblemCode
from core.plan.disk import Finding


class Bounds(NamedTuple):
    """What a batch may change, as real paths: only what is in `root` ("": anything), and nothing of ours in `spared`.

    With `spared` ("": such a batch is ours) attics are spared as well.
    """

    root: str = ""
    spared: str = ""

    def demand(self, path: str) -> None:
        """Raise `Finding` for a path that it may not change."""
        if path == "/" or not os.path.basename(path):
            raise Finding(ProblemCode.MOUNT_POINT, path)
        root, spared = self
        if spared and (_is_in(path, spared) or _is_in(spared, path) or names.is_held(path)):
            raise Finding(ProblemCode.OWN_FILES, path)
        if root and not _is_in(path, root):
            raise Finding(ProblemCode.OUTSIDE_ROOT, path, root=root)


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
