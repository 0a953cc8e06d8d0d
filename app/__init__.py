"""What people see: the command line and, above it, the window."""
