from __future__ import annotations

import pytest
from airflow.sdk.exceptions import AirflowFailException

from lakehouse_lab_airflow.assets import lake_table
from lakehouse_lab_airflow.client.problems import LakehouseLabError
from lakehouse_lab_airflow.operators.pipeline import RunPipelineOperator
from service import Answer, problem, recorded
from tasks import StateStore, TaskInstance, context_of

RUNS = "POST /pipelines/runs"
PENDING = "lakehouse_lab_pipeline_run_id"


def operator(**arguments) -> RunPipelineOperator:
    return RunPipelineOperator(task_id="task", **({"deferrable": False, "poll_interval": 0.01} | arguments))


def run(run_id: str, status: str, **more) -> Answer:
    document = recorded("pipeline_run_completed", id=run_id, status=status, **more)
    if status in ("scheduled", "running"):
        del document["report"], document["found_wanting"]
    return Answer(body=document)


def play(service, run_id: str = "p1", *states: Answer) -> None:
    service.on(RUNS, Answer(202, {"id": run_id, "status": "scheduled"}))
    service.on(f"GET /pipelines/runs/{run_id}", *(states or (run(run_id, "running"), run(run_id, "completed"))))


def test_execute_tells_what_each_model_did(service, task_log):
    play(service)
    ti, store = TaskInstance(), StateStore()
    context = context_of(ti, store)
    silver, other = lake_table("silver.transactions"), lake_table("gold.of_others")
    assert operator(outlets=[silver, other]).execute(context) == "p1"
    assert ti.xcoms["report"] == recorded("pipeline_run_completed")["report"]
    extra = context["outlet_events"][silver].extra
    assert extra == {"rows_written": 3000, "version": 1, "verdict": "updated", "pipeline_run_id": "p1"}
    assert context["outlet_events"][other].extra["verdict"] == "not_run"
    [line] = [line for line in task_log if "is complete\n" in line]
    assert "table" in line
    assert any(text.split()[:3] == ["silver.transactions", "updated", "3,000"] for text in line.splitlines())
    assert store == {}


def test_execute_sends_what_is_stated(service):
    play(service)
    operator(select="silver.transactions+", full_refresh="True", foreign="ingest").execute(context_of())
    assert service.asked(RUNS)[0].body == {
        "engine": "duckdb",
        "select": "silver.transactions+",
        "full_refresh": True,
        "foreign": "ingest",
    }


def test_execute_retry_follows_the_run_of_the_lost_try(service):
    service.on("GET /pipelines/runs/p1", run("p1", "running"), run("p1", "completed"))
    assert operator().execute(context_of(TaskInstance(try_number=2), StateStore({PENDING: "p1"}))) == "p1"
    assert not service.asked(RUNS)


def test_execute_retry_takes_the_end_that_nobody_saw(service):
    service.on("GET /pipelines/runs/p1", run("p1", "completed"))
    store = StateStore({PENDING: "p1"})
    assert operator().execute(context_of(store=store)) == "p1"
    assert not service.asked(RUNS)
    assert store == {}


@pytest.mark.parametrize("earlier", [run("p1", "failed"), run("p1", "cancelled"), problem(404, "there is no pipeline run 'p1'")])
def test_execute_retry_starts_another_run_after_one_that_came_to_nothing(service, earlier):
    service.on("GET /pipelines/runs/p1", earlier)
    play(service, "p2")
    assert operator().execute(context_of(store=StateStore({PENDING: "p1"}))) == "p2"


def test_execute_cleared_task_runs_again_under_another_key(service):
    service.on(RUNS, Answer(202, {"id": "p1"}), Answer(202, {"id": "p2"}))
    service.on("GET /pipelines/runs/p1", run("p1", "completed"))
    service.on("GET /pipelines/runs/p2", run("p2", "running"), run("p2", "completed"))
    assert operator().execute(context_of()) == "p2"
    first, second = (request.headers["Idempotency-Key"] for request in service.asked(RUNS))
    assert first.endswith("/1")
    assert second == first[:-1] + "2"


def test_execute_killed_between_start_and_note_finds_its_run(service):
    service.on(RUNS, Answer(202, {"id": "p1"}))
    service.on("GET /pipelines/runs/p1", run("p1", "running"), run("p1", "completed"))
    assert operator().execute(context_of(TaskInstance(try_number=2))) == "p1"


def test_execute_failed_run_is_retried_and_tells_what_was_done(service):
    play(service, "p1", run("p1", "running"), run("p1", "failed", error="silver.transactions: the disk is full"))
    ti, store = TaskInstance(), StateStore()
    with pytest.raises(LakehouseLabError, match="the disk is full") as failure:
        operator().execute(context_of(ti, store))
    assert not isinstance(failure.value, AirflowFailException)
    assert ti.xcoms["report"]["models"]
    assert store == {}


def found_wanting() -> Answer:
    answer = run("p1", "completed", found_wanting=True)
    model = answer.body["report"]["models"][0]
    model |= {"found_wanting": True, "violations": {"amount is positive": 12, "currency is known": 0}}
    return answer


def test_execute_broken_expectations_fail_for_good_with_their_counts(service):
    play(service, "p1", run("p1", "running"), found_wanting())
    ti = TaskInstance()
    with pytest.raises(AirflowFailException, match=r"12 rows that break 'amount is positive'$"):
        operator().execute(context_of(ti))
    assert "report" in ti.xcoms


def test_execute_broken_expectations_may_be_let_pass(service):
    play(service, "p1", run("p1", "running"), found_wanting())
    assert operator(fail_on_findings=False).execute(context_of()) == "p1"


def test_execute_wrong_selection_fails_for_good(service):
    service.on(RUNS, Answer(422, {"detail": "select names no models", "errors": {"select": ["names no models: …"]}}))
    with pytest.raises(AirflowFailException, match=r"select names no models: …"):
        operator(select="no.such").execute(context_of())
