from __future__ import annotations

import json

import pytest

from lakehouse_lab_airflow.reports import (
    LARGEST_XCOM,
    describe_audit,
    describe_run,
    fit_report,
    format_table,
    run_findings,
    summarize_audit,
)
from service import recorded


def test_format_table_numbers_are_to_the_right():
    assert (
        format_table(("table", "rows", "note"), [("a", "1,000", ""), ("long", "2", "new")])
        == "table   rows  note\na      1,000\nlong       2  new"
    )


def test_format_table_without_rows_is_its_header():
    assert format_table(("table", "rows"), []) == "table  rows"


def test_describe_run_has_a_line_for_each_step():
    lines = describe_run(recorded("pipeline_run_completed")).splitlines()
    assert lines[0].split() == ["table", "state", "rows", "quarantined", "seconds", "note"]
    assert lines[2].split()[:3] == ["bronze.transactions", "ingested", "3,000"]
    assert lines[-1].startswith("engine duckdb, ")


def test_run_findings_are_sentences():
    run = {
        "report": {
            "bronze": [
                {
                    "table": "bronze.x",
                    "remarks": [{"key": "k", "state": "waits", "reason": "k cannot be read"}, {"state": "left_out", "reason": "no"}],
                }
            ],
            "models": [{"table": "silver.x", "found_wanting": True, "violations": {"positive": 1200}}],
        }
    }
    assert run_findings(run) == ["silver.x has 1,200 rows that break 'positive'", "k cannot be read"]


def test_describe_audit_shows_some_findings_and_counts_the_rest():
    report = recorded("audit_findings")["findings"]
    report["tables"][0]["findings"] = [
        {"table": "raw/x", "kind": "altered", "records": 3, "key": str(n), "remedy": "emulate again"} for n in range(30)
    ]
    text = describe_audit(report)
    assert "raw/x: altered, 3 records (key 0; remedy emulate again)" in text
    assert "more findings in the report" in text
    assert len(text.splitlines()) < 60


def test_summarize_audit_says_what_is_behind_where_that_counts():
    report = {
        "requires_complete": True,
        "verdicts": ["behind"],
        "tables": [{"table": "silver.x", "clean": True, "behind": {"records": 3}, "verdicts": []}],
    }
    assert summarize_audit(report) == "silver.x is behind"
    assert summarize_audit(report | {"requires_complete": False}) == "behind"


@pytest.mark.parametrize("tables", [1, 100, 5000])
def test_fit_report_is_never_too_large(tables):
    entry = {"table": "silver.x", "clean": False, "verdict": "missing 3", "counts": {"missing": 3}, "findings": ["x" * 1000]}
    report = {"clean": False, "verdicts": ["missing"], "tables": [entry] * tables}
    fitted = fit_report(report, "http://lab/audits/1")
    assert len(json.dumps(fitted).encode()) <= LARGEST_XCOM
    assert fitted["clean"] is False
    assert fitted.get("truncated", False) is (tables > 1)
    assert (fitted.get("link") == "http://lab/audits/1") is (tables > 1)


def test_fit_report_small_is_whole():
    report = recorded("audit_findings")["findings"]
    assert fit_report(report, "x") == report
