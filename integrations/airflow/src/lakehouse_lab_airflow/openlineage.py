"""What operators tell OpenLineage, if its provider is installed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lakehouse_lab_airflow.assets import SCHEME

if TYPE_CHECKING:
    from collections.abc import Mapping


def emulation_lineage(base_url: str, emulation: Mapping[str, Any] | None) -> Any:
    """
    Return what an emulation delivered: one output with its rows and bytes.

    :param base_url: The service's address.
    :param emulation: The emulation's document; none when it is not known.
    :return: An ``OperatorLineage``; an empty one without a document.
    """
    lineage, facets, dataset = _interface()
    if not emulation:
        return lineage()
    progress = emulation.get("progress", {})
    output = dataset(
        namespace=_destination_of(emulation, base_url),
        name=_name_of(emulation),
        outputFacets={
            "outputStatistics": facets.OutputStatisticsOutputDatasetFacet(rowCount=progress.get("rows"), size=progress.get("bytes"))
        },
    )
    return lineage(outputs=[output], job_facets=_job_facets(facets, "EMULATION"))


def pipeline_lineage(base_url: str, run: Mapping[str, Any] | None) -> Any:
    """
    Return which tables a run wrote, and from which Bronze tables.

    :param base_url: The service's address.
    :param run: The run's document; none when it is not known.
    """
    lineage, facets, dataset = _interface()
    report = (run or {}).get("report")
    if not report:
        return lineage()
    namespace = _lake_of(base_url)
    inputs = [dataset(namespace=namespace, name=step["table"]) for step in report.get("bronze", []) if not step.get("failure")]
    outputs = [
        dataset(
            namespace=namespace,
            name=model["table"],
            facets={"version": facets.DatasetVersionDatasetFacet(datasetVersion=str(model.get("version")))},
            outputFacets={"outputStatistics": facets.OutputStatisticsOutputDatasetFacet(rowCount=model.get("rows_out"))},
        )
        for model in report.get("models", [])
        if model.get("state") == "updated"
    ]
    return lineage(inputs=inputs, outputs=outputs, job_facets=_job_facets(facets, "PIPELINE_RUN"))


def audit_lineage(base_url: str, report: Mapping[str, Any] | None) -> Any:
    """
    Return what an audit read, with an assertion for each table.

    :param base_url: The service's address.
    :param report: The audit's report; none when it is not known.
    """
    lineage, facets, dataset = _interface()
    if not report:
        return lineage()
    namespace = _lake_of(base_url)
    inputs = [
        dataset(
            namespace=namespace,
            name=table["table"].replace("/", "."),
            facets={
                "dataQualityAssertions": facets.DataQualityAssertionsDatasetFacet(
                    assertions=[facets.Assertion(assertion="complete_and_unaltered", success=bool(table.get("clean")))]
                )
            },
        )
        for table in report.get("tables", [])
    ]
    return lineage(inputs=inputs, job_facets=_job_facets(facets, "AUDIT"))


def _interface() -> tuple[Any, Any, Any]:
    """Import what only an installation with OpenLineage has, when it is needed."""
    facets = importlib.import_module("airflow.providers.common.compat.openlineage.facet")
    extractors = importlib.import_module("airflow.providers.openlineage.extractors")
    return extractors.OperatorLineage, facets, facets.OutputDataset


def _job_facets(facets: Any, kind: str) -> dict[str, Any]:
    return {"jobType": facets.JobTypeJobFacet(processingType="BATCH", integration="LAKEHOUSE_LAB", jobType=kind)}


def _lake_of(base_url: str) -> str:
    return f"{SCHEME}://{urlsplit(base_url).netloc}"


def _destination_of(emulation: Mapping[str, Any], base_url: str) -> str:
    if emulation.get("emulator_sync") == "minio":
        return f"s3://{emulation.get('bucket')}"
    return _lake_of(base_url)


def _name_of(emulation: Mapping[str, Any]) -> str:
    if emulation.get("emulator_sync") == "kafka":
        return f"topic.{emulation.get('topic')}"
    prefix = f"{emulation['prefix']}/" if emulation.get("prefix") else ""
    return f"{prefix}raw/{emulation.get('emulation_domain')}" if emulation.get("bucket") else f"raw.{emulation.get('emulation_domain')}"
