from __future__ import annotations

import time

import pytest
from airflow.sdk.exceptions import AirflowFailException, TaskDeferralError, TaskDeferralTimeout, TaskDeferred

from lakehouse_lab_airflow.client.problems import LakehouseLabError
from lakehouse_lab_airflow.operators.emulation import StartEmulationOperator
from service import Answer, recorded, stream
from tasks import TaskInstance, context_of

FAIL = "__fail__"
TIMEOUT = {"error": "Trigger timeout"}
FAILURE = {"error": "Trigger failure", "traceback": ["…"]}


def operator(**arguments) -> StartEmulationOperator:
    return StartEmulationOperator(task_id="task", emulator_sync="local", emulation_domain="transaction", **arguments)


def resume(kwargs, try_number: int = 1) -> None:
    ti = TaskInstance(try_number=try_number)
    ti.xcom_push("emulation_id", "e1")
    operator().resume_execution(FAIL, kwargs, context_of(ti))


def test_resume_execution_after_airflows_timeout_cancels(service):
    service.on("DELETE /emulator/e1", Answer(202, {}))
    with pytest.raises(TaskDeferralTimeout):
        resume(TIMEOUT)
    assert service.asked("DELETE /emulator/e1")


def test_resume_execution_after_a_failed_trigger_leaves_the_emulation_to_the_next_try(service):
    with pytest.raises(TaskDeferralError):
        resume(FAILURE)
    assert not service.requests


def test_resume_execution_after_a_failed_trigger_in_the_last_try_cancels(service):
    service.on("DELETE /emulator/e1", Answer(202, {}))
    with pytest.raises(TaskDeferralError):
        resume(FAILURE, try_number=2)
    assert service.asked("DELETE /emulator/e1")


def settle(service, monkeypatch, events: Answer, **arguments) -> StartEmulationOperator:
    monkeypatch.setattr(StartEmulationOperator, "settle_seconds", 0.01)
    service.on("POST /emulator/", Answer(201, {"id": "e1"}))
    service.on("GET /emulator/e1", Answer(body=recorded("emulation_completed", id="e1", status="running")))
    service.on("GET /emulator/e1/status", Answer(body={"status": {"global_status": "running"}}))
    service.on("GET /emulator/e1/events", events)
    return operator(deferrable=True, **arguments)


def test_wait_for_short_job_needs_no_deferral(service, monkeypatch):
    task = settle(service, monkeypatch, stream("completed"))
    monkeypatch.setattr(StartEmulationOperator, "settle_seconds", 60.0)
    assert task.execute(context_of()) == "e1"


def test_wait_for_long_job_is_deferred_after_a_moment(service, monkeypatch):
    task = settle(service, monkeypatch, stream("running"))
    before = time.time()
    with pytest.raises(TaskDeferred) as deferred:
        task.execute(context_of())
    assert deferred.value.trigger.not_before >= before
    assert deferred.value.trigger.settings.deadline is None
    assert service.asked("GET /emulator/e1/status")


def test_wait_for_deadline_before_the_moment_is_over_is_the_triggers(service, monkeypatch):
    task = settle(service, monkeypatch, stream("running"), wait_timeout=0)
    with pytest.raises(TaskDeferred) as deferred:
        task.execute(context_of())
    assert deferred.value.trigger.settings.deadline is not None
    assert not service.asked("GET /emulator/e1/status")


def test_on_kill_while_waiting_cancels_and_the_next_try_goes_on(service, monkeypatch):
    service.on("POST /emulator/", Answer(201, {"id": "e1"}))
    service.on("GET /emulator/e1", Answer(body=recorded("emulation_completed", id="e1", status="running")))
    service.on("DELETE /emulator/e1", Answer(202, {}))
    service.on("GET /emulator/e1/events", stream("cancelled"))
    task = operator(deferrable=False)
    answer = service.answer

    def kill_meanwhile(handler):
        if handler.path.endswith("/events"):
            task.on_kill()
        answer(handler)

    monkeypatch.setattr(service, "answer", kill_meanwhile)
    with pytest.raises(LakehouseLabError, match="this task was ended while") as failure:
        # A later try would let an emulation go on that was cancelled by an earlier one, but not by itself.
        task.execute(context_of(TaskInstance(try_number=2)))
    assert not isinstance(failure.value, AirflowFailException)
    assert len(service.asked("DELETE /emulator/e1")) == 1
    assert not service.asked("POST /emulator/e1/resume")


def test_on_kill_before_anything_was_started_asks_nothing(service):
    operator().on_kill()
    assert not service.requests


def test_on_kill_after_the_emulation_ended_asks_nothing(service):
    service.on("POST /emulator/", Answer(201, {"id": "e1"}))
    service.on("GET /emulator/e1", Answer(body=recorded("emulation_completed", id="e1", status="running")))
    service.on("GET /emulator/e1/events", stream("completed"))
    task = operator(deferrable=False)
    task.execute(context_of())
    task.on_kill()
    assert not service.asked("DELETE /emulator/e1")


def test_on_kill_of_a_task_that_does_not_wait_leaves_the_emulation(service):
    service.on("POST /emulator/", Answer(201, {"id": "e1"}))
    service.on("GET /emulator/e1", Answer(body=recorded("emulation_completed", id="e1", status="running")))
    task = operator(wait_for_completion=False)
    task.execute(context_of())
    task.on_kill()
    assert not service.asked("DELETE /emulator/e1")
