from __future__ import annotations

import pytest
from airflow.sdk.bases.xcom import BaseXCom

from lakehouse_lab_airflow.jobs import PIPELINE_RUN
from lakehouse_lab_airflow.links import PAGE_KEY, LakehouseLabLink, push_job
from tasks import TaskInstance, context_of


def test_push_job_leaves_id_and_page():
    ti = TaskInstance()
    push_job(context_of(ti), PIPELINE_RUN, "p1", "http://lab/pipelines/runs/p1")
    assert ti.xcoms == {"pipeline_run_id": "p1", LakehouseLabLink().xcom_key: "http://lab/pipelines/runs/p1"}


@pytest.mark.parametrize(("left", "link"), [("http://lab/audits/1", "http://lab/audits/1"), (None, "")])
def test_get_link_is_what_the_task_left(monkeypatch, left, link):
    ti = TaskInstance()
    monkeypatch.setattr(BaseXCom, "get_value", classmethod(lambda cls, *, key, ti_key: left if (key, ti_key) == (PAGE_KEY, ti) else "?"))
    assert LakehouseLabLink().get_link(None, ti_key=ti) == link  # pyright: ignore[reportArgumentType]
