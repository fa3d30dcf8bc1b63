from __future__ import annotations

import sys
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

from lakehouse_lab_airflow.assets import convert_asset_to_openlineage, lake_table
from lakehouse_lab_airflow.openlineage import audit_lineage, emulation_lineage, pipeline_lineage
from lakehouse_lab_airflow.operators.pipeline import RunPipelineOperator
from service import Answer, recorded
from tasks import context_of


@dataclass
class Dataset:
    namespace: str
    name: str
    facets: dict[str, Any] = field(default_factory=dict)


@dataclass
class OutputDataset(Dataset):
    outputFacets: dict[str, Any] = field(default_factory=dict)


@dataclass
class OperatorLineage:
    inputs: list[Any] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    run_facets: dict[str, Any] = field(default_factory=dict)
    job_facets: dict[str, Any] = field(default_factory=dict)


@dataclass
class Assertion:
    assertion: str
    success: bool


@dataclass
class DataQualityAssertionsDatasetFacet:
    assertions: list[Assertion]


@dataclass
class DatasetVersionDatasetFacet:
    datasetVersion: str


@dataclass
class JobTypeJobFacet:
    processingType: str
    integration: str
    jobType: str


@dataclass
class OutputStatisticsOutputDatasetFacet:
    rowCount: int | None = None
    size: int | None = None


@pytest.fixture(autouse=True)
def interface(monkeypatch):
    """Stand in for the provider of OpenLineage, which has these names and members."""
    facets: Any = ModuleType("airflow.providers.common.compat.openlineage.facet")
    extractors: Any = ModuleType("airflow.providers.openlineage.extractors")
    for part in (
        Dataset,
        OutputDataset,
        Assertion,
        DataQualityAssertionsDatasetFacet,
        DatasetVersionDatasetFacet,
        JobTypeJobFacet,
        OutputStatisticsOutputDatasetFacet,
    ):
        setattr(facets, part.__name__, part)
    extractors.OperatorLineage = OperatorLineage
    monkeypatch.setitem(sys.modules, facets.__name__, facets)
    monkeypatch.setitem(sys.modules, "airflow.providers.openlineage", ModuleType("airflow.providers.openlineage"))
    monkeypatch.setitem(sys.modules, extractors.__name__, extractors)


URL = "http://lab:8000"


def test_emulation_lineage_is_an_output_with_rows_and_bytes():
    emulation = recorded("emulation_completed")
    lineage = emulation_lineage(URL, emulation)
    [output] = lineage.outputs
    assert (output.namespace, output.name) == ("lakehouse-lab://lab:8000", "raw.transaction")
    assert output.outputFacets["outputStatistics"] == OutputStatisticsOutputDatasetFacet(3000, emulation["progress"]["bytes"])
    assert lineage.job_facets["jobType"] == JobTypeJobFacet("BATCH", "LAKEHOUSE_LAB", "EMULATION")


@pytest.mark.parametrize(
    ("settings", "namespace", "name"),
    [
        ({"emulator_sync": "minio", "bucket": "lakehouse", "prefix": "team/a"}, "s3://lakehouse", "team/a/raw/transaction"),
        ({"emulator_sync": "kafka", "topic": "transactions"}, "lakehouse-lab://lab:8000", "topic.transactions"),
    ],
)
def test_emulation_lineage_names_where_records_went(settings, namespace, name):
    [output] = emulation_lineage(URL, recorded("emulation_completed", **settings)).outputs
    assert (output.namespace, output.name) == (namespace, name)


def test_pipeline_lineage_reads_bronze_and_writes_what_was_updated():
    run = recorded("pipeline_run_completed")
    lineage = pipeline_lineage(URL, run)
    assert [dataset.name for dataset in lineage.inputs] == [step["table"] for step in run["report"]["bronze"]]
    updated = [model["table"] for model in run["report"]["models"] if model["state"] == "updated"]
    assert [dataset.name for dataset in lineage.outputs] == updated
    silver = lineage.outputs[0]
    assert silver.facets["version"].datasetVersion == "1"
    assert silver.outputFacets["outputStatistics"].rowCount == 3000


def test_audit_lineage_asserts_each_table():
    lineage = audit_lineage(URL, recorded("audit_findings")["findings"])
    success = {dataset.name: dataset.facets["dataQualityAssertions"].assertions[0].success for dataset in lineage.inputs}
    assert success["silver.transactions"] is False
    assert success["raw.transaction"] is True


@pytest.mark.parametrize("lineage_of", [emulation_lineage, pipeline_lineage, audit_lineage])
def test_lineage_of_nothing_is_empty(lineage_of):
    assert lineage_of(URL, None) == OperatorLineage()


def test_operator_tells_what_its_run_did(service):
    service.on("POST /pipelines/runs", Answer(202, {"id": "p1"}))
    service.on("GET /pipelines/runs/p1", Answer(body={"status": "running"}), Answer(body=recorded("pipeline_run_completed", id="p1")))
    task = RunPipelineOperator(task_id="task", deferrable=False, poll_interval=0.01)
    task.execute(context_of())
    assert task.get_openlineage_facets_on_complete(None).outputs


def test_convert_asset_to_openlineage():
    assert convert_asset_to_openlineage(lake_table("silver.x"), None) == Dataset("lakehouse-lab://lake", "silver.x")
