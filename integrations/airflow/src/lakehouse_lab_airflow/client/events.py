"""Server-sent events, read with as little work as possible: a triggerer reads those of all its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_EVENT = 16 * 1024 * 1024
_DATA = b"data:"


class EventReader:
    """Puts the chunks of a stream together to the data of its events."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """
        Read a chunk.

        :param chunk: The next bytes of the stream.
        :return: The data of each event that is complete now; comments, which only show that the connection lives, are left out.
        :raises ValueError: An event is longer than any of the service.
        """
        text = self._rest + chunk
        if b"\r" in text:
            # A line may end with the first byte of a pair: it waits for the second.
            held = b"\r" if text.endswith(b"\r") else b""
            text = text[: len(text) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n") + held
        *events, self._rest = text.split(b"\n\n")
        if len(self._rest) > _LONGEST_EVENT:
            raise ValueError(f"an event of more than {_LONGEST_EVENT} bytes: this is not a stream of events")
        for event in events:
            data = [line[len(_DATA) :].removeprefix(b" ") for line in event.split(b"\n") if line.startswith(_DATA)]
            if data:
                yield b"\n".join(data)
