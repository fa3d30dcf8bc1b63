from __future__ import annotations

import pytest
from airflow.sdk.exceptions import AirflowFailException, TaskDeferred

from lakehouse_lab_airflow.client.problems import LakehouseLabError
from lakehouse_lab_airflow.client.watcher import Outcome
from lakehouse_lab_airflow.operators.emulation import CompleteEmulationOperator
from service import Answer, problem, recorded, stream
from tasks import TaskInstance, context_of


def operator(**arguments) -> CompleteEmulationOperator:
    return CompleteEmulationOperator(task_id="task", emulation_id="e1", **({"deferrable": False} | arguments))


def emulation(status: str, **links) -> Answer:
    return Answer(202, recorded("emulation_completed", id="e1", status=status, links=links))


def test_execute_waits_until_the_emulation_is_complete(service):
    service.on("POST /emulator/e1/complete", emulation("running"))
    service.on("GET /emulator/e1/events", stream("running", "completed"))
    assert operator().execute(context_of()) == "e1"
    assert service.asked("POST /emulator/e1/complete")[0].body == {"pipeline": False}


def test_execute_complete_emulation_has_no_effect(service):
    service.on("POST /emulator/e1/complete", emulation("completed"))
    assert operator().execute(context_of()) == "e1"


def test_execute_deferred_task_does_not_cancel_the_emulation_of_another(service):
    service.on("POST /emulator/e1/complete", emulation("running"))
    task = operator(deferrable=True)
    with pytest.raises(TaskDeferred) as deferred:
        task.execute(context_of())
    assert not deferred.value.trigger.cancel_on_kill
    task.on_kill()
    assert not service.asked("DELETE /emulator/e1")


def test_execute_with_pipeline_waits_for_the_run(service):
    service.on("POST /emulator/e1/complete", emulation("running", pipeline_run="/pipelines/runs/p1"))
    service.on("GET /pipelines/runs/p1", Answer(body=recorded("pipeline_run_completed", id="p1")))
    ti = TaskInstance()
    assert operator(pipeline=True).execute(context_of(ti)) == "e1"
    assert ti.xcoms["pipeline_run_id"] == "p1"
    assert ti.xcoms["report"]["models"]


def test_execute_cancelled_emulation_fails_for_good(service):
    service.on("POST /emulator/e1/complete", problem(409, "emulation e1 is cancelled: it can no longer be completed"))
    with pytest.raises(AirflowFailException, match="it can no longer be completed"):
        operator().execute(context_of())


def test_resume_failed_emulation_is_told(service):
    with pytest.raises(LakehouseLabError, match="the emulation e1 failed: the bucket is gone"):
        operator().resume(context_of(), Outcome("e1", "failed", "the bucket is gone"), is_own=False)


def test_execute_id_that_rendered_to_nothing_is_told(service):
    task = operator()
    task.emulation_id = ""
    with pytest.raises(AirflowFailException, match="emulation_id of task 'task' rendered to nothing"):
        task.execute(context_of())
