from __future__ import annotations

import pytest
from airflow.sdk.exceptions import AirflowFailException

from lakehouse_lab_airflow.operators.quarantine import QuarantineCheckOperator
from service import Answer, problem, recorded
from tasks import TaskInstance, context_of


def operator(**arguments) -> QuarantineCheckOperator:
    return QuarantineCheckOperator(task_id="task", **arguments)


def play_run(service, quarantined: int) -> None:
    run = recorded("pipeline_run_completed", id="p1")
    run["report"]["models"][0]["quarantined"] = quarantined
    service.on("GET /pipelines/runs/p1", Answer(body=run))


def test_execute_rate_of_a_run_within_what_is_allowed(service):
    play_run(service, 30)
    ti = TaskInstance()
    assert operator(pipeline_run_id="p1", max_rate="0.01").execute(context_of(ti)) == {"silver.transactions": 0.01}
    assert ti.xcoms["lakehouse_lab_page"] == f"{service.url}/pipelines/runs/p1"


def test_execute_rate_above_what_is_allowed_fails_for_good(service):
    play_run(service, 31)
    with pytest.raises(AirflowFailException, match=r"silver.transactions 1.0333% \(allowed is 1.0000%\)"):
        operator(pipeline_run_id="p1").execute(context_of())


def test_execute_rate_of_a_table_has_its_own_limit(service):
    play_run(service, 31)
    operator(pipeline_run_id="p1", max_rates={"silver.transactions": 0.02}).execute(context_of())
    with pytest.raises(AirflowFailException, match=r"allowed is 0.1000%"):
        operator(pipeline_run_id="p1", max_rate=0.5, max_rates={"silver.transactions": "0.001"}).execute(context_of())


def test_execute_run_in_which_nothing_was_new_has_no_rate(service):
    run = recorded("pipeline_run_completed", id="p1")
    for model in run["report"]["models"]:
        model["rows_in"] = 0
    service.on("GET /pipelines/runs/p1", Answer(body=run))
    check = operator(pipeline_run_id="p1", max_rates={"silver.transactions": 0.001})
    assert check.execute(context_of()) == {"silver.transactions": 0.0}
    assert operator(pipeline_run_id="p1").execute(context_of()) == {}


def test_execute_table_that_the_run_did_not_read_is_told(service):
    play_run(service, 0)
    with pytest.raises(AirflowFailException, match=r"max_rates names silver.tranactions: looked at are silver.transactions"):
        operator(pipeline_run_id="p1", max_rates={"silver.tranactions": 0.1}).execute(context_of())


def test_execute_without_a_run_looks_at_the_lake(service):
    tables = recorded("tables")
    next(table for table in tables["tables"] if table["name"] == "quarantine")["rows"] = 60
    service.on("GET /tables", Answer(body=tables))
    assert operator(max_rate=0.02).execute(context_of()) == {"lake": 0.02}
    with pytest.raises(AirflowFailException, match=r"lake 2.0000%"):
        operator(max_rate=0.01).execute(context_of())


def test_execute_table_that_cannot_be_read_fails(service):
    service.on("GET /tables", Answer(body={"tables": [{"layer": "silver", "name": "quarantine", "error": "the log is damaged"}]}))
    with pytest.raises(AirflowFailException, match=r"silver.quarantine: the log is damaged"):
        operator().execute(context_of())


@pytest.mark.parametrize("rate", ["much", 1.5, -0.1, "nan"])
def test_execute_wrong_rate_is_told(service, rate):
    with pytest.raises(AirflowFailException, match=f"max_rate is '{rate}': allowed are shares from 0 to 1"):
        operator(max_rate=rate).execute(context_of())


def test_execute_run_that_has_not_ended_is_told(service):
    service.on("GET /pipelines/runs/p1", Answer(body={"id": "p1", "status": "running"}))
    with pytest.raises(AirflowFailException, match="is running and has no report"):
        operator(pipeline_run_id="p1").execute(context_of())


def test_execute_unknown_run_fails_for_good(service):
    service.on("GET /pipelines/runs/p1", problem(404, "there is no pipeline run 'p1'"))
    with pytest.raises(AirflowFailException, match="there is no pipeline run"):
        operator(pipeline_run_id="p1").execute(context_of())
