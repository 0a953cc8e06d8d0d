"""Leftovers: files that crashes and editors leave behind. What each one is, what it belongs to, what is best done.

`catalogue` knows names, `identify` the facts about one file, `judge` what they mean, `scan` and `watch` find files, and
`restore` makes a batch of the decision. Nothing here changes a file of the user's.
"""
