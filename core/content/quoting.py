"""How a path stands in one line of text, whatever bytes it is made of."""

from __future__ import annotations


def quoted(path: str) -> str:
    """Return a path as it may stand in one line of text: quoted as git does it where it holds anything strange."""
    raw = path.encode("utf-8", "surrogateescape")
    if path.isprintable() and '"' not in path and "\\" not in path:
        return path
    parts = []
    for byte in raw:
        char = chr(byte)
        if char in '"\\':
            parts.append("\\" + char)
        elif 32 <= byte < 127:
            parts.append(char)
        else:
            parts.append({"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(char, f"\\{byte:03o}"))
    return '"' + "".join(parts) + '"'
