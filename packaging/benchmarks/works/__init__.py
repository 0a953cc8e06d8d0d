"""One module per measured work; each has `measure(settings)`, which yields rows. `ALL` is the order of the table."""

from __future__ import annotations

from works import commit, finish, huge, leftovers, memory, rollback, search, window

ALL = (commit, finish, rollback, search, huge, leftovers, memory, window)
