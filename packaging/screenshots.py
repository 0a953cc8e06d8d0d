"""Makes the README's pictures from the real program: python packaging/screenshots.py [FOLDER]

The window is drawn off screen, with a real engine behind it, on a small project that is made for the purpose.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from app.engine import EngineClient
from app.flows import operations
from app.flows.batch import State
from app.theme.theme import Theme
from app.window.main_window import MainWindow

_SERVER = '''"""Serves requests."""

from http import HTTPStatus


class Router:
    """Finds the handler of a request."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.handlers: dict[str, object] = {}

    def add_handler(self, path: str, handler: object) -> None:
        self.handlers[self.prefix + path] = handler

    def get_handler(self, path: str) -> object:
        """Return the handler that add_handler was given."""
        return self.handlers[path]
'''


class Studio:
    """A window, a project to show in it, and a camera."""

    def __init__(self, folder: Path, target: Path) -> None:
        self._folder, self._target = folder, target
        self._application = QApplication([])
        self.theme = Theme(self._application, "light")
        self.engine = EngineClient()
        self.window = MainWindow(self.engine, self.theme)
        self.window.show()
        self.window.begin([])

    def wait(self, condition: Callable[[], object]) -> None:
        """Let the program run until something is true."""
        until = time.monotonic() + 20
        while not condition():
            self._application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            if time.monotonic() > until:
                sys.exit("the window did not come to what the picture shows")

    def take(self, name: str) -> None:
        """Take a picture when everything has settled."""
        until = time.monotonic() + 0.4
        self.wait(lambda: time.monotonic() > until)
        self.window.grab().save(str(self._target / f"{name}.png"))

    def close(self) -> None:
        """Leave nothing running."""
        watcher = self.window.leftovers_flow.watcher
        self.window.leftovers_flow.close()
        self.engine.close()
        self.engine.wait()
        if watcher is not None:
            watcher.wait()


def project(folder: Path) -> None:
    """Make the files that the pictures show."""
    for name in ("server", "client", "proxy", "admin", "metrics", "static", "sessions", "uploads", "search", "feeds"):
        path = folder / "shop" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(_SERVER.replace("Serves requests", f"Serves requests: {name}"))
    (folder / "README.md").write_text("# Shop\n\nCall `add_handler` first.\n")
    (folder / "notes.txt").write_text("to be thrown away\n")


def main(target: Path) -> None:
    """Take all pictures."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="shop-") as name:
        os.environ["HOLDFAST_STATE_DIR"] = f"{name}/state"
        folder = Path(name) / "project"
        folder.mkdir()
        project(folder)
        studio = Studio(folder, target)
        window, flow = studio.window, studio.window.flow
        flow.add(operations.find_and_replace([str(folder)], "add_handler", "register"))
        studio.wait(lambda: flow.state is State.READY)
        flow.add(operations.rename(str(folder / "README.md"), str(folder / "GUIDE.md")))
        flow.add(operations.delete([str(folder / "notes.txt")]))
        studio.wait(lambda: flow.state is State.READY and len(window.batch.model.ticked()) == 12)
        studio.take("batch")
        studio.theme.choose("dark")
        studio.take("batch-dark")
        studio.theme.choose("light")
        (folder / "shop" / "server.py.orig").write_text(_SERVER.replace("handlers", "routes"))
        (folder / "shop" / "old-names.py~").write_text("names = []\n")
        window.show_page("leftovers")
        window.leftovers_flow.watch([str(folder)])
        studio.wait(lambda: window.leftovers.model.rowCount() == 2)
        studio.take("leftovers")
        studio.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "packaging" / "pictures")
