"""Prove that the lake holds what was emulated."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk.exceptions import AirflowFailException

from lakehouse_lab_airflow.assets import record_events, table_of
from lakehouse_lab_airflow.jobs import AUDIT, JobKind
from lakehouse_lab_airflow.links import LakehouseLabLink
from lakehouse_lab_airflow.openlineage import audit_lineage
from lakehouse_lab_airflow.operators.base import check_rendered
from lakehouse_lab_airflow.operators.pipeline import to_switch
from lakehouse_lab_airflow.operators.repeatable import RepeatableJobOperator
from lakehouse_lab_airflow.reports import audit_tables, describe_audit, fit_report, summarize_audit
from lakehouse_lab_airflow.tasks import task_instance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airflow.sdk import Context

    from lakehouse_lab_airflow.client.watcher import Outcome


class AuditOperator(RepeatableJobOperator):
    """
    Audits the lake: every record is recomputed and compared with what each layer holds.

    Findings fail the task, without a retry: the lake would not be another one a minute later. The log has a summary, and the report is left
    in XCom before the task fails.

    :param emulation: The emulation whose records are looked at; all unless stated.
    :param layers: Layers that must be there and right, as a list or separated by commas; those that are there unless stated.
    :param sample: Share of the users whose features are compared in full, such as ``1/64``.
    :param require_complete: Whether tables that are behind count against the lake.
    :param expect: Receipts of what must be there: the service's answers about emulations.
    :param fail_on_findings: Whether findings fail the task; otherwise they are reported only.

    Returns ``{"audit_id", "clean", "verdicts"}``. XComs: ``audit_id``, ``report`` (whole up to 48 KiB, else a summary with a link) and
    ``lakehouse_lab_page``.
    """

    kind: ClassVar[JobKind] = AUDIT
    template_fields = ("emulation", "layers", "sample", "require_complete", "expect")
    template_fields_renderers: ClassVar[dict[str, str]] = {"expect": "json"}
    operator_extra_links = (LakehouseLabLink(),)

    def __init__(
        self,
        *,
        emulation: str | None = None,
        layers: Sequence[str] | str | None = None,
        sample: str | None = None,
        require_complete: bool | str = False,
        expect: Sequence[Mapping[str, Any]] | str | None = None,
        fail_on_findings: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.emulation = emulation
        self.layers = layers
        self.sample = sample
        self.require_complete = require_complete
        self.expect = expect
        self.fail_on_findings = fail_on_findings
        self._stated = tuple(name for name in self.template_fields if getattr(self, name) is not None)

    def request_fields(self) -> dict[str, Any]:
        """Return the fields of the request."""
        check_rendered(self, self._stated)
        layers = [layer.strip() for layer in self.layers.split(",")] if isinstance(self.layers, str) else self.layers
        fields = {
            "emulation": self.emulation,
            "layers": list(layers) if layers is not None else None,
            "sample": self.sample,
            "require_complete": to_switch(self.require_complete),
            "expect": _receipts(self.expect),
        }
        return {name: value for name, value in fields.items() if value not in (None, False)}

    def start_job(self, fields: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Ask for the audit."""
        return self.hook.start_audit(fields, key)

    def finish(self, context: Context, outcome: Outcome) -> dict[str, Any]:
        """Tell what the audit found, and fail where that is something."""
        report = self.hook.get_audit(outcome.job_id).get("findings") or {}
        self._lineage = report
        page = self.hook.page_of(AUDIT, outcome.job_id)
        self.log.info("The audit %s has ended\n%s", outcome.job_id, describe_audit(report))
        task_instance(context).xcom_push(key="report", value=fit_report(report, page))
        tables = audit_tables(report)
        record_events(
            context,
            self.outlets,
            lambda asset: tables.get(table_of(asset) or "", {"verdict": "not_audited"}) | {"audit_id": outcome.job_id},
        )
        if not report.get("clean") and self.fail_on_findings:
            raise AirflowFailException(f"the audit {outcome.job_id} has findings: {summarize_audit(report)}; the whole report: {page}")
        return {"audit_id": outcome.job_id, "clean": bool(report.get("clean")), "verdicts": report.get("verdicts", [])}

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> Any:  # noqa: ARG002
        """Tell OpenLineage how good the tables are; called by its provider."""
        return audit_lineage(self.hook.endpoint.base_url, getattr(self, "_lineage", None))

    def get_openlineage_facets_on_failure(self, task_instance: Any) -> Any:
        """Tell OpenLineage the same of an audit with findings."""
        return self.get_openlineage_facets_on_complete(task_instance)


def _receipts(expect: Sequence[Mapping[str, Any]] | str | None) -> Any:
    if not isinstance(expect, str):
        return expect
    try:
        return json.loads(expect)
    except ValueError as error:
        raise AirflowFailException(f"expect is not a list of receipts in JSON: {error}") from error
