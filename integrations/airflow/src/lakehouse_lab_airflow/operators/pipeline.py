"""Run the pipeline: Bronze, Silver and Gold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk.exceptions import AirflowFailException

from lakehouse_lab_airflow.assets import record_events, table_of
from lakehouse_lab_airflow.client.problems import LakehouseLabError
from lakehouse_lab_airflow.jobs import PIPELINE_RUN, JobKind
from lakehouse_lab_airflow.links import LakehouseLabLink
from lakehouse_lab_airflow.openlineage import pipeline_lineage
from lakehouse_lab_airflow.operators.base import JobOperator, check_rendered
from lakehouse_lab_airflow.operators.repeatable import RepeatableJobOperator
from lakehouse_lab_airflow.reports import describe_run, fit_report, run_findings, run_tables
from lakehouse_lab_airflow.tasks import task_instance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk import Context

    from lakehouse_lab_airflow.client.watcher import Outcome


class PipelineRunResult(JobOperator):
    """Tells what a pipeline run did: in the log, in XCom, and with the assets that the task updates."""

    fail_on_findings: bool

    def report_run(self, context: Context, run_id: str) -> dict[str, Any]:
        """
        Tell what a run did.

        :param context: The task's context.
        :param run_id: The run, which is completed.
        :raises AirflowFailException: It has findings, and they are to fail the task.
        """
        run = self.hook.get_pipeline_run(run_id)
        self._lineage = run
        self.log.info("The pipeline run %s is complete\n%s", run_id, describe_run(run))
        task_instance(context).xcom_push(key="report", value=fit_report(run.get("report") or {}, self.hook.page_of(PIPELINE_RUN, run_id)))
        tables = run_tables(run)
        record_events(
            context, self.outlets, lambda asset: tables.get(table_of(asset) or "", {"verdict": "not_run"}) | {"pipeline_run_id": run_id}
        )
        if run.get("found_wanting") and self.fail_on_findings:
            raise AirflowFailException(f"the pipeline run {run_id} has findings: {'; '.join(run_findings(run)) or 'see its report'}")
        return run

    def fail(self, context: Context, outcome: Outcome) -> Any:
        """Show which models were done, and say why the run failed."""
        run = self.hook.get_pipeline_run(outcome.job_id)
        report = run.get("report")
        if report:
            self.log.info("The pipeline run %s failed\n%s", outcome.job_id, describe_run(run))
            task_instance(context).xcom_push(key="report", value=fit_report(report, self.hook.page_of(PIPELINE_RUN, outcome.job_id)))
        raise LakehouseLabError(f"the pipeline run {outcome.job_id} failed: {outcome.reason or run.get('error') or 'no reason is given'}")

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> Any:  # noqa: ARG002
        """Tell OpenLineage which tables the run read and wrote; called by its provider."""
        return pipeline_lineage(self.hook.endpoint.base_url, getattr(self, "_lineage", None))


class RunPipelineOperator(RepeatableJobOperator, PipelineRunResult):
    """
    Runs the pipeline over all that is new, and waits until it has ended.

    A run that fails or is cancelled loses nothing: the next one goes on.

    :param engine: What runs the models: ``duckdb``, or ``spark`` where the service was started with Spark's address.
    :param source: Which records come into Bronze: ``raw``, ``kafka`` or ``all``; those that the lake's manifests name unless stated.
    :param select: Models to run, such as ``silver.transactions+``; all unless stated.
    :param full_refresh: Whether tables are recomputed from all of their input.
    :param reingest: Whether the new content of raw objects that changed after their ingestion is ingested too.
    :param foreign: What Silver does with messages of other lakes: ``report``, ``quarantine`` or ``ingest``.
    :param fail_on_findings: Whether broken expectations, or raw objects that cannot be read, fail the task. It is not retried then: the
        tables are written, and a second run would find nothing new.

    Returns the run's id. XComs: ``pipeline_run_id``, ``report`` and ``lakehouse_lab_page``. Outlets that are tables of the lake (see
    :func:`lakehouse_lab_airflow.assets.lake_table`) get their rows, version and verdict as extra.
    """

    kind: ClassVar[JobKind] = PIPELINE_RUN
    template_fields = ("engine", "source", "select", "full_refresh", "reingest", "foreign")
    operator_extra_links = (LakehouseLabLink(),)

    def __init__(
        self,
        *,
        engine: str = "duckdb",
        source: str | None = None,
        select: str | None = None,
        full_refresh: bool | str = False,
        reingest: bool | str = False,
        foreign: str | None = None,
        fail_on_findings: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.engine = engine
        self.source = source
        self.select = select
        self.full_refresh = full_refresh
        self.reingest = reingest
        self.foreign = foreign
        self.fail_on_findings = fail_on_findings
        self._stated = tuple(name for name in self.template_fields if getattr(self, name) is not None)

    def request_fields(self) -> dict[str, Any]:
        """Return the fields of the request."""
        check_rendered(self, self._stated)
        switches = {name: to_switch(getattr(self, name)) for name in ("full_refresh", "reingest")}
        fields = {"engine": self.engine, "source": self.source, "select": self.select, "foreign": self.foreign, **switches}
        return {name: value for name, value in fields.items() if value not in (None, False)}

    def start_job(self, fields: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Ask for the run."""
        return self.hook.start_pipeline_run(fields, key)

    def finish(self, context: Context, outcome: Outcome) -> str:
        """Tell what the run did."""
        self.report_run(context, outcome.job_id)
        return outcome.job_id


def to_switch(value: Any) -> Any:
    """Turn a boolean that a template rendered to text into one; what is neither is left to the service."""
    return {"true": True, "false": False}.get(str(value).strip().lower(), value)
