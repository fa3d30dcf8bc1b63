"""Waits for the end of an emulation, pipeline run or audit."""

from __future__ import annotations

import asyncio
import json
import re
import time
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from lakehouse_lab_airflow.client.problems import RequestRefusedError
from lakehouse_lab_airflow.client.retries import Patience
from lakehouse_lab_airflow.client.service import AsyncService, NoAnswerError, NoStreamError
from lakehouse_lab_airflow.jobs import WAITING, JobKind, JobStatus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

DEADLINE = "deadline"
UNREACHABLE = "unreachable"
REFUSED = "refused"

# What has no stream is asked for by "not found", "method not allowed", "not acceptable".
_NO_STREAM = (404, 405, 406)
_SILENT_STREAMS = 2
_LAST_LOOK = 10.0

# What stands still is told of less often: every minute, by default.
_UNCHANGED = 12
_STATE = re.compile(rb'"(?:global_)?status":"([a-z]+)"')


class Log(Protocol):
    """Where lines of progress go: the log of a task, in a worker or a triggerer."""

    def info(self, msg: str, /, *args: Any) -> Any:
        """Write what is as it should be."""

    def warning(self, msg: str, /, *args: Any) -> Any:
        """Write what a person may want to look at."""


@dataclass(frozen=True)
class Outcome:
    """
    How waiting ended.

    :param job_id: What was waited for.
    :param status: Its final state, or ``deadline``, ``unreachable`` or ``refused``, when waiting ended before it.
    :param reason: Why, in a sentence.
    :param progress: How far it came, in a few words.
    """

    job_id: str
    status: str
    reason: str | None = None
    progress: str = ""

    def to_payload(self) -> dict[str, Any]:
        """Return it as a trigger's event carries it."""
        return asdict(self)

    @classmethod
    def of_payload(cls, payload: dict[str, Any]) -> Outcome:
        """Read what a trigger's event carries."""
        return cls(**payload)


@dataclass(frozen=True)
class WatchSettings:
    """
    How to wait.

    :param deadline: When to stop waiting, in seconds since 1970; none for never.
    :param patience: Seconds for which the service may be away in one go.
    :param poll_interval: Seconds between two looks where events do not get through.
    :param progress_interval: Seconds between two lines of progress in the log.
    """

    deadline: float | None = None
    patience: float = 900.0
    poll_interval: float = 2.0
    progress_interval: float = 5.0


class JobWatcher:
    """
    Waits for a job's end: by its server-sent events, and by asking again and again where those do not get through.

    :param service: The service.
    :param kind: What the job is.
    :param job_id: The job.
    :param settings: How to wait.
    :param log: Where progress goes.
    :param clock: Tells the time in seconds since 1970.
    :param sleep: Waits for some seconds.
    """

    def __init__(
        self,
        service: AsyncService,
        kind: JobKind,
        job_id: str,
        settings: WatchSettings,
        log: Log,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._service = service
        self._kind = kind
        self._job_id = job_id
        self._settings = settings
        self._log = log
        self._clock = clock
        self._sleep = sleep
        self._patience = Patience(settings.patience, clock)
        self._streams = True
        self._silent_streams = 0
        self._told_at = float("-inf")
        self._told = JobStatus("")
        self._told_state = b""

    async def watch(self) -> Outcome:
        """Wait until the job has ended, the deadline is there, or waiting makes no sense."""
        if self._settings.deadline is None:
            return await self._watch()
        remaining = self._settings.deadline - self._clock()
        try:
            return await asyncio.wait_for(self._watch(), max(remaining, 0))
        except (TimeoutError, asyncio.TimeoutError):
            return await self._look_once_more()

    async def _look_once_more(self) -> Outcome:
        """Look at the deadline, which may have passed while no triggerer was there: what has ended has ended."""
        try:
            status = await asyncio.wait_for(self._look(), _LAST_LOOK)
        except (TimeoutError, asyncio.TimeoutError, NoAnswerError, RequestRefusedError):
            status = self._told
        if status.has_ended:
            return Outcome(self._job_id, status.state, status.reason, status.progress)
        return Outcome(self._job_id, DEADLINE, progress=status.progress)

    async def _watch(self) -> Outcome:
        while True:
            try:
                status = await (self._follow() if self._streams else self._look())
            except NoAnswerError as failure:
                pause = self._patience.next_pause(failure.retry_after)
                if pause is None:
                    return Outcome(self._job_id, UNREACHABLE, f"{failure}; it was tried for {self._patience.failed_for:.0f} s")
                self._log.warning("%s; trying again in %.1f s", failure, pause)
                await self._sleep(pause)
            except RequestRefusedError as refusal:
                return Outcome(self._job_id, REFUSED, str(refusal))
            else:
                if status.has_ended:
                    return Outcome(self._job_id, status.state, status.reason, status.progress)
                await self._sleep(self._settings.poll_interval)

    async def _look(self) -> JobStatus:
        status = JobStatus.of(await self._service.get(self._kind.status_path_of(self._job_id)))
        self._answered()
        self._tell(status)
        return status

    async def _follow(self) -> JobStatus:
        """Follow the events until the last one; where they break off, look once."""
        came = False
        try:
            async with aclosing(self._service.events(self._kind.events_path_of(self._job_id))) as events:
                async for event in events:
                    came = True
                    self._answered()
                    status = self._read(event)
                    if status is not None and status.has_ended:
                        return status
        except NoStreamError as failure:
            self._poll_from_now_on(str(failure))
        except RequestRefusedError as refusal:
            if refusal.status not in _NO_STREAM:
                raise
            self._poll_from_now_on(str(refusal))
        except ValueError as error:
            self._poll_from_now_on(f"its events cannot be read: {error}")
        except NoAnswerError as failure:
            if came:
                self._log.info("The events of the %s broke off (%s)", self._kind.name, failure)
        status = await self._look()
        self._silent_streams = 0 if came else self._silent_streams + 1
        if self._streams and self._silent_streams == _SILENT_STREAMS:
            self._poll_from_now_on("its events do not come through")
        return status

    def _read(self, event: bytes) -> JobStatus | None:
        """Read an event as far as somebody wants to know it."""
        state = _STATE.search(event)
        if state is not None and state.group(1) == self._told_state and not self._is_time_to_tell():
            return None
        status = JobStatus.of(json.loads(event))
        self._tell(status)
        return status

    def _poll_from_now_on(self, why: str) -> None:
        self._streams = False
        self._log.info("Asking every %g s how far the %s is: %s", self._settings.poll_interval, self._kind.name, why)

    def _answered(self) -> None:
        if self._patience.renew():
            self._log.info("The service answers again")

    def _is_time_to_tell(self) -> bool:
        return self._clock() - self._told_at >= self._settings.progress_interval

    def _tell(self, status: JobStatus) -> None:
        silence = self._clock() - self._told_at
        interval = self._settings.progress_interval * (_UNCHANGED if status == self._told else 1)
        if status.state == self._told.state and silence < interval:
            return
        self._told, self._told_state, self._told_at = status, status.state.encode(), self._clock()
        words = ": ".join(word for word in (status.state, status.progress) if word)
        if status.state == WAITING:
            self._log.warning("The %s is %s (%s)", self._kind.name, words, status.reason)
        else:
            self._log.info("The %s is %s", self._kind.name, words)
