"""Wait for emulations, pipeline runs and audits in the triggerer."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowFailException
from airflow.triggers.base import BaseTrigger, TriggerEvent

from lakehouse_lab_airflow.client.endpoint import ServiceEndpoint
from lakehouse_lab_airflow.client.problems import RequestRefusedError
from lakehouse_lab_airflow.client.retries import Patience
from lakehouse_lab_airflow.client.service import AsyncService, NoAnswerError
from lakehouse_lab_airflow.client.sessions import shared_session
from lakehouse_lab_airflow.client.watcher import REFUSED, JobWatcher, Outcome, WatchSettings
from lakehouse_lab_airflow.jobs import KINDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

# Airflow gives a trigger 30 s for this (triggerer.on_kill_timeout).
_PATIENCE_OF_KILLED = 20.0


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Do something whole: until a trigger has ended, Airflow cancels it anew each second, and what it does when it is killed too."""
    task = asyncio.create_task(work)
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait({task})
    task.result()


async def resolve_endpoint(conn_id: str) -> ServiceEndpoint:
    """Read a connection without blocking the triggerer."""
    connection = await BaseHook.aget_connection(conn_id)
    return ServiceEndpoint.of(connection, await connection.aextra_dejson())


class JobTrigger(BaseTrigger):
    """
    Waits until an emulation, pipeline run or audit has ended, and fires one event that says how.

    A task that is cleared, or marked as failed or successful, while it is deferred cancels what it waits for; a triggerer that restarts, or
    hands its triggers on, does not. At the deadline the trigger fires by itself, so that the task resumes and cancels.

    :param kind: The kind of job, by its name: ``emulation``, ``pipeline run`` or ``audit``.
    :param job_id: The job.
    :param conn_id: The Airflow connection of the service.
    :param cancel_on_kill: Whether the job is cancelled with the task; not for a job that another task started.
    :param not_before: When the event is fired at the earliest, in seconds since 1970: Airflow fails a task that is due again before its
        scheduler has seen that it was deferred.
    :param deadline: When to stop waiting, in seconds since 1970; none for never.
    :param patience: Seconds for which the service may be away in one go.
    :param poll_interval: Seconds between two looks where server-sent events do not get through.
    :param progress_interval: Seconds between two lines of progress in the log.
    """

    def __init__(
        self,
        kind: str,
        job_id: str,
        conn_id: str,
        cancel_on_kill: bool = True,
        not_before: float = 0.0,
        deadline: float | None = None,
        patience: float = WatchSettings.patience,
        poll_interval: float = WatchSettings.poll_interval,
        progress_interval: float = WatchSettings.progress_interval,
    ) -> None:
        super().__init__()
        self.kind = kind
        self.job_id = job_id
        self.conn_id = conn_id
        self.cancel_on_kill = cancel_on_kill
        self.not_before = not_before
        self.settings = WatchSettings(deadline, patience, poll_interval, progress_interval)

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what another triggerer makes the trigger from."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "kind": self.kind,
                "job_id": self.job_id,
                "conn_id": self.conn_id,
                "cancel_on_kill": self.cancel_on_kill,
                "not_before": self.not_before,
                **asdict(self.settings),
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, and fire the one event."""
        try:
            outcome = await self._watch()
        except AirflowFailException as failure:
            outcome = Outcome(self.job_id, REFUSED, str(failure))
        await asyncio.sleep(max(0.0, self.not_before - time.time()))
        yield TriggerEvent(outcome.to_payload())

    async def _watch(self) -> Outcome:
        endpoint = await resolve_endpoint(self.conn_id)
        async with shared_session() as session:
            return await JobWatcher(AsyncService(endpoint, session), KINDS[self.kind], self.job_id, self.settings, self.log).watch()

    async def on_kill(self) -> None:
        """Cancel the job: a person ended the task that waits for it."""
        if self.cancel_on_kill:
            await _to_its_end(self._cancel())

    async def _cancel(self) -> None:
        endpoint = await resolve_endpoint(self.conn_id)
        patience = Patience(_PATIENCE_OF_KILLED, time.monotonic)
        async with shared_session() as session:
            while not await self._try_to_cancel(AsyncService(endpoint, session), patience):
                pass

    async def _try_to_cancel(self, service: AsyncService, patience: Patience) -> bool:
        try:
            await service.delete(KINDS[self.kind].path_of(self.job_id))
        except RequestRefusedError as refusal:
            self.log.info("The %s %s is not cancelled: %s", self.kind, self.job_id, refusal.detail)
        except NoAnswerError as failure:
            pause = patience.next_pause(failure.retry_after)
            if pause is not None:
                await asyncio.sleep(pause)
                return False
            self.log.error("The %s %s could not be cancelled, and may go on: %s", self.kind, self.job_id, failure)
        else:
            self.log.info("Cancelled the %s %s, since its task was ended", self.kind, self.job_id)
        return True
