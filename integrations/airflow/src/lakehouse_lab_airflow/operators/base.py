"""What the operators have in common: they ask the service, and wait for what runs there."""

from __future__ import annotations

import asyncio
import functools
import time
from abc import abstractmethod
from dataclasses import asdict, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from airflow.sdk import BaseOperator, conf
from airflow.sdk.exceptions import AirflowFailException, AirflowTaskTimeout, TaskDeferralError, TaskDeferralTimeout

from lakehouse_lab_airflow.client.problems import LakehouseLabError, RequestRefusedError, ServiceUnavailableError
from lakehouse_lab_airflow.client.service import AsyncService
from lakehouse_lab_airflow.client.sessions import shared_session
from lakehouse_lab_airflow.client.watcher import DEADLINE, REFUSED, UNREACHABLE, JobWatcher, Log, Outcome, WatchSettings
from lakehouse_lab_airflow.hooks.lakehouse_lab import LakehouseLabHook
from lakehouse_lab_airflow.jobs import CANCELLED, COMPLETED, FAILED, JobKind
from lakehouse_lab_airflow.links import push_job
from lakehouse_lab_airflow.tasks import task_instance
from lakehouse_lab_airflow.triggers.jobs import JobTrigger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from airflow.sdk import Context

    from lakehouse_lab_airflow.client.endpoint import ServiceEndpoint

# By when Airflow itself ends a deferral whose trigger did not: when no triggerer was there at the deadline.
_GRACE = timedelta(seconds=60)

# A task that is being killed has some seconds left.
_PATIENCE_OF_KILLED = 10.0


class LakehouseLabOperator(BaseOperator):
    """
    Asks the service of Lakehouse Lab.

    :param conn_id: The Airflow connection of type ``lakehouse_lab``.
    """

    ui_color = "#d8ecf3"
    ui_fgcolor = "#10394a"

    def __init__(self, *, conn_id: str = LakehouseLabHook.default_conn_name, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.conn_id = conn_id

    @functools.cached_property
    def hook(self) -> LakehouseLabHook:
        """The hook that asks the service."""
        return LakehouseLabHook(self.conn_id)


class JobOperator(LakehouseLabOperator):
    """
    Starts something in the service and waits for its end.

    :param wait_for_completion: Whether the task waits; otherwise it succeeds as soon as the service has taken the order.
    :param deferrable: Whether the task waits in the triggerer, without a worker's slot; Airflow's ``operators.default_deferrable`` unless
        stated.
    :param wait_timeout: How long the task waits at most, before it cancels what it started and fails; ``execution_timeout`` unless stated.
    :param patience: For how long the service may be away in one go while the task waits.
    :param poll_interval: Seconds between two looks where server-sent events do not get through.
    """

    kind: ClassVar[JobKind]
    settle_seconds: ClassVar[float] = 2.0

    def __init__(
        self,
        *,
        wait_for_completion: bool = True,
        deferrable: bool | None = None,
        wait_timeout: timedelta | float | None = None,
        patience: timedelta | float = WatchSettings.patience,
        poll_interval: float = WatchSettings.poll_interval,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.wait_for_completion = wait_for_completion
        self.deferrable = conf.getboolean("operators", "default_deferrable", fallback=False) if deferrable is None else deferrable
        self.wait_timeout = wait_timeout
        self.patience = patience
        self.poll_interval = poll_interval
        self._own_job: str | None = None
        self._is_killed = False

    # --- what an operator adds ---

    @abstractmethod
    def finish(self, context: Context, outcome: Outcome) -> Any:
        """
        Tell what a completed job did.

        :param context: The task's context.
        :param outcome: The job, which is completed.
        :return: What the task returns.
        """

    # --- waiting ---

    def wait_for(self, context: Context, job_id: str, *, is_own: bool = True, **kwargs: Any) -> Any:
        """
        Wait for a job's end, here or in the triggerer.

        :param context: The task's context.
        :param job_id: The job.
        :param is_own: Whether the task's end is the job's end too; not for a job that another task started.
        :param kwargs: What :meth:`resume` is told.
        :return: What the task returns.
        """
        settings = self._watch_settings()
        outcome = self._settle(job_id, settings) if self.deferrable else self._watch(job_id, settings)
        if outcome is None:
            self._defer(job_id, settings, is_own=is_own, **kwargs)
        self._own_job = None
        if self._is_killed:
            raise LakehouseLabError(f"this task was ended while the {self.kind.name} {job_id} was {outcome.progress or outcome.status}")
        return self.resume(context, outcome, is_own=is_own, **kwargs)

    def _watch(self, job_id: str, settings: WatchSettings) -> Outcome:
        return run_watcher(self.hook.endpoint, self.kind, job_id, settings, self.log)

    def _settle(self, job_id: str, settings: WatchSettings) -> Outcome | None:
        """
        Wait a moment before the task is deferred.

        A deferral takes longer than a short job. And Airflow fails a task that is due again before its scheduler has seen that the process
        ended which deferred it (https://airflow.apache.org/docs/apache-airflow/stable/troubleshooting.html).
        """
        settled_at = time.time() + self.settle_seconds
        if not self.settle_seconds or (settings.deadline is not None and settings.deadline <= settled_at):
            return None
        outcome = self._watch(job_id, replace(settings, deadline=settled_at))
        return outcome if outcome.status != DEADLINE else None

    def _defer(self, job_id: str, settings: WatchSettings, **kwargs: Any) -> NoReturn:
        timeout = None
        if settings.deadline is not None:
            timeout = datetime.fromtimestamp(settings.deadline, timezone.utc) - datetime.now(timezone.utc) + _GRACE
        self.defer(
            trigger=JobTrigger(
                kind=self.kind.name,
                job_id=job_id,
                conn_id=self.conn_id,
                cancel_on_kill=kwargs["is_own"],
                not_before=time.time() + self.settle_seconds,
                **asdict(settings),
            ),
            method_name="execute_complete",
            kwargs=kwargs,
            timeout=timeout,
        )

    def execute_complete(self, context: Context, event: dict[str, Any], **kwargs: Any) -> Any:
        """Go on after the trigger's event; called by Airflow."""
        return self.resume(context, Outcome.of_payload(event), **kwargs)

    def resume(self, context: Context, outcome: Outcome, *, is_own: bool = True) -> Any:
        """
        Go on when waiting has ended.

        :param context: The task's context.
        :param outcome: How it ended.
        :param is_own: Whether the task started the job.
        """
        name = f"{self.kind.name} {outcome.job_id}"
        came = f" after {outcome.progress}" if outcome.progress else ""
        if outcome.status == COMPLETED:
            return self.finish(context, outcome)
        if outcome.status == FAILED:
            return self.fail(context, outcome)
        if outcome.status == CANCELLED:
            raise AirflowFailException(f"the {name} was cancelled{came} while this task waited for it: {self.how_to_go_on}")
        if outcome.status == DEADLINE:
            if is_own:
                self.hook.cancel_job(self.kind, outcome.job_id)
            raise AirflowTaskTimeout(f"the {name} had not ended in time{came}{', and is cancelled' if is_own else ''}")
        if outcome.status == REFUSED:
            raise AirflowFailException(outcome.reason)
        if outcome.status == UNREACHABLE:
            raise ServiceUnavailableError(outcome.reason)
        raise LakehouseLabError(f"the {name} is '{outcome.status}', which this version of the provider does not know")

    def fail(self, context: Context, outcome: Outcome) -> Any:  # noqa: ARG002
        """
        Say why a job failed; the task's next try goes on.

        :param context: The task's context.
        :param outcome: The job, which failed.
        """
        raise LakehouseLabError(f"the {self.kind.name} {outcome.job_id} failed: {outcome.reason or 'no reason is given'}")

    how_to_go_on: ClassVar[str] = "clear the task to start another one"

    # --- what happens from outside ---

    def on_kill(self) -> None:
        """Cancel what the task waits for: it is killed, or ran out of time."""
        self._is_killed = True
        job_id, self._own_job = self._own_job, None
        if job_id is not None and LakehouseLabHook(self.conn_id, patience=_PATIENCE_OF_KILLED).cancel_job(self.kind, job_id):
            self.log.info("Cancelled the %s %s, since its task was ended", self.kind.name, job_id)

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Context) -> Any:
        """Go on after a deferral; where Airflow ended it because of its time, what the task waited for is cancelled."""
        try:
            return super().resume_execution(next_method, next_kwargs, context)
        except (TaskDeferralTimeout, TaskDeferralError) as failure:
            # A trigger that failed leaves its job to the task's next try, if there is one.
            ti = task_instance(context)
            if isinstance(failure, TaskDeferralTimeout) or ti.try_number > ti.max_tries:
                self._cancel_pushed(context)
            raise

    def _cancel_pushed(self, context: Context) -> None:
        ti = task_instance(context)
        job_id = ti.xcom_pull(task_ids=ti.task_id, key=self.kind.xcom_key, map_indexes=ti.map_index)
        if job_id and self.hook.cancel_job(self.kind, job_id):
            self.log.info("Cancelled the %s %s", self.kind.name, job_id)

    def announce(self, context: Context, job_id: str, *, is_own: bool = True) -> None:
        """
        Leave a job's id and page in XCom, for later tasks, the link, and the task's next steps.

        :param context: The task's context.
        :param job_id: The job.
        :param is_own: Whether the job is cancelled when the task is killed from now on.
        """
        self._own_job = job_id if is_own and self.wait_for_completion else None
        push_job(context, self.kind, job_id, self.hook.page_of(self.kind, job_id))

    def _watch_settings(self) -> WatchSettings:
        limit = self.wait_timeout if self.wait_timeout is not None else self.execution_timeout
        return WatchSettings(
            deadline=None if limit is None else time.time() + _seconds(limit),
            patience=_seconds(self.patience),
            poll_interval=self.poll_interval,
        )


def run_watcher(endpoint: ServiceEndpoint, kind: JobKind, job_id: str, settings: WatchSettings, log: Log) -> Outcome:
    """Wait for a job's end in this process."""

    async def watch() -> Outcome:
        async with shared_session() as session:
            return await JobWatcher(AsyncService(endpoint, session), kind, job_id, settings, log).watch()

    return asyncio.run(watch())


def refused(action: Callable[[], Any]) -> Any:
    """
    Do what asks the service, and let the task fail for good where it refuses: another try would be refused too.

    :raises AirflowFailException: The service refuses; the message has all that it says.
    """
    try:
        return action()
    except RequestRefusedError as refusal:
        raise AirflowFailException(str(refusal)) from refusal


def check_rendered(operator: BaseOperator, names: Sequence[str]) -> None:
    """
    Look whether templates rendered to something.

    :param operator: The operator, whose fields are rendered.
    :param names: The fields that its author stated.
    :raises AirflowFailException: One of them is empty now.
    """
    empty = [name for name in names if getattr(operator, name) in (None, "", "None")]
    if empty:
        raise AirflowFailException(
            f"{', '.join(empty)} of task '{operator.task_id}' rendered to nothing: look at what the template gives, and the task that it "
            "reads from, or leave the field out"
        )


def _seconds(duration: timedelta | float) -> float:
    return duration.total_seconds() if isinstance(duration, timedelta) else float(duration)
