from __future__ import annotations

import json

import pytest
from airflow.sdk.exceptions import AirflowFailException

from lakehouse_lab_airflow.assets import lake_table
from lakehouse_lab_airflow.client.problems import LakehouseLabError
from lakehouse_lab_airflow.operators.audit import AuditOperator
from lakehouse_lab_airflow.reports import LARGEST_XCOM
from service import Answer, problem, recorded
from tasks import TaskInstance, context_of

AUDITS = "POST /audits"


def operator(**arguments) -> AuditOperator:
    return AuditOperator(task_id="task", **({"deferrable": False, "poll_interval": 0.01} | arguments))


def play(service, document) -> None:
    service.on(AUDITS, Answer(202, {"id": "a1", "status": "scheduled"}))
    service.on("GET /audits/a1", Answer(body={"id": "a1", "status": "running"}), Answer(body=document | {"id": "a1"}))


def test_execute_clean_lake_succeeds(service):
    play(service, recorded("audit_clean"))
    ti = TaskInstance()
    silver = lake_table("silver.transactions")
    context = context_of(ti)
    assert operator(outlets=[silver]).execute(context) == {"audit_id": "a1", "clean": True, "verdicts": ["complete"]}
    assert ti.xcoms["report"]["clean"] is True
    assert context["outlet_events"][silver].extra == {"rows": 3000, "verdict": "complete and unaltered", "audit_id": "a1"}


def test_execute_findings_fail_for_good_after_report_and_log(service, task_log):
    play(service, recorded("audit_findings"))
    ti = TaskInstance()
    with pytest.raises(AirflowFailException, match=f"has findings: silver.transactions .*the whole report: {service.url}/audits/a1"):
        operator().execute(context_of(ti))
    assert ti.xcoms["report"]["clean"] is False
    [line] = [line for line in task_log if "has ended\n" in line]
    assert "silver.transactions: missing" in line


def test_execute_findings_may_be_reported_only(service):
    play(service, recorded("audit_findings"))
    assert operator(fail_on_findings=False).execute(context_of())["clean"] is False


def test_execute_large_report_is_a_summary_with_a_link(service):
    document = recorded("audit_findings")
    document["findings"]["tables"][3]["findings"] = [
        {"table": "silver.transactions", "kind": "missing", "key": str(n)} for n in range(2000)
    ]
    play(service, document)
    ti = TaskInstance()
    with pytest.raises(AirflowFailException):
        operator().execute(context_of(ti))
    report = ti.xcoms["report"]
    assert len(json.dumps(report)) <= LARGEST_XCOM
    assert report["truncated"] is True
    assert report["link"] == f"{service.url}/audits/a1"
    assert report["clean"] is False
    assert {"table", "counts", "verdict"} <= report["tables"][3].keys()


def test_execute_audit_that_could_not_go_on_is_retried(service):
    play(service, {"id": "a1", "status": "failed", "error": "the topic cannot be read"})
    with pytest.raises(LakehouseLabError, match="the topic cannot be read") as failure:
        operator().execute(context_of())
    assert not isinstance(failure.value, AirflowFailException)


def test_execute_sends_what_is_stated(service):
    play(service, recorded("audit_clean"))
    receipts = '[{"id": "e1"}]'
    operator(emulation="e1", layers="raw, bronze", sample="1/64", require_complete="true", expect=receipts).execute(context_of())
    assert service.asked(AUDITS)[0].body == {
        "emulation": "e1",
        "layers": ["raw", "bronze"],
        "sample": "1/64",
        "require_complete": True,
        "expect": [{"id": "e1"}],
    }


def test_execute_unknown_emulation_fails_for_good(service):
    service.on(AUDITS, problem(404, "the lake has no emulation 'e9'"))
    with pytest.raises(AirflowFailException, match="the lake has no emulation 'e9'"):
        operator(emulation="e9").execute(context_of())


def test_execute_receipts_that_are_not_json_are_told(service):
    with pytest.raises(AirflowFailException, match="expect is not a list of receipts in JSON"):
        operator(expect="[{").execute(context_of())
