"""What `holdfast demo` prints, and how it proves: pictures of the whole tree, compared.

Apart from `demo` because that is about what is done, and this about how it is told, in words or as JSON lines.
"""

from __future__ import annotations

import sys
import time

from app.cli import output
from app.words import _
from core import api, demo
from core.demo import Picture, Sample


class Timer:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def __call__(self) -> float:
        """Return how many."""
        return time.monotonic() - self._since


class Showing:
    """Tells what is done to a sample, and compares what its tree is with what it should be."""

    def __init__(self, sample: Sample, *, json_lines: bool) -> None:
        self.sample = sample
        self.json_lines = json_lines
        self.all_held = True

    def title(self, text: str) -> None:
        """Begin something new."""
        if not self.json_lines:
            output.say("")
            output.say(text)

    def say(self, text: str, event: str = "", **values: object) -> None:
        """Tell one thing: `text` to people, `event` and its values to programs."""
        if not self.json_lines:
            output.say(text)
            sys.stdout.flush()
        elif event:
            output.emit(event, **values)

    def prove(self, what: str, wanted: Picture, *, also: bool = True) -> None:
        """Compare the tree with a picture; `what` is told by programs as it is, `also`: what else has to be so."""
        found = self.sample.picture()
        held = also and found == wanted
        self.all_held = self.all_held and held
        self.say(
            _(
                "Proof: {what}: {answer}. Digest {digest}.",
                what=_(what),
                answer=_("yes") if held else _("NO"),
                digest=short(found),
            ),
            "proof",
            what=what,
            held=held,
            digest=demo.digest(found),
            wanted=demo.digest(wanted),
        )

    def conclude(self, seconds: float, *, kept: bool) -> int:
        """Say how it went, and return the exit code."""
        code = 0 if self.all_held else 3
        folder = self.sample.folder if kept else None
        if self.json_lines:
            output.emit("outcome", outcome="demo", held=self.all_held, kept=folder, seconds=seconds, exit=code)
            return code
        self.title(
            _("Every proof held; {seconds} s in all.", seconds=seconds)
            if self.all_held
            else _("A PROOF DID NOT HOLD; {seconds} s in all.", seconds=seconds)
        )
        if folder:
            output.say(_("The files are in {path}. Remove that folder when you are done.", path=api.shown(folder)))
        return code


def short(picture: Picture) -> str:
    """Return the beginning of a digest, which is enough for people."""
    return demo.digest(picture)[:16]
