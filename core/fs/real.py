"""The file system of this machine: the one place where an implementation is chosen by the platform."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from core.fs.windows import WindowsFileSystem as RealFileSystem
elif sys.platform == "darwin":
    from core.fs.macos import MacFileSystem as RealFileSystem
else:
    from core.fs.linux import LinuxFileSystem as RealFileSystem

__all__ = ["RealFileSystem"]
