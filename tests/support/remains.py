"""Leftovers in the forms that their makers document, for kinds whose makers cannot be run wherever the tests run."""

from __future__ import annotations

import os
import socket
import struct
from pathlib import Path

from core import names

NOBODY = 4_194_303  # above the highest process number of the kernel
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TXN = "abcdefghij"


def swap(name: str = "", *, pid: int = NOBODY, host: str = "", dirty: bool = True, by: bytes = b"VIM 9.0") -> bytes:
    """Return the first block of a swap file, as memline.c of Vim writes it."""
    block = bytearray(4096)
    block[:2] = b"b0"
    block[2 : 2 + len(by)] = by
    struct.pack_into("<I", block, 24, pid)
    block[28:32] = b"root"
    text = (host or socket.gethostname()).encode()
    block[68 : 68 + len(text)] = text
    block[108 : 108 + len(name)] = os.fsencode(name)
    block[1007] = 0x55 if dirty else 0
    return bytes(block)


def elf_core() -> bytes:
    """Return the head of a core dump: ELF, 64 bits, little-endian, of type 4."""
    return b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<H", 4) + bytes(46)


def qt_lock(pid: int = NOBODY, host: str = "") -> bytes:
    """Return what QLockFile writes."""
    return f"{pid}\nprogram\n{host or socket.gethostname()}\n".encode()


def libreoffice_lock(host: str = "") -> bytes:
    """Return what LibreOffice writes."""
    return f",user,{host or socket.gethostname()},25.11.2026 10:00,file:///home/user;".encode()


def emacs_lock(pid: int = NOBODY, host: str = "") -> str:
    """Return what the symlink of an Emacs lock says."""
    return f"user@{host or socket.gethostname()}.{pid}:1700000000"


class Link(str):
    """Content of an example that is a symlink."""

    __slots__ = ()


Content = bytes | Link

# One example at least for each line of the catalogue: the number of the kind, the name, its content, files beside it.
EXAMPLES: list[tuple[int, str, Content, dict[str, bytes]]] = [
    (1, ".a.c.swp", swap("a.c"), {"a.c": b"x"}),
    (1, ".b.c.swo", b"not a whole header", {"b.c": b"x"}),
    (2, ".c.c.swx", b"", {}),
    (3, "4913", b"", {}),
    (4, ".d.c.swp", swap("d.c", by=b"nano 7.2"), {"d.c": b"x"}),
    (5, "a.txt~", b"old", {"a.txt": b"new"}),
    (6, "b.txt.~3~", b"old", {"b.txt": b"new"}),
    (6, ".#c.txt.1.4", b"before a merge", {"c.txt": b"new"}),
    (7, "#d.txt#", b"typed", {"d.txt": b"saved"}),
    (8, ".#d.txt", Link(emacs_lock()), {}),
    (8, ".#e.txt", b"nobody knows", {}),
    (9, "f.txt.save", b"typed", {"f.txt": b"saved"}),
    (10, ".g.txt.kate-swp", b"typed", {"g.txt": b"saved"}),
    (11, "A.java___jb_tmp___", b"half", {"A.java": b"whole"}),
    (12, "B.java___jb_old___", b"old", {"B.java": b"new"}),
    (13, ".goutputstream-A1B2C3", b"half", {}),
    (14, "h.ini.kXbQzA", b"half", {"h.ini": b"whole"}),
    (15, "i.lock", qt_lock(), {}),
    (16, ".~lock.j.odt#", libreoffice_lock(), {"j.odt": b"x"}),
    (16, ".~lock.k.odt#", b"?", {"k.odt": b"x"}),
    (18, "~$report.docx", b"\x04user", {"report.docx": b"x"}),
    (19, "~WRL0001.tmp", OLE, {}),
    (20, "1A2B3C4D", OLE, {}),
    (21, "l.asd", OLE, {}),
    (21, "Backup of m.wbk", OLE, {}),
    (22, "n.txt~RF1a2b3c.TMP", b"old", {"n.txt": b"new"}),
    (23, "~DF0A1B.tmp", b"", {}),
    (24, "o.bak", b"old", {"o.dwg": b"new"}),
    (25, "p_1_1_1234.sv$", b"AC1032", {}),
    (26, "q.dwl", b"user", {"q.dwg": b"x"}),
    (27, "Photoshop Temp12345678", b"scratch", {}),
    (28, "new 1@2026-11-25_101112", b"typed", {}),
    (29, "r.txt.2026-11-25_101112.bak", b"old", {"r.txt": b"new"}),
    (31, "s.blend1", b"old", {"s.blend": b"new"}),
    (31, "t.blend@", b"half", {"t.blend": b"new"}),
    (32, f"gimpswap.{NOBODY}", b"scratch", {}),
    (33, "u.synctex.gz(busy)", b"half", {}),
    (34, "v.laccdb", b"user", {"v.accdb": b"x"}),
    (35, ".parentlock", b"", {}),
    (35, "lock", Link("127.0.1.1:+4711"), {}),
    (36, "w.kdbx.tmp", b"half", {"w.kdbx": b"new"}),
    (36, "x.kdbx.lock", b"?", {"x.kdbx": b"new"}),
    (37, "sedA1b2C3", b"half", {}),
    (38, "XXa1b2C3", b"half", {}),
    (39, "ziA1b2C3", b"half", {}),
    (40, "y.c.orig", b"old", {"y.c": b"new"}),
    (41, "z.c.rej", b"@@ -1 +1 @@", {"z.c": b"new"}),
    (42, "aa.c.oKyOXQa", b"half", {"aa.c": b"new"}),
    (43, f"bb_BACKUP_{NOBODY}.c", b"old", {"bb.c": b"new"}),
    (43, "cc_REMOTE_4711.c", b"theirs", {"cc.c": b"new"}),
    (44, "dd.c.r4711", b"theirs", {"dd.c": b"new"}),
    (48, f".#lk0x00a1.{socket.gethostname()}.{NOBODY}", b"", {}),
    (49, "ee.cpython-311.pyc.1401234", b"half", {}),
    (52, "ff.json.2734982734", b"half", {"ff.json": b"{}"}),
    (53, "tmp4k_x9abc", b"half", {}),
    (54, ".tmpA1b2C3", b"half", {}),
    (55, ".gg.yaml1234567890", b"half", {"gg.yaml": b"x"}),
    (56, "ccA1b2C3.s", b".text", {}),
    (57, "core.4711", elf_core(), {}),
    (57, "java_pid4711.hprof", b"JAVA PROFILE 1.0.2\0", {}),
    (57, "hs_err_pid4711.log", b"#\n# A fatal error has been detected by the Java Runtime Environment:", {}),
    (58, "Cargo.lock", b"[[package]]\n", {}),
    (58, "package-lock.json", b"{}", {}),
    (59, "hh.conf.old", b"old", {"hh.conf": b"new"}),
    (60, ".ii.iso.a1B2c3", b"half", {"ii.iso": b"whole"}),
    (60, ".jj.iso.ABCDE1", b"half", {"jj.iso": b"whole"}),
    (62, ".syncthing.kk.jpg.tmp", b"half", {"kk.jpg": b"whole"}),
    (63, "ll.sync-conflict-20261125-101112-ABCDEF1.txt", b"theirs", {"ll.txt": b"mine"}),
    (63, "mm (user's conflicted copy 2026-11-25).txt", b"theirs", {"mm.txt": b"mine"}),
    (65, "nn.bin.a1b2c3d4.partial", b"half", {"nn.bin": b"whole"}),
    (66, "oo.zip.crdownload", b"half", {}),
    (67, "pp.zip.part", b"half", {"pp.zip": b""}),
    (68, "qq.zip.partial", b"half", {}),
    (69, "rr.zip.aria2", b"state", {"rr.zip": b"half"}),
    (70, ".owncloudsync.log", b"", {}),
    (70, ".~ss.txt", b"half", {}),
    (71, ".nfs0000000000c0ffee00000001", b"live", {}),
    (72, ".fuse_hidden0000004d00000001", b"live", {}),
    (73, ".smbdeleteAAA1", b"live", {}),
    (74, "tt.db-journal", b"", {"tt.db": b""}),
    (75, "uu.db-wal", b"", {"uu.db": b""}),
    (76, "vv.db-mj0A1B2C3D4", b"", {}),
    (77, "LOCK", b"", {}),
    (78, "passwd.dpkg-new", b"", {}),
    (79, "ww.conf.dpkg-old", b"old", {"ww.conf": b"new"}),
    (79, "xx.conf.rpmnew", b"old", {"xx.conf": b"new"}),
    (79, "yy.conf.pacsave", b"old", {"yy.conf": b"new"}),
    (80, ".wh.zz", b"", {}),
    (81, "._photo.jpg", b"\0\5\x16\7", {"photo.jpg": b"x"}),
    (82, "gone.trashinfo", b"[Trash Info]\nPath=/gone\n", {}),
    (83, "FILE0001.CHK", b"something", {}),
    (85, names.side(TXN, 7), b"x", {}),
    (85, names.visible("ab.txt", TXN, 1), b"other", {"ab.txt": b"x"}),
    (86, "ac.txt.tmp", b"half", {"ac.txt": b"whole"}),
    (86, "ad.txt.tmp-X3kQ9a", b"half", {"ad.txt": b"whole"}),
]

# Folders that are left alone, by the number of their kind.
FOLDERS: list[tuple[int, str]] = [
    (17, "libreoffice/4/user/backup"),
    (28, "Notepad++/backup"),
    (30, "Code/Backups"),
    (45, "project/.git"),
    (46, "project/.git/objects/0a"),
    (47, "project/.git/rebase-merge"),
    (46, ".svn"),
    (49, "__pycache__"),
    (50, "site-packages/~umpy"),
    (51, "node_modules"),
    (61, ".~tmp~"),
    (64, ".stversions"),
    (68, "movie.download"),
    (70, ".dropbox.cache"),
    (77, "pgsql_tmp"),
    (82, "Trash/files"),
    (83, "lost+found"),
    (84, "systemd-private-0123-x.service-abc"),
]


def build(folder: Path, name: str, content: Content, beside: dict[str, bytes]) -> Path:
    """Make one example and what lies beside it; return its path."""
    for other, text in beside.items():
        (folder / other).write_bytes(text)
    path = folder / name
    if isinstance(content, Link):
        path.symlink_to(content)
    else:
        path.write_bytes(content)
    return path
