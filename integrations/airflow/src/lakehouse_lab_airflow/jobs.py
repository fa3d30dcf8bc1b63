"""The things that run in the service and that tasks wait for: emulations, pipeline runs, audits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

COMPLETED = "completed"
FAILED = "failed"
CANCELLED = "cancelled"
WAITING = "waiting"
ENDED_STATES = frozenset({COMPLETED, FAILED, CANCELLED})


@dataclass(frozen=True)
class JobKind:
    """
    What a task can wait for.

    :param name: Its name in sentences.
    :param path: The path under which the service has it.
    :param xcom_key: The XCom in which a task leaves its id.
    :param watch: What is added to a job's path to ask for its state; empty for the job itself.
    """

    name: str
    path: str
    xcom_key: str
    watch: str = ""

    def path_of(self, job_id: str) -> str:
        """Return the path of a job, whose id may be any text."""
        return f"{self.path}/{quote(job_id, safe='')}"

    def status_path_of(self, job_id: str) -> str:
        """Return the path at which a job's state is asked for."""
        return self.path_of(job_id) + self.watch

    def events_path_of(self, job_id: str) -> str:
        """Return the path of a job's server-sent events."""
        return self.path_of(job_id) + "/events"


EMULATION = JobKind("emulation", "/emulator", "emulation_id", watch="/status")
PIPELINE_RUN = JobKind("pipeline run", "/pipelines/runs", "pipeline_run_id")
AUDIT = JobKind("audit", "/audits", "audit_id")

KINDS: Mapping[str, JobKind] = {kind.name: kind for kind in (EMULATION, PIPELINE_RUN, AUDIT)}


@dataclass(frozen=True)
class JobStatus:
    """
    What a job's document says about how far it is.

    :param state: Its state, such as ``running``.
    :param reason: Why it waits or failed.
    :param progress: How far it is, in a few words; empty when that is not known.
    """

    state: str
    reason: str | None = None
    progress: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether the state is final."""
        return self.state in ENDED_STATES

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> JobStatus:
        """
        Read a document of the service: a job, or the status of an emulation.

        :param document: The document.
        """
        status = document.get("status")
        progress = document.get("progress")
        if isinstance(status, Mapping):
            state, reason = status.get("global_status"), status.get("reason")
        else:
            state, reason = status, document.get("error") or document.get("reason")
        return cls(str(state), str(reason) if reason else None, _describe(progress) if isinstance(progress, Mapping) else "")


def _describe(progress: Mapping[str, Any]) -> str:
    if "step" in progress:
        total = progress.get("total") or 0
        return f"{progress['step']}: {progress.get('done', 0):,} of {total:,}" if total else str(progress["step"])
    words = [f"{progress.get('rows', 0):,} rows", f"{progress.get('bytes', 0) / 1_000_000:,.1f} MB"]
    if progress.get("rows_per_second"):
        words.append(f"{progress['rows_per_second']:,.0f} rows/s")
    if progress.get("event_time"):
        words.append(f"event time {progress['event_time']}")
    return ", ".join(words)
