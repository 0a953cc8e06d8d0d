"""Item models over plain values; no widgets, no files, no decisions."""
