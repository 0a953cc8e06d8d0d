"""A file system in memory that knows what a power cut may leave, and the search through all of that (ALICE, OSDI 2014)."""
