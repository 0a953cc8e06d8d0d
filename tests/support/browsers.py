"""Real browsers without a screen, each with a profile of its own below a folder, and a download that never ends."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.support.throwaway import Room

_PART = 2_000_000
_FIREFOX = {
    "browser.helperApps.neverAsk.saveToDisk": "application/octet-stream",
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}
_CHROMIUM = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")


class _Slow(http.server.BaseHTTPRequestHandler):
    """Sends a part of a large file, and then nothing more."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000000")
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Disposition", "attachment; filename=large.bin")
        self.end_headers()
        try:
            self.wfile.write(os.urandom(_PART))
            self.wfile.flush()
            self.server.over.wait()  # type: ignore[attr-defined]
        except OSError:  # whoever downloads was killed
            pass

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        pass


@contextmanager
def slow_server() -> Iterator[str]:
    """The address of a file on this machine that never comes to an end."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Slow)
    server.over = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/large.bin"
    finally:
        server.over.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()
        thread.join()


def firefox(
    room: Room, profile: Path, downloads: Path, address: str
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Start Firefox with a download."""
    profile.mkdir(parents=True)
    downloads.mkdir(exist_ok=True)
    chosen = {**_FIREFOX, "browser.download.dir": str(downloads)}
    lines = [f"user_pref({json.dumps(key)}, {json.dumps(value)});\n" for key, value in chosen.items()]
    (profile / "user.js").write_text("".join(lines))
    return room.start("firefox-esr", "--headless", "--no-remote", "--profile", str(profile), address)


def chromium(
    room: Room, profile: Path, downloads: Path, address: str
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Start Chromium with a download."""
    (profile / "Default").mkdir(parents=True)
    downloads.mkdir(exist_ok=True)
    chosen = {"download": {"default_directory": str(downloads), "prompt_for_download": False}}
    (profile / "Default/Preferences").write_text(json.dumps(chosen))
    # The way to the socket that it makes among its temporary files must be short.
    return room.start("env", "TMPDIR=/tmp", "chromium", *_CHROMIUM, f"--user-data-dir={profile}", address)
