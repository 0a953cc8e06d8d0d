"""From what a person wants to what will happen to each file.

`operations` are the wishes, `planfile` reads them from JSON; `tree` lets each operation see the result of the ones
before it without touching the disk; `evaluate` turns them into a `Plan` of changes and problems; `fold` and `script`
turn the plan into the steps of a transaction.
"""
