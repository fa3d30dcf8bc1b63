"""One HTTP session an event loop, shared by all triggers of a triggerer."""

from __future__ import annotations

import asyncio
import weakref
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class _Shared:
    def __init__(self) -> None:
        # Every deferred task holds a connection open for its events: their number is the triggerer's capacity, not ours to limit.
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=60), cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        )
        self.users = 0


_sessions: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Shared] = weakref.WeakKeyDictionary()


@asynccontextmanager
async def shared_session() -> AsyncIterator[aiohttp.ClientSession]:
    """Lend the running loop's session; it is closed when nobody has it any more."""
    loop = asyncio.get_running_loop()
    shared = _sessions.get(loop)
    if shared is None:
        shared = _sessions[loop] = _Shared()
    shared.users += 1
    try:
        yield shared.session
    finally:
        shared.users -= 1
        if shared.users == 0 and _sessions.get(loop) is shared:
            del _sessions[loop]
            await shared.session.close()
