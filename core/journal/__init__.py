"""The record of one transaction: what was about to happen, and how far it came.

`codec` frames records so that a torn end reads as absent and damage is told apart from it; `records` says what the
records hold; `writer` appends and syncs; `reader` turns a file into a `View`; `home` is the state directory.
"""
