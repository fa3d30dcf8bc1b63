from __future__ import annotations

import asyncio
import time

import pytest
from airflow.sdk.exceptions import AirflowFailException

from lakehouse_lab_airflow.triggers.jobs import JobTrigger
from service import Answer, problem, stream

CONN = "lakehouse_lab_default"


def trigger(**arguments) -> JobTrigger:
    return JobTrigger(**({"kind": "emulation", "job_id": "e1", "conn_id": CONN} | arguments))


def run(one: JobTrigger) -> list:
    async def collect() -> list:
        return [event.payload async for event in one.run()]

    return asyncio.run(collect())


def test_serialize_gives_the_same_trigger():
    one = trigger(cancel_on_kill=False, deadline=12.5, patience=3, poll_interval=4, progress_interval=5)
    path, arguments = one.serialize()
    assert path == "lakehouse_lab_airflow.triggers.jobs.JobTrigger"
    assert JobTrigger(**arguments).serialize() == (path, arguments)
    assert arguments["deadline"] == 12.5
    assert "secret" not in str(arguments)


def test_run_fires_one_event(service):
    service.on("GET /emulator/e1/events", stream("running", "completed"))
    assert run(trigger()) == [{"job_id": "e1", "status": "completed", "reason": None, "progress": "10 rows, 2.0 MB, 5 rows/s"}]


def test_run_event_of_a_job_that_ended_at_once_waits_for_airflow(service, monkeypatch):
    pauses = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("lakehouse_lab_airflow.triggers.jobs.asyncio.sleep", sleep)
    service.on("GET /emulator/e1/events", stream("completed"))
    run(trigger(not_before=time.time() + 1000))
    assert 900 < max(pauses) <= 1000


def test_run_deadline_is_an_event(service):
    service.on("GET /emulator/e1/status", Answer(body={"status": {"global_status": "running"}}))
    assert run(trigger(deadline=1.0))[0]["status"] == "deadline"
    assert not service.asked("DELETE /emulator/e1")


def test_run_wrong_connection_is_an_event_that_says_so(monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_LAKEHOUSE_LAB_DEFAULT", '{"conn_type": "lakehouse_lab", "host": "ftp://lab"}')
    [event] = run(trigger())
    assert event["status"] == "refused"
    assert "ftp://lab" in event["reason"]


def test_on_kill_cancels(service):
    service.on("DELETE /emulator/e1", Answer(202, {}))
    asyncio.run(trigger().on_kill())
    assert len(service.asked("DELETE /emulator/e1")) == 1


def test_on_kill_busy_service_is_asked_again(service, monkeypatch):
    monkeypatch.setattr("lakehouse_lab_airflow.client.retries._FIRST_DELAY", 0.0)
    service.on("DELETE /emulator/e1", problem(503, "not now"), Answer(202, {}))
    asyncio.run(trigger().on_kill())
    assert len(service.asked("DELETE /emulator/e1")) == 2


def test_on_kill_cancelled_again_by_airflow_cancels_all_the_same(service):
    """Until a trigger has ended, Airflow cancels it anew each second."""

    async def kill() -> None:
        killing = asyncio.create_task(trigger().on_kill())
        while not killing.done():
            await asyncio.sleep(0)
            killing.cancel("user-action")
        await killing

    service.on("DELETE /emulator/e1", Answer(202, {}))
    asyncio.run(kill())
    assert len(service.asked("DELETE /emulator/e1")) == 1


@pytest.mark.parametrize("status", [404, 409])
def test_on_kill_ended_job_is_no_error(service, status):
    service.on("DELETE /emulator/e1", problem(status, "it has ended"))
    asyncio.run(trigger().on_kill())


def test_on_kill_job_of_another_task_is_left_alone(service):
    asyncio.run(trigger(cancel_on_kill=False).on_kill())
    assert not service.requests


def test_run_cancelled_as_by_a_restart_leaves_the_job(service):
    """A triggerer that stops cancels the coroutine and calls cleanup, and nothing else."""
    asked = asyncio.Event()

    async def restart() -> None:
        one = trigger()
        waiting = asyncio.ensure_future(one.run().__anext__())
        while not service.asked("GET /emulator/e1/events"):
            await asyncio.sleep(0)
        asked.set()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await one.cleanup()

    service.on("GET /emulator/e1/events", stream("running"))
    service.on("GET /emulator/e1/status", Answer(body={"status": {"global_status": "running"}}))
    asyncio.run(restart())
    assert asked.is_set()
    assert not service.asked("DELETE /emulator/e1")


def test_run_unexpected_failure_is_not_hidden(monkeypatch):
    monkeypatch.delenv("AIRFLOW_CONN_LAKEHOUSE_LAB_DEFAULT", raising=False)
    with pytest.raises(Exception, match=CONN) as failure:
        run(trigger())
    assert not isinstance(failure.value, AirflowFailException)
