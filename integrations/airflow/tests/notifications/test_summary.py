from __future__ import annotations

from types import SimpleNamespace

import pytest

from lakehouse_lab_airflow.client.problems import LakehouseLabError
from lakehouse_lab_airflow.links import PAGE_KEY
from lakehouse_lab_airflow.notifications.summary import SummaryNotifier, describe_task
from service import Answer, recorded
from tasks import TaskInstance, context_of


def context(report=None, exception=None):
    ti = TaskInstance()
    ti.xcom_push(PAGE_KEY, "http://lab/audits/a1")
    if report:
        ti.xcom_push("report", report)
    return context_of(ti) | ({"exception": exception} if exception else {})


def test_describe_task_audit_with_findings():
    text = describe_task(context(recorded("audit_findings")["findings"], ValueError("the audit a1 has findings\nand more")))
    first, why, audit, page = text.splitlines()
    assert first == "dag.task failed in run manual__1"
    assert why == "the audit a1 has findings"
    assert audit.startswith("audit: silver.transactions ")
    assert page == "http://lab/audits/a1"


def test_describe_task_pipeline_run():
    text = describe_task(context(recorded("pipeline_run_completed")["report"]))
    assert text.splitlines()[0] == "dag.task succeeded in run manual__1"
    assert "pipeline: 3,000 records ingested, 6 tables updated" in text


def test_notify_posts_the_text(service):
    service.on("POST /hooks/1", Answer())
    SummaryNotifier(webhook=f"{service.url}/hooks/1").notify(context())
    assert service.asked("POST /hooks/1")[0].body == {"text": "dag.task succeeded in run manual__1\nhttp://lab/audits/a1"}


def test_notify_webhook_that_refuses_is_told_without_its_address(service):
    with pytest.raises(LakehouseLabError, match=r"^the webhook answered 404 Not Found$"):
        SummaryNotifier(webhook=f"{service.url}/hooks/1").notify(context())


@pytest.mark.parametrize("webhook", ["http://127.0.0.1:1/secret", "secret", "http://[secret"])
def test_notify_webhook_that_cannot_be_asked_is_told_without_its_address(webhook):
    with pytest.raises(LakehouseLabError) as failure:
        SummaryNotifier(webhook=webhook).notify(context())
    assert "secret" not in str(failure.value)


def test_notify_without_a_webhook_tells_the_log(monkeypatch):
    lines: list[str] = []
    monkeypatch.setattr(SummaryNotifier, "log", SimpleNamespace(warning=lambda text, *values: lines.append(text % values)))
    SummaryNotifier(webhook="").notify(context())
    assert lines == ["Nobody is told, since webhook is empty: dag.task succeeded in run manual__1\nhttp://lab/audits/a1"]
