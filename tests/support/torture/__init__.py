"""One bench for any program that changes many files: it is run as a foreign process and disturbed at every call it makes.

`held` runs a command and stops it before each system call that changes or syncs something in watched folders. `batches`
says what is to be done, `subjects` who does it and how, `parts` what goes wrong meanwhile, `judge` what is left, and
`page` writes down the figures. Nothing here knows how a subject works inside, Holdfast's least of all.
"""
