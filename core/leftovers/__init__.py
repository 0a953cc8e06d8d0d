"""Leftovers: files that crashes and programs leave behind. What each is, what it belongs to, what is best done with it.

`catalogue` knows names, `own` the batches behind our own remains, `identify` the facts about one file, and `judge`
what they mean. `scan` finds leftovers once; `watch` finds them and goes on. `restore` makes operations of a decision,
and `trash` carries one out. Only `trash` touches anything of the user's, and it keeps what it takes.
"""
