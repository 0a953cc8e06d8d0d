"""A line typed in the place of another, as the smallest edit that means this place and no other."""

from __future__ import annotations

_AT_MOST = 200  # lines around it; what needs more cannot be told apart by anybody


def edit_of_line(content: str, number: int, text: str) -> tuple[str, str]:
    """Return what to find and what to put there, so that the line with that number (from 1) becomes `text`.

    What is found is the line with as many of its neighbours as it takes to be the only such place. The line keeps its
    line end. Raises ValueError where there is no such line, or where it cannot be told apart.
    """
    lines = content.split("\n")
    if not 0 < number <= len(lines):
        raise ValueError("there is no such line")
    index = number - 1
    end = "\r" if lines[index].endswith("\r") else ""
    first = last = index
    while True:
        found = "\n".join(lines[first : last + 1])
        at = sum(len(line) + 1 for line in lines[:first])
        if found and content.find(found) == at and content.find(found, at + 1) == -1:
            put = "\n".join([*lines[first:index], text + end, *lines[index + 1 : last + 1]])
            return found, put
        if last - first >= _AT_MOST or (first == 0 and last == len(lines) - 1):
            raise ValueError("this line cannot be told from others")
        first, last = max(0, first - 1), min(len(lines) - 1, last + 1)
