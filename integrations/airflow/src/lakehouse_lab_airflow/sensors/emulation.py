"""Wait for an emulation that something else started."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.sdk import BaseSensorOperator, conf
from airflow.sdk.bases.sensor import PokeReturnValue
from airflow.sdk.exceptions import AirflowFailException, AirflowSensorTimeout

from lakehouse_lab_airflow.client.problems import LakehouseLabError, ServiceUnavailableError
from lakehouse_lab_airflow.client.watcher import DEADLINE, UNREACHABLE, Outcome, WatchSettings
from lakehouse_lab_airflow.hooks.lakehouse_lab import LakehouseLabHook
from lakehouse_lab_airflow.jobs import COMPLETED, EMULATION, WAITING, JobStatus
from lakehouse_lab_airflow.links import LakehouseLabLink, push_job
from lakehouse_lab_airflow.operators.base import JobOperator, check_rendered, refused
from lakehouse_lab_airflow.triggers.jobs import JobTrigger

if TYPE_CHECKING:
    from airflow.sdk import Context

_GRACE = timedelta(seconds=60)


class EmulationSensor(BaseSensorOperator):
    """
    Waits until an emulation is complete, and fails when it failed or was cancelled. The end of the task leaves the emulation alone.

    :param emulation_id: The emulation.
    :param conn_id: The Airflow connection of type ``lakehouse_lab``.
    :param deferrable: Whether the task waits in the triggerer; Airflow's ``operators.default_deferrable`` unless stated.
    :param patience: For how long the service may be away in one go while the task waits in the triggerer.

    Returns the emulation's id.
    """

    template_fields = ("emulation_id",)
    operator_extra_links = (LakehouseLabLink(),)

    def __init__(
        self,
        *,
        emulation_id: str,
        conn_id: str = LakehouseLabHook.default_conn_name,
        deferrable: bool | None = None,
        patience: timedelta | float = WatchSettings.patience,
        poke_interval: timedelta | float = 5,
        **kwargs: Any,
    ) -> None:
        super().__init__(poke_interval=poke_interval, **kwargs)
        self.emulation_id = emulation_id
        self.conn_id = conn_id
        self.deferrable = conf.getboolean("operators", "default_deferrable", fallback=False) if deferrable is None else deferrable
        self.patience = patience

    def execute(self, context: Context) -> Any:
        """Wait, in the triggerer or here."""
        check_rendered(self, ["emulation_id"])
        if not self.deferrable:
            return super().execute(context)
        if not self.poke(context):
            self._defer()
        return self.emulation_id

    def _defer(self) -> NoReturn:
        self.defer(
            trigger=JobTrigger(
                kind=EMULATION.name,
                job_id=self.emulation_id,
                conn_id=self.conn_id,
                cancel_on_kill=False,
                not_before=time.time() + JobOperator.settle_seconds,
                deadline=time.time() + self.timeout,
                patience=self.patience.total_seconds() if isinstance(self.patience, timedelta) else self.patience,
                poll_interval=min(self.poke_interval, WatchSettings.poll_interval),
            ),
            method_name="execute_complete",
            timeout=timedelta(seconds=self.timeout) + _GRACE,
        )

    def poke(self, context: Context) -> PokeReturnValue | bool:
        """Look once."""
        hook = LakehouseLabHook(self.conn_id)
        status = JobStatus.of(refused(lambda: hook.get_emulation(self.emulation_id)))
        push_job(context, EMULATION, self.emulation_id, hook.page_of(EMULATION, self.emulation_id))
        words = f" ({status.reason})" if status.state == WAITING else ""
        self.log.info("The emulation %s is %s: %s%s", self.emulation_id, status.state, status.progress, words)
        if status.has_ended:
            self._check(Outcome(self.emulation_id, status.state, status.reason, status.progress))
            return PokeReturnValue(True, self.emulation_id)
        return False

    def execute_complete(self, context: Context, event: dict[str, Any]) -> str:  # noqa: ARG002
        """Go on after the trigger's event; called by Airflow."""
        outcome = Outcome.of_payload(event)
        if outcome.status == DEADLINE:
            raise AirflowSensorTimeout(f"the emulation {outcome.job_id} had not ended after {self.timeout:.0f} s: {outcome.progress}")
        if outcome.status == UNREACHABLE:
            raise ServiceUnavailableError(outcome.reason)
        self._check(outcome)
        self.log.info("The emulation %s is complete: %s", outcome.job_id, outcome.progress)
        return outcome.job_id

    @staticmethod
    def _check(outcome: Outcome) -> None:
        if outcome.status == COMPLETED:
            return
        reason = f": {outcome.reason}" if outcome.reason else ""
        message = f"the emulation {outcome.job_id} is {outcome.status}{reason}"
        # A failed emulation may be resumed by the task that started it: looking again may help. Nothing else changes by itself.
        raise LakehouseLabError(message) if outcome.status == "failed" else AirflowFailException(message)
