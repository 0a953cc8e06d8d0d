"""The worker's loop: reads requests, does one after the other, and says what happens meanwhile.

Three threads: the main one works, one reads requests (so that `cancel` acts at once), one samples progress.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from io import FileIO, RawIOBase
from itertools import islice
from typing import Any, BinaryIO, TypeVar

from core.errors import HoldfastError
from core.progress import Cancelled, CancelToken, Meter, Phase, Progress
from core.version import VERSION
from core.worker import PROTOCOL, messages
from core.worker.asked import Failed
from core.worker.messages import Json
from core.worker.requests import HANDLERS, Session

_SAMPLE_SECONDS = 0.05
_BLOCK = 1 << 16
_T = TypeVar("_T")


class Server:
    """One conversation. `requests` is unbuffered: a buffer that a thread waits in cannot be closed at the end."""

    def __init__(self, requests: RawIOBase, answers: BinaryIO) -> None:
        self._requests = requests
        self._answers = answers
        self._writing = threading.Lock()
        self._waiting: queue.Queue[Json | None] = queue.Queue()
        self._token: CancelToken | None = None
        self._running: object = None
        self._unwanted: set[object] = set()
        self._guard = threading.Lock()
        self._ended = False

    def run(self) -> int:
        """Serve until the end of input; return the exit code."""
        self.send({"event": "hello", "protocol": PROTOCOL, "version": VERSION, "pid": os.getpid()})
        threading.Thread(target=self._read, daemon=True).start()
        session = Session()
        try:
            while (request := self._waiting.get()) is not None:
                self._serve(session, request)
        finally:
            session.close()
        return 0

    def stop(self) -> None:
        """Cancel what runs, put it back, and take no more requests."""
        with self._guard:
            self._ended = True
            if self._token is not None:
                self._token.cancel()
        self._waiting.put(None)

    def send(self, message: Json) -> None:
        """Write one line. When nobody listens any more, that is the end of input as well."""
        line = json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n"
        try:
            with self._writing:
                self._answers.write(line)
                self._answers.flush()
        except (OSError, ValueError):
            self.stop()

    def _read(self) -> None:
        for line in _lines(self._requests):
            try:
                request = json.loads(line)
                if not isinstance(request, dict) or "id" not in request:
                    raise ValueError("a request is an object with an id")
            except ValueError as error:
                self.send({"id": None, "event": "failed", "code": "bad_request", "values": {"reason": str(error)}})
                continue
            if request.get("do") == "cancel":
                self._cancel(request)
            else:
                self._waiting.put(request)
        self.stop()

    def _cancel(self, request: Json) -> None:
        only = request.get("of")
        with self._guard:
            if only is not None and only != self._running:
                self._unwanted.add(only)  # it has not begun yet, or it is over
                took = False
            else:
                took = self._token is not None and self._token.cancel()
        self.send({"id": request["id"], "event": "done", "cancelling": took})

    def _serve(self, session: Session, request: Json) -> None:
        meter, token = Meter(), CancelToken()
        with self._guard:
            if self._ended:
                return
            self._token, self._running = token, request["id"]
            if request["id"] in self._unwanted:
                token.cancel()
            if self._waiting.empty():  # what else is unwanted is over
                self._unwanted.clear()
        talk = Talk(self, request["id"], meter, token)
        try:
            with talk:
                done = self._answer(session, request, talk)
        finally:
            with self._guard:
                self._token = self._running = None
        self.send({"id": request["id"], **done})

    def _answer(self, session: Session, request: Json, talk: Talk) -> Json:
        handler = HANDLERS.get(str(request.get("do")))
        try:
            talk.token.check()
            if handler is None:
                raise Failed("bad_request", reason=f"{request.get('do')!r} is nothing that can be done")
            return {"event": "done", **handler(session, request, talk)}
        except Failed as failure:
            return {"event": "failed", "code": failure.code, "values": failure.values}
        except Cancelled:
            return {"event": "failed", "code": "cancelled", "values": {}}
        except HoldfastError as error:
            return {"event": "failed", "code": error.code, "values": _plain(error.values)}
        except OSError as error:
            values = {"path": error.filename, "reason": error.strerror or str(error), "errno": error.errno}
            return {"event": "failed", "code": "disk", "values": _plain(values)}
        except Exception as error:  # noqa: BLE001 - a fault of ours must not take the next request's chance away
            traceback.print_exc()
            return {"event": "failed", "code": "internal", "values": {"reason": repr(error)}}


class Talk:
    """What a request says while it runs: answers in parts, and progress as long as it is entered."""

    def __init__(self, server: Server, number: object, meter: Meter, token: CancelToken) -> None:
        self.meter = meter
        self.token = token
        self._server = server
        self._id = number
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def tell(self, event: str, **values: Any) -> None:
        """Say something about the request."""
        self._server.send({"id": self._id, "event": event, **values})

    def tell_all(self, event: str, key: str, values: Iterable[Any], at_most: int) -> int:
        """Say a long list in parts of at most so many; return how many there were."""
        count = 0
        for part in _parts(values, at_most):
            self.token.check()
            self.tell(event, **{key: part})
            count += len(part)
        return count

    def __enter__(self) -> Talk:
        """Begin to tell progress."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop telling progress, before the last answer."""
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        last: Progress | None = None
        while not self._stop.wait(_SAMPLE_SECONDS):
            now = self.meter.sample()
            if now != last and (now.files_total or now.phase is Phase.SEARCH):
                self.tell("progress", **messages.progress(now))
                last = now


def _lines(stream: RawIOBase) -> Iterator[bytes]:
    parts: list[bytes] = []
    while block := stream.read(_BLOCK):
        *lines, rest = block.split(b"\n")
        for line in lines:
            yield b"".join([*parts, line])
            parts.clear()
        parts.append(rest)


def _parts(values: Iterable[_T], size: int) -> Iterator[list[_T]]:
    iterator = iter(values)
    while part := list(islice(iterator, size)):
        yield part


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return values that JSON can carry."""
    return {
        key: value if isinstance(value, (str, int, float, type(None))) else str(value) for key, value in values.items()
    }


def serve() -> int:
    """Serve standard input and output as the protocol says; return the exit code."""
    # Answers go to a descriptor of their own: nothing that prints by accident can then break a line of the protocol.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if sys.platform != "win32":  # which has neither sessions nor SIGHUP
        with contextlib.suppress(PermissionError):  # it leads its session already
            os.setsid()
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    server = Server(FileIO(0, closefd=False), answers)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: threading.Thread(target=server.stop).start())
    return server.run()
