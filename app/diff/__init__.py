"""The painted side-by-side view of what changes in a file."""
