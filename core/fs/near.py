"""A file system for somebody who looks at many names of one folder, one after the other: it stays in that folder.

To open a folder by its path costs several times what it costs to look at a name in it.
"""

from __future__ import annotations

from core.fs.api import FileSystem, Handle
from core.fs.forward import ForwardingFileSystem


class NearFileSystem(ForwardingFileSystem):
    """Keeps the folder that was opened last open, for when it is asked for again. `leave` it in the end."""

    def __init__(self, inner: FileSystem) -> None:
        super().__init__(inner)
        self._path = ""
        self._folder: Handle | None = None
        self._users = 0

    def open_folder(self, path: str) -> Handle:
        """Give the folder that is open, or open another one, which takes its place unless it is in use."""
        if self._folder is None or path != self._path:
            folder = self.inner.open_folder(path)
            if self._users:
                return folder
            self.leave()
            self._path, self._folder = path, folder
        self._users += 1
        return self._folder

    def close(self, handle: Handle) -> None:
        """Close a file; the folder that is kept stays open."""
        if handle == self._folder:
            self._users -= 1
        else:
            self.inner.close(handle)

    def leave(self) -> None:
        """Close the folder that was kept."""
        if self._folder is not None:
            self.inner.close(self._folder)
        self._path, self._folder, self._users = "", None, 0
