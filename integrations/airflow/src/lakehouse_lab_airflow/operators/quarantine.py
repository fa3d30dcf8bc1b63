"""Fail when too many records are in quarantine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowFailException

from lakehouse_lab_airflow.jobs import PIPELINE_RUN
from lakehouse_lab_airflow.links import LakehouseLabLink, push_job
from lakehouse_lab_airflow.operators.base import LakehouseLabOperator, check_rendered, refused
from lakehouse_lab_airflow.reports import format_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk import Context

LAKE = "lake"


class QuarantineCheckOperator(LakehouseLabOperator):
    """
    Fails, without a retry, when a larger share of records was put into quarantine than is allowed.

    With a pipeline run the rate of each Silver table in that run is looked at: records quarantined of records read. Without one it is the
    whole lake's: records in quarantine of records in Bronze.

    :param pipeline_run_id: The pipeline run; the whole lake unless stated.
    :param max_rate: The largest share that is allowed, from 0 to 1.
    :param max_rates: Other shares for some tables, such as ``{"silver.transactions": 0.001}``.

    Returns the rates, by table; ``lake`` for the whole lake.
    """

    template_fields = ("pipeline_run_id", "max_rate", "max_rates")
    operator_extra_links = (LakehouseLabLink(),)

    def __init__(
        self,
        *,
        pipeline_run_id: str | None = None,
        max_rate: float | str = 0.01,
        max_rates: Mapping[str, float | str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.pipeline_run_id = pipeline_run_id
        self.max_rate = max_rate
        self.max_rates = max_rates
        self._stated = tuple(name for name in self.template_fields if getattr(self, name) is not None)

    def execute(self, context: Context) -> dict[str, float]:
        """Compare the rates with what is allowed."""
        check_rendered(self, self._stated)
        most = _rate("max_rate", self.max_rate)
        limits = {table: _rate(f"max_rates of {table}", rate) for table, rate in (self.max_rates or {}).items()}
        counts = self._counts_of_run(context, str(self.pipeline_run_id)) if self.pipeline_run_id else self._counts_of_lake()
        if unknown := [table for table in limits if table not in counts]:
            raise AirflowFailException(f"max_rates names {', '.join(unknown)}: looked at are {', '.join(counts) or 'no tables'}")
        rates = {table: quarantined / read if read else 0.0 for table, (quarantined, read) in counts.items()}
        rows = [
            (table, f"{counts[table][0]:,}", f"{counts[table][1]:,}", f"{rates[table]:.4%}", f"{limits.get(table, most):.4%}")
            for table in counts
        ]
        self.log.info("Quarantine\n%s", format_table(("table", "quarantined", "records", "rate", "allowed"), rows))
        over = [
            f"{table} {rates[table]:.4%} (allowed is {limits.get(table, most):.4%})"
            for table in rates
            if rates[table] > limits.get(table, most)
        ]
        if over:
            raise AirflowFailException(f"too many records are in quarantine: {'; '.join(over)}; lakelab quarantine list shows them")
        return rates

    def _counts_of_run(self, context: Context, run_id: str) -> dict[str, tuple[int, int]]:
        run = refused(lambda: self.hook.get_pipeline_run(run_id))
        push_job(context, PIPELINE_RUN, run_id, self.hook.page_of(PIPELINE_RUN, run_id))
        if "report" not in run:
            raise AirflowFailException(
                f"the pipeline run {run_id} is {run.get('status')} and has no report: wait for its end before this task"
            )
        # A run in which nothing was new reads no records: that is a rate of 0, also for a table that has its own limit.
        limited = self.max_rates or {}
        models = [
            model
            for model in run["report"].get("models", [])
            if model.get("rows_in") or model.get("quarantined") or model["table"] in limited
        ]
        return {model["table"]: (model.get("quarantined", 0), model.get("rows_in", 0)) for model in models}

    def _counts_of_lake(self) -> dict[str, tuple[int, int]]:
        tables = self.hook.list_tables()
        unread = [f"{table['layer']}.{table['name']}: {table['error']}" for table in tables if table.get("error")]
        if unread:
            raise AirflowFailException(f"tables cannot be read: {'; '.join(unread)}")
        quarantined = sum(table.get("rows") or 0 for table in tables if (table["layer"], table["name"]) == ("silver", "quarantine"))
        return {LAKE: (quarantined, sum(table.get("rows") or 0 for table in tables if table["layer"] == "bronze"))}


def _rate(name: str, value: float | str) -> float:
    try:
        rate = float(value)
    except (TypeError, ValueError):
        rate = -1
    if not 0 <= rate <= 1:
        raise AirflowFailException(f"{name} is '{value}': allowed are shares from 0 to 1, such as 0.01")
    return rate
