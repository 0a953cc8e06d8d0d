"""One module per measured work; each has `measure(settings)`, which yields rows. `ALL` is the order of the table."""

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

ALL = (
    *(commit, sizes, command, seed, single, price, finish, rollback, cancel),
    *(search, hunks, huge, leftovers, memory, window),
)
