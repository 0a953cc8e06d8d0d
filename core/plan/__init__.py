"""From what a person wants to what will happen to each file.

`operations` are the wishes, `planfile` (with `fields` and `tree_fields`) reads them from JSON and `planwriter` writes
them; `tree` lets each operation see the result of the ones before it without touching the disk; `evaluate` turns them
into a `Plan` of changes and problems; `fold` and `script` turn the plan into the steps of a transaction.

Operations over whole trees are taken apart by `many`: `selecting` and `ignoring` say which files are meant, `searching`
which of them change, `renaming` and `patching` what becomes of names and lines, `hunks` tells single matches apart.
`settle` reads every touched file once, and `guard` looks whether its format survives.
"""
