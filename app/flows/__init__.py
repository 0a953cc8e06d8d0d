"""What the user does, step by step: QtCore only, no widgets."""
