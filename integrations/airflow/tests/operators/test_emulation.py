from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowTaskTimeout, TaskDeferred

from lakehouse_lab_airflow.assets import lake_table
from lakehouse_lab_airflow.client.problems import LakehouseLabError, ServiceUnavailableError
from lakehouse_lab_airflow.client.watcher import Outcome
from lakehouse_lab_airflow.operators.emulation import StartEmulationOperator, to_json
from lakehouse_lab_airflow.triggers.jobs import JobTrigger
from service import Answer, problem, recorded, stream
from tasks import TaskInstance, context_of

SCHEDULED = Answer(201, {"id": "e1", "status": "scheduled"})


def emulation(status: str, **more) -> Answer:
    return Answer(body=recorded("emulation_completed", id="e1", status=status, **more))


def operator(**arguments) -> StartEmulationOperator:
    arguments = {"emulator_sync": "local", "emulation_domain": "transaction", "rows": 3000, "deferrable": False} | arguments
    return StartEmulationOperator(task_id="task", **arguments)


def test_execute_waits_and_returns_the_id(service):
    service.on("POST /emulator/", SCHEDULED)
    service.on("GET /emulator/e1", emulation("running"), emulation("completed"))
    service.on("GET /emulator/e1/events", stream("running", "completed"))
    ti = TaskInstance()
    raw = lake_table("raw.transaction")
    task = operator(outlets=[raw])
    context = context_of(ti)
    assert task.execute(context) == "e1"
    assert ti.xcoms == {"emulation_id": "e1", "lakehouse_lab_page": f"{service.url}/emulator/e1"}
    assert service.asked("POST /emulator/")[0].body == {"emulator_sync": "local", "emulation_domain": "transaction", "rows": 3000}
    assert context["outlet_events"][raw].extra["rows"] == 3000
    assert context["outlet_events"][raw].extra["emulation_id"] == "e1"


def test_execute_key_is_of_the_task_instance_and_not_of_the_try(service):
    service.on("POST /emulator/", SCHEDULED)
    service.on("GET /emulator/e1", emulation("completed"))
    for ti in (TaskInstance(), TaskInstance(try_number=2), TaskInstance(run_id="manual__2"), TaskInstance(map_index=3)):
        operator().execute(context_of(ti))
    keys = [request.headers["Idempotency-Key"] for request in service.asked("POST /emulator/")]
    assert keys == [
        "airflow/dag/task/-1/manual__1",
        "airflow/dag/task/-1/manual__1",
        "airflow/dag/task/-1/manual__2",
        "airflow/dag/task/3/manual__1",
    ]


def test_execute_deferrable_defers_to_a_trigger_that_may_cancel(service):
    service.on("POST /emulator/", SCHEDULED)
    service.on("GET /emulator/e1", emulation("scheduled"))
    with pytest.raises(TaskDeferred) as deferred:
        operator(deferrable=True, wait_timeout=timedelta(minutes=10)).execute(context_of())
    trigger = deferred.value.trigger
    assert isinstance(trigger, JobTrigger)
    assert (trigger.kind, trigger.job_id, trigger.cancel_on_kill) == ("emulation", "e1", True)
    assert trigger.settings.deadline is not None
    # Airflow's own timeout is later than the trigger's deadline: it is for when no triggerer was there.
    assert deferred.value.timeout is not None
    assert timedelta(minutes=10, seconds=30) < deferred.value.timeout < timedelta(minutes=12)
    assert deferred.value.kwargs == {"is_own": True, "may_resume": False}


def test_deferrable_default_is_airflows(monkeypatch):
    monkeypatch.setenv("AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE", "True")
    assert operator(deferrable=None).deferrable
    monkeypatch.setenv("AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE", "False")
    assert not operator(deferrable=None).deferrable


def test_execute_without_waiting_returns_the_id_at_once(service):
    service.on("POST /emulator/", SCHEDULED)
    service.on("GET /emulator/e1", emulation("running"))
    assert operator(wait_for_completion=False).execute(context_of()) == "e1"
    assert not service.asked("GET /emulator/e1/events")


@pytest.mark.parametrize("state", ["cancelled", "failed"])
def test_execute_ended_emulation_goes_on(service, state):
    service.on("POST /emulator/", SCHEDULED)
    service.on("GET /emulator/e1", emulation(state), emulation("completed"))
    service.on("POST /emulator/e1/resume", emulation("scheduled"))
    service.on("GET /emulator/e1/events", stream("running", "completed"))
    assert operator().execute(context_of(TaskInstance(try_number=2))) == "e1"
    assert len(service.asked("POST /emulator/e1/resume")) == 1


def test_execute_rows_taken_meanwhile_fail_for_good(service):
    service.on("POST /emulator/", SCHEDULED)
    service.on("GET /emulator/e1", emulation("cancelled"))
    service.on("POST /emulator/e1/resume", problem(409, "rows 0 to 9 are not free"))
    with pytest.raises(AirflowFailException, match="rows 0 to 9 are not free"):
        operator().execute(context_of())


def test_execute_completed_emulation_has_no_effect(service):
    service.on("POST /emulator/", SCHEDULED)
    service.on("GET /emulator/e1", emulation("completed"))
    assert operator().execute(context_of()) == "e1"


# --- rows that another emulation has ---


def taken(status: str, differs_in=(), link: bool = True) -> Answer:
    document = recorded("problem_taken")
    document["taken_by"] |= {"id": "e1", "status": status, "differs_in": list(differs_in)}
    if not link:
        del document["taken_by"]["link"]
    return Answer(409, document)


def test_execute_rows_of_a_completed_emulation_of_the_same_settings_succeed(service):
    service.on("POST /emulator/", taken("completed"))
    service.on("GET /emulator/e1", emulation("completed"))
    assert operator(from_="2026-01-02").execute(context_of(TaskInstance(run_id="backfill"))) == "e1"


def test_execute_rows_of_a_completed_emulation_of_the_command_line_succeed(service):
    service.on("POST /emulator/", taken("completed", link=False))
    assert operator(from_="2026-01-02").execute(context_of()) == "e1"


@pytest.mark.parametrize("state", ["running", "interrupted", "unknown"])
def test_execute_rows_of_an_unfinished_emulation_of_the_command_line_fail(service, state):
    service.on("POST /emulator/", taken(state, link=False))
    with pytest.raises(AirflowFailException, match="this service does not know it"):
        operator(from_="2026-01-02").execute(context_of())


def test_execute_rows_of_a_running_emulation_are_waited_for_and_not_cancelled(service):
    service.on("POST /emulator/", taken("running"))
    service.on("GET /emulator/e1", emulation("running"))
    with pytest.raises(TaskDeferred) as deferred:
        operator(from_="2026-01-02", deferrable=True).execute(context_of())
    assert not deferred.value.trigger.cancel_on_kill
    assert deferred.value.kwargs == {"is_own": False, "may_resume": True}


def test_execute_rows_of_a_cancelled_emulation_go_on_as_own(service):
    service.on("POST /emulator/", taken("cancelled"))
    service.on("POST /emulator/e1/resume", emulation("scheduled"))
    with pytest.raises(TaskDeferred) as deferred:
        operator(from_="2026-01-02", deferrable=True).execute(context_of())
    assert deferred.value.trigger.cancel_on_kill


def test_execute_rows_of_an_emulation_of_other_settings_fail(service):
    service.on("POST /emulator/", taken("completed", differs_in=["format_type", "rows"]))
    with pytest.raises(AirflowFailException, match=r"are not free.*differs in format_type, rows"):
        operator(from_="2026-01-02").execute(context_of())


# --- wrong requests ---


def test_execute_wrong_fields_are_all_told_and_not_retried(service):
    service.on("POST /emulator/", Answer(422, recorded("problem_fields")))
    with pytest.raises(AirflowFailException) as failure:
        operator().execute(context_of())
    for field in ("rowz", "emulator_sync", "rows"):
        assert f"\n  {field} is" in str(failure.value)


def test_execute_other_fields_under_the_same_key_name_the_remedy(service):
    service.on("POST /emulator/", problem(422, "Idempotency-Key 'airflow/…' was used for another body: send that body, or another key"))
    with pytest.raises(AirflowFailException, match="put them back, or state another idempotency_key"):
        operator().execute(context_of())


@pytest.mark.parametrize("empty", ["", "None"])
def test_execute_template_that_renders_to_nothing_names_the_field(service, empty):
    task = operator(rows="{{ x }}")
    task.rows = empty
    with pytest.raises(AirflowFailException, match="rows of task 'task' rendered to nothing"):
        task.execute(context_of())
    assert not service.requests


def test_execute_native_template_that_renders_to_none_names_the_field():
    task = operator(until="{{ x }}")
    task.until = None
    with pytest.raises(AirflowFailException, match="until of task 'task' rendered to nothing"):
        task.execute(context_of())


@pytest.mark.parametrize(
    ("field", "value", "sent"),
    [
        ("rows", "3000", 3000),
        ("rows", "many", "many"),
        ("rows", 3000, 3000),
        ("first_row", "next", "next"),
        ("fraud_rate", "0.01", 0.01),
        ("headers", "True", True),
        ("headers", False, False),
        ("topic", " transactions ", "transactions"),
        ("timeout", timedelta(minutes=2), 120),
        ("from", "2026-01-02", "2026-01-02"),
        ("from", "2026-01-02 00:00:00+00:00", "2026-01-02T00:00:00.000Z"),
        ("until", "2026-01-02T02:30:00.123456+02:00", "2026-01-02T00:30:00.123Z"),
        ("until", "2026-01-02T00:00:00Z", "2026-01-02T00:00:00.000Z"),
        ("until", "the day after tomorrow", "the day after tomorrow"),
        ("from", datetime(2026, 1, 2, tzinfo=timezone.utc), "2026-01-02T00:00:00.000Z"),
        ("from", datetime(2026, 1, 2), "2026-01-02T00:00:00.000Z"),
        ("start", date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_to_json(field, value, sent):
    assert to_json(field, value) == sent


# --- how waiting ends ---


def test_resume_failed_emulation_is_retried(service):
    with pytest.raises(LakehouseLabError, match="the bucket is gone") as failure:
        operator().resume(context_of(), Outcome("e1", "failed", "the bucket is gone"))
    assert not isinstance(failure.value, AirflowFailException)


def test_resume_emulation_that_a_person_cancelled_is_not_retried(service):
    with pytest.raises(AirflowFailException, match="clear the task to let it go on"):
        operator().resume(context_of(), Outcome("e1", "cancelled", None, "3,000 rows"))


def test_resume_emulation_that_an_earlier_try_cancelled_goes_on_once(service):
    service.on("POST /emulator/e1/resume", emulation("running"))
    with pytest.raises(TaskDeferred) as deferred:
        operator(deferrable=True).execute_complete(context_of(), Outcome("e1", "cancelled").to_payload(), is_own=True, may_resume=True)
    assert deferred.value.kwargs == {"is_own": True, "may_resume": False}


def test_resume_deadline_cancels(service):
    service.on("DELETE /emulator/e1", Answer(202, {}))
    with pytest.raises(AirflowTaskTimeout, match="had not ended in time after 3,000 rows, and is cancelled"):
        operator().resume(context_of(), Outcome("e1", "deadline", None, "3,000 rows"))
    assert service.asked("DELETE /emulator/e1")


def test_resume_deadline_leaves_the_emulation_of_another_task(service):
    with pytest.raises(AirflowTaskTimeout):
        operator().resume(context_of(), Outcome("e1", "deadline"), is_own=False)
    assert not service.requests


def test_resume_unreachable_service_is_retried(service):
    with pytest.raises(ServiceUnavailableError, match="not answered"):
        operator().resume(context_of(), Outcome("e1", "unreachable", "GET … was not answered"))


def test_resume_refused_is_not_retried(service):
    with pytest.raises(AirflowFailException, match="404"):
        operator().resume(context_of(), Outcome("e1", "refused", "GET … was refused with 404"))
