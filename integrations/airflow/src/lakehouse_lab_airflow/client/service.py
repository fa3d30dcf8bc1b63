"""Asks the service without blocking, for triggers."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp

from lakehouse_lab_airflow import __version__
from lakehouse_lab_airflow.client.events import EventReader
from lakehouse_lab_airflow.client.problems import LakehouseLabError, may_be_over_soon, refusal_of
from lakehouse_lab_airflow.client.retries import retry_after_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from lakehouse_lab_airflow.client.endpoint import ServiceEndpoint

EVENT_STREAM = "text/event-stream"

# The service shows every 15 s that a stream lives; a proxy that holds events back does not.
_LONGEST_SILENCE = 45.0
_READ_AT_ONCE = 2**18


class NoAnswerError(LakehouseLabError):
    """The service is away, or answers that it cannot work now."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NoStreamError(LakehouseLabError):
    """What is between Airflow and the service lets no server-sent events through."""


class AsyncService:
    """
    Asks the service once for each call: who calls decides on another try.

    :param endpoint: Where the service is.
    :param session: The HTTP session.
    """

    def __init__(self, endpoint: ServiceEndpoint, session: aiohttp.ClientSession) -> None:
        self._endpoint = endpoint
        self._session = session
        self._tls = endpoint.tls() or True
        self._headers = {"User-Agent": f"airflow-provider-lakehouse-lab/{__version__}", "Accept-Encoding": "identity", **endpoint.headers}
        self._timeout = aiohttp.ClientTimeout(total=endpoint.timeout)
        self._stream_timeout = aiohttp.ClientTimeout(total=None, sock_connect=endpoint.timeout, sock_read=_LONGEST_SILENCE)

    async def get(self, path: str) -> dict[str, Any]:
        """
        Return a document.

        :raises RequestRefusedError: The service refuses to give it.
        :raises NoAnswerError: The service is away or busy.
        """
        async with self._ask("GET", path, "application/json", self._timeout) as answer:
            body = await answer.read()
            try:
                document = json.loads(body)
            except ValueError:
                document = None
            if not isinstance(document, dict):
                raise refusal_of(f"GET {answer.url}", answer.status, b"the answer is not a JSON object")
            return document

    async def delete(self, path: str) -> None:
        """Cancel what is at a path."""
        async with self._ask("DELETE", path, "application/json", self._timeout) as answer:
            await answer.read()

    async def events(self, path: str) -> AsyncGenerator[bytes, None]:
        """
        Follow a stream of events until it ends.

        :raises RequestRefusedError: There is no such stream.
        :raises NoAnswerError: The service went away, or fell silent.
        :raises NoStreamError: The answer is not a stream.
        """
        async with self._ask("GET", path, EVENT_STREAM, self._stream_timeout) as answer:
            if answer.content_type != EVENT_STREAM:
                raise NoStreamError(f"GET {answer.url} is answered with {answer.content_type}, not {EVENT_STREAM}")
            reader = EventReader()
            while chunk := await answer.content.read(_READ_AT_ONCE):
                for event in reader.feed(chunk):
                    yield event

    @asynccontextmanager
    async def _ask(self, method: str, path: str, accept: str, timeout: aiohttp.ClientTimeout) -> AsyncIterator[aiohttp.ClientResponse]:
        url = self._endpoint.url_of(path)
        try:
            async with self._session.request(
                method, url, headers={**self._headers, "Accept": accept}, timeout=timeout, ssl=self._tls, allow_redirects=False
            ) as answer:
                if not answer.ok or answer.status >= 300:
                    refusal = refusal_of(f"{method} {url}", answer.status, await answer.read())
                    retry_after = answer.headers.get("Retry-After")
                    if may_be_over_soon(answer.status, retry_after):
                        raise NoAnswerError(refusal.describe(), retry_after_of(retry_after))
                    raise refusal
                yield answer
        except (aiohttp.ClientError, OSError, TimeoutError, asyncio.TimeoutError) as error:
            raise NoAnswerError(f"{method} {url} was not answered: {error or type(error).__name__}") from error
