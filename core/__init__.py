"""Holdfast's engine: pure Python, no Qt, no printing, no settings. The window and the command line use `core.api`."""
