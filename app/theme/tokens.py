"""Colours and sizes. Every pair of text and background that is painted keeps a contrast of 4.5 (a test counts them)."""

from __future__ import annotations

from dataclasses import dataclass

ROW_HEIGHT = 34
HEADER_HEIGHT = 32
RAIL_WIDTH = 196
RADIUS = 6


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme's colours, as #rrggbb."""

    is_dark: bool
    bg: str
    surface: str
    side: str
    border: str
    outline: str
    text: str
    dim: str
    accent: str
    on_accent: str
    accent_hover: str
    hover: str
    selection: str
    add_bg: str
    add_hi: str
    del_bg: str
    del_hi: str
    ok: str
    warn: str
    error: str
    ok_bg: str
    warn_bg: str
    error_bg: str


LIGHT = Tokens(
    is_dark=False,
    bg="#f6f7f9",
    surface="#ffffff",
    side="#eef0f3",
    border="#d9dde3",
    outline="#858c95",
    text="#1b1f24",
    dim="#545d68",
    accent="#2563c9",
    on_accent="#ffffff",
    accent_hover="#1d54b0",
    hover="#e6e9ee",
    selection="#dbe7fb",
    add_bg="#e3f6e8",
    add_hi="#a9e5b8",
    del_bg="#fdeaea",
    del_hi="#f6b9b9",
    ok="#176c31",
    warn="#7d5100",
    error="#b42020",
    ok_bg="#e3f6e8",
    warn_bg="#fdf3dc",
    error_bg="#fdeaea",
)

DARK = Tokens(
    is_dark=True,
    bg="#1b1d21",
    surface="#222529",
    side="#17191c",
    border="#363a41",
    outline="#7b828c",
    text="#e6e8eb",
    dim="#aab2bc",
    accent="#6ea3ff",
    on_accent="#0d1420",
    accent_hover="#8ab5ff",
    hover="#2b2f35",
    selection="#24406e",
    add_bg="#17301f",
    add_hi="#23693a",
    del_bg="#3a1c1f",
    del_hi="#8a2f35",
    ok="#56d381",
    warn="#e3b341",
    error="#ff8d86",
    ok_bg="#17301f",
    warn_bg="#352a12",
    error_bg="#3a1c1f",
)

CONTRAST = Tokens(
    is_dark=True,
    bg="#000000",
    surface="#000000",
    side="#000000",
    border="#b8b8b8",
    outline="#ffffff",
    text="#ffffff",
    dim="#e4e4e4",
    accent="#ffd60a",
    on_accent="#000000",
    accent_hover="#ffe566",
    hover="#2e2e2e",
    selection="#002d73",
    add_bg="#003a14",
    add_hi="#005c22",
    del_bg="#4a0008",
    del_hi="#74000f",
    ok="#6dff9c",
    warn="#ffd60a",
    error="#ffb3ad",
    ok_bg="#003a14",
    warn_bg="#332a00",
    error_bg="#4a0008",
)

# (text, background) as they are painted.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((text, ground) for text in ("text", "dim") for ground in ("bg", "surface", "side", "hover", "selection")),
    *(("text", ground) for ground in ("add_bg", "add_hi", "del_bg", "del_hi")),
    *(("dim", ground) for ground in ("add_bg", "del_bg")),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    *(("accent", ground) for ground in ("surface", "side", "bg")),
    *((word, ground) for word in ("ok", "warn", "error") for ground in ("surface", "bg", "selection")),
    ("ok", "ok_bg"),
    ("warn", "warn_bg"),
    ("error", "error_bg"),
    ("text", "warn_bg"),
    ("text", "error_bg"),
)
# Borders and icons.
OUTLINE_PAIRS: tuple[tuple[str, str], ...] = (
    ("outline", "surface"),
    ("outline", "bg"),
    ("accent", "bg"),
    ("accent", "selection"),
)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
