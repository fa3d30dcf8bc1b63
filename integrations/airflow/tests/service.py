"""A small HTTP server that answers as the service was recorded to."""

from __future__ import annotations

import json
import sys
import threading
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parent / "recorded"


def recorded(name: str, **changes: Any) -> dict[str, Any]:
    """Return a document of the service as it was recorded, with other values for some members."""
    return json.loads((RECORDED / f"{name}.json").read_text()) | changes


@dataclass
class Answer:
    """What a request is answered with."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    """Whether the connection is closed after the body, which says that it is longer."""

    def to_bytes(self) -> bytes:
        """Return the body."""
        return self.body if isinstance(self.body, bytes) else json.dumps({} if self.body is None else self.body).encode()


def problem(status: int, detail: str, **headers: str) -> Answer:
    """Return an answer that refuses."""
    return Answer(status, {"title": "?", "status": status, "detail": detail}, {k.replace("_", "-"): v for k, v in headers.items()})


def stream(*states: str, end: bool = True, **status: Any) -> Answer:
    """Return a stream of events with these states of an emulation, which then ends or breaks off."""
    events = [
        "event: status\ndata: "
        + json.dumps(
            {
                "id": "e1",
                "status": {"global_status": state, "threads": {"0": state}, **status},
                "progress": {"rows": 10, "bytes": 2_000_000, "rows_per_second": 5, "behind_seconds": 0},
            },
            separators=(",", ":"),
        )
        + "\n\n"
        for state in states
    ]
    return Answer(body="".join(events).encode(), headers={"Content-Type": "text/event-stream"}, drop=not end)


@dataclass(frozen=True)
class Request:
    """A request as it came."""

    method: str
    path: str
    body: Any
    headers: dict[str, str]


class PlayedService:
    """Plays answers: those of a request one after the other, the last of them for good."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._answers: dict[tuple[str, str], list[Answer]] = defaultdict(list)
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                service.answer(self)

            do_GET = do_POST = do_DELETE = answer

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Say nothing: tests look at what was asked."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """Say nothing of clients that have gone."""
                if not isinstance(sys.exc_info()[1], ConnectionError):
                    super().handle_error(request, client_address)

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def on(self, request: str, *answers: Answer) -> None:
        """Play these answers to a request such as ``GET /emulator/e1``."""
        method, path = request.split(" ", 1)
        self._answers[method, path] = list(answers)

    def asked(self, request: str) -> list[Request]:
        """Return the requests of this kind that came."""
        method, path = request.split(" ", 1)
        return [r for r in self.requests if (r.method, r.path) == (method, path)]

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer a request."""
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        self.requests.append(Request(handler.command, handler.path, json.loads(body) if body else None, dict(handler.headers)))
        answers = self._answers[handler.command, handler.path]
        played = (answers.pop(0) if len(answers) > 1 else answers[0]) if answers else problem(404, f"nothing is played for {handler.path}")
        content = played.to_bytes()
        handler.send_response(played.status)
        for name, value in {"Content-Type": "application/json", **played.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content) + (1 if played.drop else 0)))
        handler.end_headers()
        # A client may have gone, as a trigger does that is cancelled.
        with suppress(ConnectionError):
            handler.wfile.write(content)
        handler.close_connection = played.drop
