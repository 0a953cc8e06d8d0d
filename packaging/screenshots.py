"""Makes the README's pictures from the real program: python packaging/screenshots.py [FOLDER]

The window is drawn off screen, with a real engine behind it, on a small project that is made for the purpose. Each
scene is one picture; the first scene comes in every look: light, dark, high contrast, from right to left, and twice as
large.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.engine import EngineClient
from app.flows import operations
from app.flows.batch import State
from app.theme.theme import Theme
from app.window.main_window import MainWindow
from app.window.search_dialog import SearchDialog
from app.window.tables import select_row

_PATIENCE_SECONDS = 120  # of a machine that does other things as well
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
        self.folder, self._target = folder, target
        self._application = QApplication([])
        self._application.setCursorFlashTime(0)
        self.theme = Theme(self._application, "light")
        self.engine = EngineClient()
        self.window = MainWindow(self.engine, self.theme)
        self.window.show()
        self.window.begin([])

    def queue(self) -> None:
        """Queue what most pictures show: a search, a rename, a delete."""
        flow, folder = self.window.flow, self.folder
        flow.add(operations.find_and_replace([str(folder)], "add_handler", "register"))
        flow.add(operations.rename(str(folder / "README.md"), str(folder / "GUIDE.md")))
        flow.add(operations.delete([str(folder / "notes.txt")]))
        self.wait(lambda: flow.state is State.READY and self.window.batch.model.totals.files == 12)
        table = self.window.batch.table
        select_row(table, next(row for row in range(12) if table.model().index(row, 0).data() == "server.py"))
        self.wait(lambda: any(line.matches for line in self.window.batch.diff.view.lines))

    def apply(self) -> None:
        """Apply what is queued."""
        self.window.batch.apply()
        self.wait(lambda: self.window.flow.state is State.OVER)
        self.window.flow.dismiss()
        self.wait(lambda: self.window.flow.state is State.EMPTY)

    def dialog(self) -> QDialog:
        """Return the dialog that is open."""
        self.wait(lambda: any(one.isVisible() for one in self.window.findChildren(QDialog)))
        return next(one for one in self.window.findChildren(QDialog) if one.isVisible())

    def wait(self, condition: Callable[[], object]) -> None:
        """Let the program run until something is true."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while not condition():
            self._application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            if time.monotonic() > until:
                sys.exit("the window did not come to what the picture shows")

    def take(self, name: str, of: QWidget | None = None) -> None:
        """Take a picture when everything has settled."""
        until = time.monotonic() + 0.4
        self.wait(lambda: time.monotonic() > until)
        (of or self.window).grab().save(str(self._target / f"{name}.png"))

    def close(self) -> None:
        """Leave nothing running."""
        workers = self.window.leftovers_flow.workers
        self.window.leftovers_flow.close()
        self.engine.close()
        self.engine.wait()
        for worker in workers:
            worker.wait()


def project(folder: Path) -> None:
    """Make the files that the pictures show."""
    for name in ("server", "client", "proxy", "admin", "metrics", "static", "sessions", "uploads", "search", "feeds"):
        path = folder / "shop" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(_SERVER.replace("Serves requests", f"Serves requests: {name}"))
    (folder / "README.md").write_text("# Shop\n\nCall `add_handler` first.\n")
    (folder / "notes.txt").write_text("to be thrown away\n")


def looks(studio: Studio) -> None:
    """The batch in every look."""
    studio.queue()
    studio.take("batch")
    for name in ("dark", "contrast"):
        studio.theme.choose(name)
        studio.take(f"batch-{name}")
    studio.theme.choose("light")
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    studio.take("batch-rtl")
    QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def twice(studio: Studio) -> None:
    """The batch, twice as large."""
    studio.window.resize(960, 640)
    studio.queue()
    studio.take("batch-200")


def search(studio: Studio) -> None:
    """A search while it is typed."""
    studio.window.verbs.search([str(studio.folder)])
    dialog = studio.dialog()
    assert isinstance(dialog, SearchDialog)
    dialog.pairs.show_pairs([("(add|get)_handler", "\\1_listener")])
    dialog.how["regex"].setChecked(True)
    studio.wait(lambda: dialog.view.says.endswith("files"))
    studio.take("search", dialog)
    dialog.reject()


def history(studio: Studio) -> None:
    """Two batches, and a file that was edited after them."""
    studio.queue()
    studio.apply()
    studio.window.flow.add(operations.find_and_replace([str(studio.folder)], "handlers", "listeners"))
    studio.wait(lambda: studio.window.flow.state is State.READY)
    studio.apply()
    path = studio.folder / "shop" / "client.py"
    path.write_text(path.read_text() + "\n\ndefault = Router()\n")
    studio.window.show_page("history")
    page = studio.window.history
    studio.wait(lambda: page.model.rowCount() == 2)
    studio.wait(lambda: page.files_model.index(0, 2).data() not in (None, "looking…"))
    select_row(page.files, 1)
    studio.take("history")


def leftovers(studio: Studio) -> None:
    """What crashes left, in both looks."""
    shop, long_ago = studio.folder / "shop", time.time() - 3 * 86_400
    (shop / "server.py.orig").write_text(_SERVER.replace("handlers", "routes"))
    (shop / "old-names.py~").write_text("names = []\n")
    (shop / "search.py.bak").write_bytes((shop / "search.py").read_bytes())
    (shop / "#feeds.py#").write_text(_SERVER.replace("Serves requests", "Serves requests: feeds, and news"))
    (shop / ".uploads.py.tmp").write_text("half")
    (shop / "sedA1b2C3").write_text("")
    (shop / "client.py.rej").write_text("@@ -1 +1 @@\n-old\n+new\n")
    for name in ("server.py.orig", "old-names.py~"):
        os.utime(shop / name, (long_ago, long_ago))
    studio.window.show_page("leftovers")
    studio.window.leftovers_flow.watch([str(studio.folder)])
    page = studio.window.leftovers
    studio.wait(lambda: page.model.rowCount() == 7)
    select_row(page.table, page.model.row_of(str(shop / "server.py.orig")))
    page.model.tick([one for one in [page.table.current()] if one], ticked=True)
    studio.take("leftovers")
    studio.theme.choose("dark")
    studio.take("leftovers-dark")
    studio.theme.choose("light")


def settings(studio: Studio) -> None:
    """The settings."""
    studio.window.show_page("settings")
    studio.take("settings")


SCENES = {one.__name__: one for one in (looks, twice, search, history, leftovers, settings)}


def shoot(scene: str, target: Path) -> None:
    """Make the pictures of one scene."""
    with tempfile.TemporaryDirectory(prefix="shop-") as name:
        os.environ["HOLDFAST_STATE_DIR"] = f"{name}/state"
        folder = Path(name) / "project"
        folder.mkdir()
        project(folder)
        studio = Studio(folder, target)
        SCENES[scene](studio)
        studio.close()


def main(target: Path) -> None:
    """Make all pictures, each scene in a process of its own: there is one application in each, at one scale."""
    target.mkdir(parents=True, exist_ok=True)
    for scene in SCENES:
        environment = {**os.environ, "QT_SCALE_FACTOR": "2" if scene == "twice" else "1"}
        subprocess.run([sys.executable, __file__, "--scene", scene, str(target)], env=environment, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--scene"]:
        shoot(sys.argv[2], Path(sys.argv[3]))
    else:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "packaging" / "pictures")
