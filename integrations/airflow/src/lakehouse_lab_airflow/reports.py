"""Puts reports of the service into what people and XComs take."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LARGEST_XCOM = 48 * 1024
_MOST_LINES = 20
_FINDING_TEXTS = ("key", "row", "place", "column", "expected", "found", "cause", "remedy")


# --- pipeline runs ---


def describe_run(run: Mapping[str, Any]) -> str:
    """
    Return a run as a table of what each step did, for the log.

    :param run: The run's document.
    """
    report = run.get("report") or {}
    rows = [
        (
            step["table"],
            "failed" if step.get("failure") else "ingested",
            _count(step, "records"),
            "",
            _seconds(step),
            step.get("failure") or "",
        )
        for step in report.get("bronze", [])
    ]
    rows += [
        (
            model["table"],
            model["state"],
            _count(model, "rows_out"),
            _count(model, "quarantined") if model.get("quarantined") else "",
            _seconds(model),
            model.get("note") or "",
        )
        for model in report.get("models", [])
    ]
    lines = [format_table(("table", "state", "rows", "quarantined", "seconds", "note"), rows)]
    lines += [f"{model['table']}: {warning['message']}" for model in report.get("models", []) for warning in model.get("warnings", [])]
    lines.append(f"engine {report.get('engine', '?')}, {report.get('seconds', 0):.1f} s in all")
    return "\n".join(lines)


def summarize_run(report: Mapping[str, Any]) -> str:
    """Return in one line what a run did."""
    states = [model.get("state") for model in report.get("models", [])]
    records = sum(step.get("records", 0) for step in report.get("bronze", []))
    failed = f", {states.count('failed')} failed" if "failed" in states else ""
    return f"{records:,} records ingested, {states.count('updated')} tables updated{failed}, {report.get('seconds', 0):.1f} s"


def run_tables(run: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what a run did to each table of a model: its rows written, version and verdict."""
    return {
        model["table"]: {
            "rows_written": model.get("rows_out", 0),
            "version": model.get("version"),
            "verdict": "findings" if model.get("found_wanting") else model.get("state"),
        }
        for model in (run.get("report") or {}).get("models", [])
    }


def run_findings(run: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the rows and objects that a run met, in a sentence each."""
    report = run.get("report") or {}
    findings = [
        f"{model['table']} has {count:,} rows that break '{expectation}'"
        for model in report.get("models", [])
        if model.get("found_wanting")
        for expectation, count in model.get("violations", {}).items()
        if count
    ]
    findings += [
        remark["reason"]
        for step in report.get("bronze", [])
        for remark in step.get("remarks", [])
        if remark.get("state") in ("waits", "changed")
    ]
    return findings[:_MOST_LINES]


# --- audits ---


def describe_audit(report: Mapping[str, Any]) -> str:
    """
    Return an audit as a table of verdicts, and its findings, for the log.

    :param report: The audit's report.
    """
    tables = report.get("tables", [])
    rows = [
        (
            table["table"],
            _count(table["counts"], "expected"),
            _count(table["counts"], "found"),
            table.get("verdict") or ", ".join(table["verdicts"]),
        )
        for table in tables
    ]
    findings = [finding for table in tables for finding in table.get("findings", [])]
    lines = [format_table(("table", "expected", "found", "verdict"), rows)]
    lines += [describe_finding(finding) for finding in findings[:_MOST_LINES]]
    if len(findings) > _MOST_LINES:
        lines.append(f"… and {len(findings) - _MOST_LINES} more findings in the report")
    if report.get("fault"):
        lines.append(f"it could not go on: {json.dumps(report['fault'])}")
    return "\n".join(lines)


def describe_finding(finding: Mapping[str, Any]) -> str:
    """Return a finding in one line."""
    records = f", {finding['records']:,} records" if finding.get("records", 0) > 1 else ""
    texts = [f"{name} {finding[name]}" for name in _FINDING_TEXTS if finding.get(name) is not None]
    return f"{finding.get('table')}: {finding.get('kind')}{records}" + (f" ({'; '.join(texts)})" if texts else "")


def summarize_audit(report: Mapping[str, Any]) -> str:
    """Return in one line what is wrong, by table."""
    wrong = [
        f"{table['table']} {table.get('verdict') or ', '.join(table['verdicts'])}"
        for table in report.get("tables", [])
        if not table.get("clean")
    ]
    behind = [f"{table['table']} is behind" for table in report.get("tables", []) if table.get("clean") and table.get("behind")]
    words = wrong + (behind if report.get("requires_complete") else [])
    shown = words[:_MOST_LINES] + ([f"and {len(words) - _MOST_LINES} more tables"] if len(words) > _MOST_LINES else [])
    return "; ".join(shown) or ", ".join(report.get("verdicts", [])) or "no table is clean"


def audit_tables(report: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what an audit says of each table: the rows that it found, and the verdict."""
    return {
        table["table"].replace("/", "."): {
            "rows": table["counts"]["found"],
            "verdict": table.get("verdict") or ", ".join(table["verdicts"]),
        }
        for table in report.get("tables", [])
    }


# --- all reports ---


def fit_report(report: Mapping[str, Any], page: str) -> dict[str, Any]:
    """
    Return a report that fits into an XCom: the whole one up to 48 KiB, else its figures, and where the whole one is.

    :param report: The report of a run or an audit.
    :param page: The address of the whole report.
    """
    if _size(report) <= LARGEST_XCOM:
        return dict(report)
    summary: dict[str, Any] = {key: value for key, value in report.items() if not isinstance(value, (list, dict)) or key == "verdicts"}
    summary |= {"truncated": True, "link": page}
    for name in ("bronze", "models", "tables"):
        if name in report:
            summary[name] = [_figures(entry) for entry in report[name]]
    while _size(summary) > LARGEST_XCOM:
        longest = max(("bronze", "models", "tables"), key=lambda name: len(summary.get(name, [])))
        if not summary.get(longest):
            return {"truncated": True, "link": page}
        summary[longest] = summary[longest][: len(summary[longest]) // 2]
    return summary


def format_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """
    Return rows under a header, numbers to the right.

    :param header: The names of the columns.
    :param rows: The cells.
    """
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    numeric = [any(row[column] for row in rows) and all(_is_number(row[column]) for row in rows) for column in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width) for cell, width, right in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in lines
    )


def _figures(entry: Mapping[str, Any]) -> dict[str, Any]:
    figures = {
        key: value for key, value in entry.items() if isinstance(value, (int, float, bool)) or key in ("table", "state", "verdict", "layer")
    }
    return figures | ({"counts": entry["counts"]} if "counts" in entry else {})


def _size(document: Mapping[str, Any]) -> int:
    return len(json.dumps(document).encode())


def _count(document: Mapping[str, Any], name: str) -> str:
    return f"{document.get(name, 0):,}"


def _seconds(document: Mapping[str, Any]) -> str:
    return f"{document.get('seconds', 0):.2f}"


def _is_number(cell: str) -> bool:
    return not cell or cell.replace(",", "").replace(".", "", 1).isdigit()
