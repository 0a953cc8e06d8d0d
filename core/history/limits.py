"""How long previous versions are kept, as a person chose it in the settings: once, for command line and window alike."""

from __future__ import annotations

from core.fs import kept
from core.history import DAY, Limits

DOCUMENT = "settings"
KEEP_DAYS, KEEP_SIZE = "keep_days", "keep_gib"  # each a whole number as a text; 0: for good, or as much as comes
_GIB = 1 << 30


def in_force(state: str | None = None) -> Limits:
    """Return the limits for a state directory; what is kept and makes no sense counts as not chosen."""
    chosen, usual = kept.load(DOCUMENT, state), Limits()
    days, size = (_whole(chosen.get(name)) for name in (KEEP_DAYS, KEEP_SIZE))
    return Limits(usual.age if days is None else days * DAY, usual.size if size is None else size * _GIB)


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None
