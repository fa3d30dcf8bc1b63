from __future__ import annotations

import pytest

from lakehouse_lab_airflow.tasks import attempt_key, task_key
from tasks import TaskInstance, context_of


def key(**arguments) -> str:
    return task_key(context_of(TaskInstance(**arguments)))


def test_task_key_does_not_depend_on_the_try():
    assert key(try_number=1) == key(try_number=7) == "airflow/dag/task/-1/manual__1"


def test_task_key_tells_task_instances_apart():
    assert len({key(), key(run_id="manual__2"), key(map_index=0), key(map_index=1)}) == 4


@pytest.mark.parametrize("run_id", ["r" * 500, "Lauf_für_Jürgen", "a\nb"])
def test_task_key_is_what_the_service_takes(run_id):
    fitted = key(run_id=run_id)
    assert len(fitted) <= 255
    assert all(" " <= letter <= "~" for letter in fitted)
    assert fitted != key(run_id=run_id + "2")


def test_attempt_key_other_fields_are_another_thing():
    keys = {
        attempt_key("k", {"a": 1, "b": 2}, 1),
        attempt_key("k", {"b": 2, "a": 1}, 1),
        attempt_key("k", {"a": 1}, 1),
        attempt_key("k", {"a": 1}, 2),
    }
    assert len(keys) == 3
