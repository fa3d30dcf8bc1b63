"""Start what may be done again and again: pipeline runs and audits."""

from __future__ import annotations

import functools
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from lakehouse_lab_airflow.client.problems import RequestRefusedError
from lakehouse_lab_airflow.client.watcher import Outcome
from lakehouse_lab_airflow.jobs import COMPLETED, ENDED_STATES, JobStatus
from lakehouse_lab_airflow.operators.base import JobOperator, refused
from lakehouse_lab_airflow.tasks import attempt_key, task_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk import Context


class RepeatableJobOperator(JobOperator):
    """
    Starts a job that may be done again.

    A retry follows the job that an earlier try of the task started, as long as nobody has seen its end: a lost worker starts no second one.
    A task that is cleared after its end starts another job.
    """

    @abstractmethod
    def request_fields(self) -> dict[str, Any]:
        """Return the fields of the request that starts the job."""

    @abstractmethod
    def start_job(self, fields: Mapping[str, Any], key: str) -> dict[str, Any]:
        """
        Ask the service to start the job.

        :param fields: The fields of the request.
        :param key: Under which key the request may be repeated.
        """

    def execute(self, context: Context) -> Any:
        """Start the job, or find it, and wait for its end."""
        fields = self.request_fields()
        job_id, status = self._find_pending(context) or self._start(context, fields)
        self.announce(context, job_id)
        self.log.info("The %s %s: %s", self.kind.name, job_id, self.hook.page_of(self.kind, job_id))
        if not self.wait_for_completion:
            return job_id
        if status == COMPLETED:
            return self.resume(context, Outcome(job_id, COMPLETED))
        return self.wait_for(context, job_id)

    def resume(self, context: Context, outcome: Outcome, *, is_own: bool = True) -> Any:
        """Go on when waiting has ended; what has ended is seen, so that another try starts another job."""
        if outcome.status in ENDED_STATES and (store := context.get("task_state_store")) is not None:
            store.delete(self._pending_key)
        return super().resume(context, outcome, is_own=is_own)

    @property
    def _pending_key(self) -> str:
        return f"lakehouse_lab_{self.kind.xcom_key}"

    def _find_pending(self, context: Context) -> tuple[str, str] | None:
        store = context.get("task_state_store")
        job_id = store.get(self._pending_key) if store is not None else None
        if not isinstance(job_id, str):
            return None
        try:
            status = JobStatus.of(self.hook.get_job(self.kind, job_id))
        except RequestRefusedError as refusal:
            self.log.info("The %s of an earlier try is not followed: %s", self.kind.name, refusal.detail)
            return None
        if status.has_ended and status.state != COMPLETED:
            return None
        self.log.info("Following the %s %s, which an earlier try started", self.kind.name, job_id)
        return job_id, status.state

    def _start(self, context: Context, fields: Mapping[str, Any]) -> tuple[str, str]:
        key, attempt = task_key(context), 1
        while True:
            request_key = attempt_key(key, fields, attempt)
            job_id = str(refused(functools.partial(self.start_job, fields, request_key))["id"])
            # A repeated request is answered as the first one was: whether that job still runs is asked for.
            status = JobStatus.of(self.hook.get_job(self.kind, job_id))
            if not status.has_ended:
                break
            attempt += 1
        if (store := context.get("task_state_store")) is not None:
            store.set(self._pending_key, job_id)
        return job_id, status.state
