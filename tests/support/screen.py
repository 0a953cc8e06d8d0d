"""A real X server with nobody in front of it, and a real mouse and keyboard."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.driving import Driven

_PATIENCE_SECONDS = 30.0
_STOPS_AT_MOST = 80  # of the keyboard on its way round a window


def why_not() -> str:
    """Return why there can be no screen here, "" when there can."""
    missing = [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]
    return f"not installed: {', '.join(missing)}" if missing else ""


class Screen:
    """An X server of its own."""

    def __init__(self) -> None:
        reader, writer = os.pipe()
        command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x860x24", "-nolisten", "tcp"]
        self._server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            self.display = f":{pipe.readline().strip()}"

    def do(self, *command: object) -> str:
        """Move the mouse or press keys, as `xdotool` does."""
        environment = {**os.environ, "DISPLAY": self.display}
        words = ["xdotool", *map(str, command)]
        return subprocess.run(words, env=environment, check=True, capture_output=True, text=True).stdout

    def close(self) -> None:
        """End it."""
        self._server.terminate()
        self._server.wait(10)


Start = Callable[..., "Program"]


class Program(Driven):
    """Holdfast in a real window."""

    def __init__(self, screen: Screen, *paths: Path, picture: Path) -> None:
        self._screen, self._picture = screen, picture
        self.screen_environment = {"DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}
        super().__init__({**os.environ, **self.screen_environment}, *paths)
        self.wait_for("page")
        self._window = screen.do("search", "--sync", "--onlyvisible", "--name", "Holdfast").split()[-1]
        self.focus()

    def focus(self) -> None:
        """Give the window the keyboard: at the start, and after a dialog, as a window manager would."""
        self._screen.do("windowfocus", "--sync", self._window)

    def wait_for(self, question: str, wanted: object = None) -> object:
        """Wait until the program has an answer, or that answer."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            answer = self.ask(question)
            if answer is not None and wanted in (None, answer):
                return answer
            assert time.monotonic() < until, f"{question}: {answer}"
            time.sleep(0.02)

    def click(self, name: str) -> None:
        """Move the mouse to a button or a row and click, as soon as it is there."""
        place = self.wait_for(name)
        assert isinstance(place, list)
        self._screen.do("mousemove", "--sync", *place)
        self._screen.do("click", 1)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self._screen.do("key", "--delay", 40, *keys)

    def type(self, text: str) -> None:
        """Type."""
        self._screen.do("type", "--delay", 15, text)

    def go_to(self, name: str) -> None:
        """Go to something with the keyboard alone."""
        self.wait_for("focus")  # something has it
        for _ in range(_STOPS_AT_MOST):
            if self.ask("focus") == name:
                return
            self.press("Tab")
        raise AssertionError(f"the keyboard does not get to {name}")

    def push(self, name: str) -> None:
        """Push a button with the keyboard alone, as soon as it can be pushed."""
        self.wait_for(name)
        self.go_to(name)
        self.press("space")

    def take_picture(self) -> None:
        """Keep what is on the screen."""
        assert self.ask(f"picture:{self._picture}"), f"no picture of {self._picture.stem}"

    def close(self) -> int:
        """Take a picture, and close the window with the keyboard; return the exit code."""
        self.take_picture()
        self.press("ctrl+q")
        return self.process.wait(30)
