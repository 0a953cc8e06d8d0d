"""One module per measured work; each has `measure(settings)`, which yields rows. `ALL` is the order of the table.

`ABOUT_DISKS`: those whose figures depend on the file system.
"""

from __future__ import annotations

from works import (
    cancel,
    command,
    commit,
    finish,
    huge,
    hunks,
    leftovers,
    memory,
    price,
    rollback,
    search,
    seed,
    single,
    sizes,
    window,
)

ABOUT_DISKS = (commit, sizes, command, seed, single, price, finish, rollback, huge)
ALL = (*ABOUT_DISKS, cancel, search, hunks, leftovers, memory, window)
