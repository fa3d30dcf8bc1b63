"""Follows emulations as a triggerer does, and prints which share of a core that took, in percent: follow.py URL SECONDS ID…"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time

from lakehouse_lab_airflow.client.endpoint import ServiceEndpoint
from lakehouse_lab_airflow.client.service import AsyncService
from lakehouse_lab_airflow.client.sessions import shared_session
from lakehouse_lab_airflow.client.watcher import JobWatcher, WatchSettings
from lakehouse_lab_airflow.jobs import EMULATION

WARM_UP = 5


async def follow(url: str, seconds: float, ids: list[str]) -> float:
    async with shared_session() as session:
        service = AsyncService(ServiceEndpoint(url), session)
        watching = [asyncio.create_task(JobWatcher(service, EMULATION, one, WatchSettings(), logging.getLogger()).watch()) for one in ids]
        await asyncio.sleep(WARM_UP)
        before = time.process_time()
        ended, _ = await asyncio.wait(watching, timeout=seconds)
        used = time.process_time() - before
        if ended:
            raise RuntimeError(f"{len(ended)} emulations are not followed any more: {ended.pop()}")
        for one in watching:
            one.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
        return 100 * used / seconds


logging.basicConfig(filename=os.devnull, level=logging.INFO)
print(asyncio.run(follow(sys.argv[1], float(sys.argv[2]), sys.argv[3:])))
