from __future__ import annotations

from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag

FOLDER = Path(__file__).parents[1] / "example_dags"
NAMES = sorted(file.stem for file in FOLDER.glob("*.py"))


@pytest.fixture(scope="module")
def bag():
    return DagBag(FOLDER, bundle_path=FOLDER, bundle_name="examples")


def test_examples_are_read_without_an_error(bag):
    assert bag.import_errors == {}
    assert sorted(bag.dags) == NAMES
    assert len(NAMES) == 5


@pytest.mark.parametrize("name", NAMES)
def test_example_runs_on_the_embedded_engine_unless_told_otherwise(bag, name):
    dag = bag.dags[name]
    runs = [task for task in dag.tasks if task.task_type == "RunPipelineOperator"]
    assert runs
    assert dag.params["engine"] == "duckdb"
    assert {task.engine for task in runs} == {"{{ params.engine }}"}


@pytest.mark.parametrize("name", NAMES)
def test_example_tells_readers_what_it_shows(bag, name):
    dag = bag.dags[name]
    assert dag.doc_md.strip()
    assert dag.tags == {"lakehouse-lab"}
