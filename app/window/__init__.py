"""Pages and widgets: no file access, no threads, no decisions."""
