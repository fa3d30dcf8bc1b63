"""Against a real service, which LAKELAB_URL names; its lake is the tests' own."""

from __future__ import annotations

import asyncio
import itertools
import os
from contextlib import aclosing
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from airflow.sdk.exceptions import AirflowFailException

from lakehouse_lab_airflow.assets import lake_table
from lakehouse_lab_airflow.hooks.lakehouse_lab import LakehouseLabHook
from lakehouse_lab_airflow.operators.audit import AuditOperator
from lakehouse_lab_airflow.operators.emulation import CompleteEmulationOperator, StartEmulationOperator
from lakehouse_lab_airflow.operators.pipeline import RunPipelineOperator
from lakehouse_lab_airflow.operators.quarantine import QuarantineCheckOperator
from lakehouse_lab_airflow.sensors.emulation import EmulationSensor
from lakehouse_lab_airflow.triggers.ended import EmulationEventTrigger
from lakehouse_lab_airflow.triggers.jobs import JobTrigger
from tasks import StateStore, TaskInstance, context_of

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.skipif(not os.environ.get("LAKELAB_URL"), reason="LAKELAB_URL names no service")

DAY = {"from_": "2026-01-03", "until": "2026-01-04"}


@pytest.fixture(autouse=True)
def connection(monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_LAKEHOUSE_LAB_DEFAULT", f'{{"conn_type": "lakehouse_lab", "host": "{os.environ["LAKELAB_URL"]}"}}')


@pytest.fixture
def ti(request):
    """A task instance of a run of this test's own, so that no other test has its keys."""
    return TaskInstance(run_id=request.node.name)


def start(**arguments) -> StartEmulationOperator:
    arguments = {"emulator_sync": "local", "emulation_domain": "transaction", "deferrable": False} | arguments
    return StartEmulationOperator(task_id="task", **arguments)


def state_of(emulation_id: str) -> str:
    return LakehouseLabHook().get_emulation(emulation_id)["status"]


def test_lake_is_emulated_run_and_audited(ti):
    store = StateStore()
    emulation_id = start(rows=2000).execute(context_of(ti))
    context = context_of(ti, store)
    table = lake_table("silver.transactions")
    run_id = RunPipelineOperator(task_id="run", deferrable=False, outlets=[table]).execute(context)
    assert context["outlet_events"][table].extra["verdict"] == "updated"
    assert QuarantineCheckOperator(task_id="check", pipeline_run_id=run_id).execute(context) == {"silver.transactions": 0.0}
    assert AuditOperator(task_id="audit", deferrable=False, emulation=emulation_id).execute(context)["clean"] is True
    assert EmulationSensor(task_id="sensor", emulation_id=emulation_id).execute(context) == emulation_id
    again = RunPipelineOperator(task_id="run", deferrable=False).execute(context_of(ti, store))
    assert again != run_id
    assert store == {}


def test_day_is_made_once_whatever_the_run(ti):
    first = start(**DAY).execute(context_of(ti))
    assert start(**DAY).execute(context_of(ti)) == first
    assert start(**DAY).execute(context_of(TaskInstance(run_id="backfill"))) == first
    with pytest.raises(AirflowFailException, match="differs in format_type"):
        start(**DAY, format_type="csv").execute(context_of(TaskInstance(run_id="other")))


def test_other_fields_under_the_same_key_are_told(ti):
    start(rows=10).execute(context_of(ti))
    with pytest.raises(AirflowFailException, match="put them back, or state another idempotency_key"):
        start(rows=20).execute(context_of(ti))


def test_killed_deferred_task_cancels_and_goes_on_in_its_next_try(ti):
    slow = {"emulation_domain": "device-log", "rows": 3000, "rate": "1000/s"}
    emulation_id = start(**slow, wait_for_completion=False).execute(context_of(ti))
    trigger = JobTrigger("emulation", emulation_id, "lakehouse_lab_default")
    asyncio.run(trigger.on_kill())
    again = TaskInstance(try_number=2, run_id=ti.run_id)
    assert start(**slow).execute(context_of(again)) == emulation_id
    emulation = LakehouseLabHook().get_emulation(emulation_id)
    assert (emulation["status"], emulation["progress"]["rows"]) == ("completed", 3000)


def test_complete_ends_an_emulation_and_runs_the_pipeline(ti):
    emulation_id = start(emulation_domain="user-profile", timeout=600, rate="100/s", wait_for_completion=False).execute(context_of(ti))
    complete = CompleteEmulationOperator(task_id="complete", emulation_id=emulation_id, pipeline=True, deferrable=False)
    assert complete.execute(context_of(ti)) == emulation_id
    assert state_of(emulation_id) == "completed"
    assert ti.xcoms["report"]["models"]


def test_deadline_is_an_event(ti):
    emulation_id = start(emulation_domain="device-log", timeout=600, rate="1/s", wait_for_completion=False).execute(context_of(ti))

    async def event() -> dict:
        async with aclosing(JobTrigger("emulation", emulation_id, "lakehouse_lab_default", deadline=1.0).run()) as events:  # pyright: ignore
            return (await anext(events)).payload

    assert asyncio.run(event())["status"] == "deadline"
    assert LakehouseLabHook().cancel_job(start().kind, emulation_id)


def test_ended_emulations_fire_in_their_order(ti):
    ids = [start(rows=5).execute(context_of(TaskInstance(run_id=f"{ti.run_id} {number}"))) for number in range(3)]

    async def fired() -> list[str]:
        found: list[str] = []
        async with aclosing(EmulationEventTrigger(from_start=True).run()) as events:  # pyright: ignore
            while ids[-1] not in found:
                found.append((await anext(events)).payload["id"])
        return found

    assert asyncio.run(fired())[-3:] == ids


def test_wrong_fields_are_all_told(ti):
    with pytest.raises(AirflowFailException) as failure:
        start(emulator_sync="minoi", rows="many", format_type="xml").execute(context_of(ti))
    assert len(str(failure.value).splitlines()) == 4


def test_test_connection_is_ready():
    ready, words = LakehouseLabHook().test_connection()
    assert ready, words


def test_thirty_days_in_any_order_and_twice_are_made_once(ti):
    first_day = date(2026, 2, 1)
    days = [first_day + timedelta(days=number) for number in range(30)]

    def make(order: Sequence[date], run: str) -> dict[date, str]:
        return {
            day: start(emulation_domain="device-log", from_=day, until=day + timedelta(days=1)).execute(
                context_of(TaskInstance(run_id=f"{run} {day}"))
            )
            for day in order
        }

    made = make(days[::-1], f"{ti.run_id} catch-up")
    assert len(set(made.values())) == 30
    assert make(days[15:] + days[:15], f"{ti.run_id} backfill") == made
    ranges = sorted(
        (progress["next_row"] - progress["rows"], progress["next_row"])
        for progress in (LakehouseLabHook().get_emulation(emulation_id)["progress"] for emulation_id in made.values())
    )
    assert all(earlier[1] == later[0] for earlier, later in itertools.pairwise(ranges))
