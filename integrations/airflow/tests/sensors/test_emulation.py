from __future__ import annotations

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSensorTimeout, AirflowSkipException, TaskDeferralTimeout, TaskDeferred

from lakehouse_lab_airflow.client.problems import LakehouseLabError, ServiceUnavailableError
from lakehouse_lab_airflow.client.watcher import Outcome
from lakehouse_lab_airflow.sensors.emulation import EmulationSensor
from service import Answer, problem, recorded
from tasks import TaskInstance, context_of


def sensor(**arguments) -> EmulationSensor:
    return EmulationSensor(task_id="task", emulation_id="e1", **({"deferrable": False, "poke_interval": 0} | arguments))


def emulation(status: str, **more) -> Answer:
    return Answer(body=recorded("emulation_completed", id="e1", status=status, **more))


def test_execute_pokes_until_the_end(service):
    service.on("GET /emulator/e1", emulation("running"), emulation("completed"))
    ti = TaskInstance()
    assert sensor().execute(context_of(ti)) == "e1"
    assert ti.xcoms["lakehouse_lab_page"] == f"{service.url}/emulator/e1"


def test_execute_failed_emulation_may_be_looked_at_again(service):
    service.on("GET /emulator/e1", emulation("failed", error="the bucket is gone"))
    with pytest.raises(LakehouseLabError, match="the emulation e1 is failed: the bucket is gone"):
        sensor().execute(context_of())


def test_execute_cancelled_emulation_fails_for_good(service):
    service.on("GET /emulator/e1", emulation("cancelled"))
    with pytest.raises(AirflowFailException, match="the emulation e1 is cancelled"):
        sensor().execute(context_of())


def test_execute_unknown_emulation_fails_for_good(service):
    service.on("GET /emulator/e1", problem(404, "there is no emulation 'e1'"))
    with pytest.raises(AirflowFailException, match="there is no emulation 'e1'"):
        sensor().execute(context_of())


def test_execute_deferrable_defers_and_never_cancels(service):
    service.on("GET /emulator/e1", emulation("running"))
    with pytest.raises(TaskDeferred) as deferred:
        sensor(deferrable=True, timeout=60).execute(context_of())
    assert not deferred.value.trigger.cancel_on_kill
    assert deferred.value.timeout is not None
    assert deferred.value.timeout.total_seconds() == 120


def test_execute_deferrable_emulation_that_is_complete_needs_no_trigger(service):
    service.on("GET /emulator/e1", emulation("completed"))
    assert sensor(deferrable=True).execute(context_of()) == "e1"


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        ("deadline", AirflowSensorTimeout),
        ("unreachable", ServiceUnavailableError),
        ("refused", AirflowFailException),
        ("failed", LakehouseLabError),
    ],
)
def test_execute_complete_tells_why_waiting_ended(status, failure):
    with pytest.raises(failure):
        sensor().execute_complete(context_of(), Outcome("e1", status, "why").to_payload())


def test_resume_execution_soft_fail_skips():
    with pytest.raises(AirflowSkipException):
        sensor(soft_fail=True).resume_execution("execute_complete", {"event": Outcome("e1", "cancelled").to_payload()}, context_of())


def test_resume_execution_after_airflows_timeout_is_a_sensors_timeout():
    with pytest.raises(AirflowSensorTimeout) as failure:
        sensor().resume_execution("__fail__", {"error": "Trigger timeout"}, context_of())
    assert isinstance(failure.value.__cause__, TaskDeferralTimeout)
