"""The catalogue: every kind of leftover, one a line. Data alone; `core.leftovers.catalogue` reads it.

Columns: number of the kind, pattern of the whole name, family, who makes it, what it is, how long it may rightly be
there, how to find out whether its maker is alive, what its content must be, how the original is found, and the class.
The first line that fits name and content wins, so narrow ones come first. What the unnamed groups of a pattern hold,
joined, is the name of the original; "+ x" behind them says what is added to it.

Random endings need a digit or a capital letter, else every `.name.config` would be one (131 false hits in the sources
of a kernel without that rule). Where a name could be a word, they need both cases: `README.Debian` is no stage.
"""

from __future__ import annotations

from core import names

_R = r"(?=[A-Za-z_]*[0-9A-Z])[A-Za-z0-9_]"  # random: a digit or a capital letter
_M = r"(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]+[A-Z0-9])[A-Za-z0-9]"  # mixed: no word, no number, no date
_DAY = r"\d{4}-\d\d-\d\d_\d{6}"

Line = tuple[int, str, str, str, str, str, str, str, str, str]

# fmt: off
KINDS: tuple[Line, ...] = (
    # no, pattern, family, maker, meaning, life, owner, proof, original, class

    # Ours.
    (85, names.SIDE.pattern, "side", "Holdfast", "a side file of a batch", "a batch", "journal", "", "journal", "safe"),
    (85, names.VISIBLE.pattern, "kept", "Holdfast", "a version that was kept in sight", "for good", "open", "", "name", "ask"),

    # Never to be touched: it lives, or belongs to something that heals itself.
    (74, r".+-journal", "protected", "SQLite", "undoes half a transaction at the next start", "a transaction", "none", "", "none", "never"),
    (75, r".+-(?:wal|shm)", "protected", "SQLite", "committed data that are nowhere else", "until a checkpoint", "none", "", "none", "never"),
    (76, r".+-mj[0-9A-F]{6,9}", "protected", "SQLite", "ties several journals together", "a transaction", "none", "", "none", "never"),
    (77, r"LOCK|lock\.mdb|.+\.(?:ldb|dbtmp)|#sql.+", "protected", "a database", "a part of a database", "as the database", "none", "", "none", "never"),
    (71, r"\.nfs[0-9a-f]{8,}", "protected", "a network drive", "deleted, and still open somewhere", "while open", "none", "", "none", "never"),
    (72, r"\.fuse_hidden[0-9a-f]{8,}", "protected", "a mounted drive", "deleted, and still open somewhere", "while open", "none", "", "none", "never"),
    (73, r"\.smbdelete.+", "protected", "a network drive", "deleted, and still open somewhere", "while open", "none", "", "none", "never"),
    (78, r".+\.dpkg-(?:new|tmp)", "protected", "dpkg", "a package that is half installed", "seconds", "none", "", "none", "never"),
    (80, r"\.wh\..+", "protected", "a layered file system", "says that a file of a lower layer is deleted", "as the layer", "none", "", "none", "never"),
    (70, r"\.owncloudsync.*|\.sync_[0-9a-f]+\.db.*|\._sync_.+", "protected", "a sync client", "what the client knows", "as the client", "none", "", "none", "never"),
    (28, rf".+@{_DAY}", "protected", "Notepad++", "a tab that was never saved", "weeks", "none", "", "none", "never"),
    (35, r"\.parentlock", "protected", "Mozilla", "says that a profile is in use; heals itself", "a session", "none", "", "none", "never"),
    (35, r"lock", "protected", "Mozilla", "says that a profile is in use; heals itself", "a session", "none", "mozilla link", "none", "never"),

    # Locks: no data, and somebody's name.
    (8, r"\.#(.+)", "lock", "Emacs", "says that somebody edits the file", "a session", "emacs", "emacs lock", "name", "safe"),
    (48, r"\.#lk0x[0-9a-f]+\.(?P<host>.+)\.(?P<pid>\d+)x?", "lock", "GnuPG", "says that a keyring is in use", "seconds", "pid", "", "none", "ask"),
    (6, r"\.#(.+)\.\d+(?:\.\d+)+", "backup", "CVS", "your version before a merge", "for good", "open", "", "name", "ask"),
    (8, r"\.#(.+)", "lock", "Emacs", "says that somebody edits the file", "a session", "elsewhere", "", "name", "ask"),
    (16, r"\.~lock\.(.+)#", "lock", "LibreOffice", "says that somebody has the document open", "a session", "libreoffice", "libreoffice lock", "name", "safe"),
    (16, r"\.~lock\.(.+)#", "lock", "LibreOffice", "says that somebody has the document open", "a session", "elsewhere", "", "name", "ask"),
    (70, r"\.~.+", "protected", "a sync client", "on its way to another name", "as the client", "none", "", "none", "never"),
    (18, r"~\$(.+\.(?:docx?|xlsx?|pptx?))", "lock", "Microsoft Office", "says that somebody has the document open", "a session", "elsewhere", "", "name", "ask"),
    (15, r"(.+)\.lock", "lock", "a Qt program", "says that a file is in use", "a session", "qt", "qt lock", "name", "safe"),
    (36, r"(.+\.kdbx)\.lock", "lock", "KeePassXC", "says that a database is open", "a session", "elsewhere", "", "name", "ask"),
    (58, r".+\.(?:lock|lockb)|(?:package|npm-shrinkwrap|pnpm)-lock\.(?:json|yaml)", "protected", "a package manager or a running program", "which versions belong together; a source file", "for good", "none", "", "none", "never"),
    (26, r"(.+)\.dwl2?", "lock", "AutoCAD", "says that a drawing is open", "a session", "elsewhere", "", "name + .dwg", "ask"),
    (34, r"(.+)\.laccdb", "lock", "Microsoft Access", "says that a database is open", "a session", "elsewhere", "", "name + .accdb", "ask"),

    # What was not saved.
    (2, r"\.(.+)\.swx", "scratch", "Vim", "a trial, made before the swap file", "milliseconds", "open", "empty", "none", "safe"),
    (3, r"4913|5036|5159|5282|5405", "scratch", "Vim", "a trial whether the folder can be written", "milliseconds", "open", "empty", "none", "safe"),
    (4, r"\.(.+)\.swp", "lock", "nano", "says that somebody edits the file", "a session", "swap", "nano lock", "name", "safe"),
    (1, r"\.(.+)\.(?:sw[a-z]|s[a-v][a-z])", "swap", "Vim", "what was typed and perhaps not saved", "a session", "swap", "vim swap", "vim", "safe"),
    (1, r"\.(.+)\.sw[a-x]", "swap", "an editor", "what was typed and perhaps not saved", "a session", "open", "", "name", "ask"),
    (10, r"\.(.+)\.kate-swp", "swap", "Kate", "what was typed since the last save", "until a save", "open", "", "name", "ask"),
    (7, r"#(.+)#", "unsaved", "Emacs", "what was typed since the last save", "until a save", "emacs beside", "", "name", "ask"),
    (9, r"(.+)\.save(?:\.\d+)?", "unsaved", "nano", "saved by nano as it died", "for good", "open", "", "unsure", "ask"),
    (25, r".+\.(?:sv\$|ac\$)", "unsaved", "AutoCAD", "saved by itself", "a session", "open", "", "none", "ask"),
    (21, r".+\.asd|.+\.xlk", "unsaved", "Microsoft Office", "saved by itself, for recovery", "until recovered", "open", "office document", "none", "ask"),
    (21, r"AutoRecovery save of .+|Backup of .+|.+\.wbk", "unsaved", "Microsoft Office", "saved by itself, for recovery", "until recovered", "open", "", "none", "ask"),
    (83, r"(?i:FILE\d{4}\.CHK)", "unsaved", "a check of the disk", "found without a name", "for good", "open", "", "none", "ask"),

    # Conflicts.
    (41, r"(.+)\.rej", "conflict", "patch", "parts of a patch that did not fit", "until resolved", "open", "", "name", "ask"),
    (43, r"(.+)_BACKUP_(?P<pid>\d+)(\.[^.]+)?", "backup", "git mergetool", "your version before the merge", "a merge", "pid", "", "name", "ask"),
    (43, r"(.+)_(?:BASE|LOCAL|REMOTE)_\d+(\.[^.]+)?", "conflict", "git mergetool", "one side of a merge", "a merge", "open", "", "name", "ask"),
    (44, r"(.+)\.(?:mine|r\d+)", "conflict", "Subversion", "one side of a merge", "until resolved", "open", "", "beside", "ask"),
    (63, r"(.+)\.sync-conflict-\d{8}-\d{6}(?:-[A-Z0-9]{7})?(\.[^.]+)?", "conflict", "Syncthing", "another device's version", "until resolved", "open", "", "name", "ask"),
    (63, r"(.+?) \([^()]*conflicted copy[^()]*\)(\.[^.]+)?", "conflict", "a sync client", "another device's version", "until resolved", "open", "", "name", "ask"),

    # Earlier versions.
    (6, r"(.+)\.~\d+~", "backup", "Emacs or cp", "an earlier version, numbered", "for good", "open", "", "name", "ask"),
    (5, r"(.+)~", "backup", "an editor", "the version before the last save", "for good", "open", "", "name", "ask"),
    (29, rf"(.+)\.{_DAY}\.bak", "backup", "Notepad++", "an earlier version", "for good", "open", "", "name", "ask"),
    (24, r"(.+)\.(?i:bak|backup)", "backup", "a program or a person", "an earlier version", "for good", "open", "", "drawing", "ask"),
    (40, r"(.+)\.(?i:orig)", "backup", "patch or a merge", "the version before a patch", "for good", "open", "", "name", "ask"),
    (59, r"(.+)\.(?i:old|prev)", "backup", "a program or a person", "an earlier version", "for good", "open", "", "unsure", "ask"),
    (12, r"(.+)___jb_old___", "backup", "a JetBrains editor", "the version before a save, on its way out", "seconds", "open", "", "name", "ask"),
    (31, r"(.+\.blend)\d{1,2}", "backup", "Blender", "an earlier version", "for good", "open", "", "name", "ask"),
    (79, r"(.+)\.(?:dpkg-(?:old|dist|bak)|ucf-(?:old|dist|new))", "settings", "dpkg", "settings to be merged", "until merged", "open", "", "name", "ask"),
    (79, r"(.+)\.rpm(?:save|orig|new)", "settings", "rpm", "settings to be merged", "until merged", "open", "", "name", "ask"),
    (79, r"(.+)\.pac(?:save|new)", "settings", "pacman", "settings to be merged", "until merged", "open", "", "name", "ask"),

    # Transfers.
    (62, r"\.syncthing\.(.+)\.tmp|~syncthing~.+\.tmp", "transfer", "Syncthing", "half received", "a day", "open", "", "name", "safe"),
    (65, r"(.+)\.[0-9a-f]{8}\.partial", "transfer", "rclone", "half received, cannot go on", "a transfer", "open", "", "name", "safe"),
    (66, r"(.+)\.crdownload", "transfer", "Chromium", "a download that can go on", "days", "open", "", "name", "ask"),
    (67, r"(.+)\.part", "transfer", "Firefox or another download", "a download that can go on", "days", "open", "", "name", "ask"),
    (68, r"(.+)\.(?:partial|download)", "transfer", "a download", "a download that can go on", "days", "open", "", "name", "ask"),
    (69, r"(.+)\.(?:aria2|!qB|!ut|ytdl|filepart)", "transfer", "a download", "how far a download is; useless without its data, and they without it", "months", "open", "", "name", "ask"),

    # On the way to another name.
    (11, r"(.+)___jb_tmp___", "in_flight", "a JetBrains editor", "a save that was not finished", "seconds", "open", "", "name", "safe"),
    (13, r"\.goutputstream-[A-Z0-9]{6}", "in_flight", "a GNOME program", "a save or a copy that was not finished", "hours", "open", "", "none", "ask"),
    (19, r"~WR[LD]\d{4}\.tmp", "in_flight", "Microsoft Word", "a save that was not finished", "seconds", "open", "", "none", "ask"),
    (20, r"[0-9A-F]{8}", "in_flight", "Microsoft Excel", "a save that was not finished", "seconds", "open", "office document", "none", "ask"),
    (22, r"(.+)~RF[0-9a-f]+\.TMP", "in_flight", "Windows", "the version before a save, on its way out", "milliseconds", "open", "", "name", "ask"),
    (23, r"~DF[0-9A-F]{4,}\.(?i:tmp)", "scratch", "Windows", "scratch of a document that was open", "a session", "open", "", "none", "safe"),
    (27, r"Photoshop Temp\d+|~PST\d{4}\.tmp", "scratch", "Photoshop", "scratch, of no use by hand", "a session", "open", "", "none", "safe"),
    (31, r"(.+\.blend)@", "in_flight", "Blender", "a save that was not finished", "seconds", "open", "", "name", "safe"),
    (32, r"gimpswap\.(?P<pid>\d+)", "scratch", "GIMP", "scratch, of no use by hand", "a session", "pid", "", "none", "safe"),
    (33, r".+\.synctex(?:\.gz)?\(busy\)", "scratch", "TeX", "half an index of a document", "a run", "tex", "", "none", "safe"),
    (36, r"(.+\.kdbx)\.tmp", "in_flight", "KeePass", "a save that was not finished", "seconds", "open", "", "name", "ask"),
    (37, rf"sed{_R}{{6}}", "in_flight", "sed", "half of an edited file", "minutes", "open", "", "none", "ask"),
    (38, rf"XX{_R}{{6}}", "in_flight", "perl", "half of an edited file", "minutes", "open", "", "none", "ask"),
    (39, rf"zi{_R}{{6}}", "in_flight", "zip", "half of an archive", "hours", "open", "", "none", "ask"),
    (42, rf"(.+)\.[or]{_M}{{6}}", "in_flight", "patch", "half of a patched file, or of what did not fit", "milliseconds", "open", "", "beside", "safe"),
    (49, r".+\.pyc\.\d{4,}", "scratch", "Python", "half of a compiled module", "milliseconds", "open", "", "none", "safe"),
    (53, r"tmp(?=[a-z]*[0-9_])[a-z0-9_]{8}", "in_flight", "a Python program", "a save that was not finished", "milliseconds", "open", "", "none", "ask"),
    (54, rf"\.tmp{_R}{{6}}", "in_flight", "a Rust program", "a save that was not finished", "milliseconds", "open", "", "none", "ask"),
    (56, rf"cc{_R}{{6}}\.(?:s|o|res|ld|le|cdtor\.[co])", "scratch", "gcc", "half compiled", "seconds", "open", "in a temporary folder", "none", "safe"),
    (57, r"core(?:\.\d+)?|vgcore\.\d+", "dump", "a program that crashed", "what it had in memory", "for good", "open", "elf core", "none", "ask"),
    (57, r"java_pid\d+\.hprof|.+\.hprof", "dump", "Java", "what a program had in memory", "for good", "open", "java heap", "none", "ask"),
    (57, r"hs_err_pid\d+\.log", "dump", "Java", "where a program crashed", "for good", "open", "java crash", "none", "ask"),
    (81, r"\._.+|\.DS_Store|Thumbs\.db", "managed", "a desktop", "how a folder looks; of files copied from a Mac, perhaps a part", "for good", "open", "", "none", "ask"),
    (82, r".+\.trashinfo", "scratch", "the desktop's trash", "where something was that is not in the trash any more", "for good", "open", "trash info alone", "none", "safe"),
    (86, r"(.+)\.(?i:tmp|temp)", "in_flight", "a program", "a save that was not finished", "unknown", "open", "", "unsure", "ask"),
    (86, rf"(.+)\.tmp[.-]?{_R}{{1,32}}", "in_flight", "a program", "a save that was not finished", "unknown", "open", "", "unsure", "ask"),
    (60, rf"\.(.+)\.{_M}{{6}}", "in_flight", "rsync", "half received", "hours", "open", "", "name", "safe"),
    (60, rf"\.(.+)\.{_R}{{6}}", "in_flight", "rsync or another program", "half received", "hours", "open", "", "name", "ask"),
    (14, rf"(.+)\.{_M}{{6}}", "in_flight", "a Qt program", "a save that was not finished", "seconds", "open", "", "beside", "ask"),
    (52, r"(.+)\.(?!(?:19|20)\d{6}$)\d{7,10}", "in_flight", "a Node program", "a save that was not finished", "milliseconds", "open", "", "beside", "ask"),
    (55, r"\.(.+?)\d{7,20}", "in_flight", "a Go program", "a save that was not finished", "milliseconds", "open", "", "beside", "ask"),
)

# Folders that are never looked into: a program tidies up in them by itself, and deleting in them by name does harm.
# Number of the kind, pattern of the end of the path, who manages it, and what is in it.
FOLDERS: tuple[tuple[int, str, str, str], ...] = (
    (45, r"\.git", "git", "locks, objects and the state of merges; `git gc` and `git status` tidy up"),
    (47, r"\.git/(?:rebase-merge|rebase-apply|sequencer)", "git", "a merge or a rebase that is not done; `git status` says how to go on"),
    (46, r"\.git/objects/(?:[0-9a-f]{2}|pack)", "git", "objects, finished or not; `git gc` removes the latter after two weeks"),
    (46, r"\.hg|\.svn|\.jj", "version control", "locks, objects and the state of merges"),
    (51, r"node_modules", "npm", "packages; `npm ci` makes them anew"),
    (49, r"__pycache__", "Python", "compiled modules; made anew when they are needed"),
    (50, r"site-packages/~.+", "pip", "a package that was being removed; `pip check` and a new installation put it right"),
    (61, r"\.~tmp~|\.rsync-partial", "rsync", "what was half received; the next run goes on with it"),
    (64, r"\.stversions", "Syncthing", "earlier versions, which Syncthing itself restores"),
    (70, r"\.dropbox\.cache", "Dropbox", "what the client knows"),
    (17, r"libreoffice/\d+/user/backup", "LibreOffice", "documents for its recovery"),
    (30, r"(?:Code|Code - OSS|VSCodium)/Backups", "VS Code", "tabs that were never saved"),
    (28, r"Notepad\+\+/backup", "Notepad++", "tabs that were never saved"),
    (77, r"pgsql_tmp", "PostgreSQL", "a part of a database"),
    (83, r"lost\+found|FOUND\.\d{3}", "a check of the disk", "what was found without a name"),
    (84, r"systemd-private-.+", "systemd", "the temporary folder of a service"),
    (68, r".+\.download", "Safari", "a download that can go on"),
    (82, r"\.Trash(?:-\d+)?|Trash/(?:files|info)", "the desktop's trash", "what was deleted, for you to bring back"),
)
# fmt: on
