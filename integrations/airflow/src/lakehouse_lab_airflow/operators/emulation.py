"""Start emulations, and end them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk.exceptions import AirflowFailException

from lakehouse_lab_airflow.assets import record_events
from lakehouse_lab_airflow.client.problems import RequestRefusedError
from lakehouse_lab_airflow.client.watcher import Outcome
from lakehouse_lab_airflow.jobs import CANCELLED, COMPLETED, EMULATION, ENDED_STATES, PIPELINE_RUN, JobKind
from lakehouse_lab_airflow.links import LakehouseLabLink
from lakehouse_lab_airflow.openlineage import emulation_lineage
from lakehouse_lab_airflow.operators.base import JobOperator, check_rendered, refused
from lakehouse_lab_airflow.operators.pipeline import PipelineRunResult
from lakehouse_lab_airflow.tasks import fit_key, task_instance, task_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk import Context

_CONFLICT = 409
_UNPROCESSABLE = 422
_WHOLE = frozenset({"timeout", "max_chunk_size", "threads", "rows", "first_row", "seed", "users"})
_NUMBERS = frozenset({"flush_interval", "fraud_rate"})
_INSTANTS = frozenset({"from", "until", "start"})
_SWITCHES: Mapping[str, bool] = {"true": True, "false": False}


class StartEmulationOperator(JobOperator):
    """
    Starts an emulation, and waits until it has ended.

    A task that is retried, cleared or run again finds the emulation that it started before: it never starts a second one. A cancelled or
    failed emulation goes on where its data ends. Where rows are stated (by ``first_row`` or ``from_``) that another emulation of the same
    settings has delivered, the task succeeds with that one, so that a backfill may be repeated without effect.

    The parameters are the fields of the service's ``POST /emulator/``, of which the service's page ``/docs`` says more; ``from_`` is its
    ``from``. All are templated, and text is turned into the number, instant or boolean that a field has.

    :param emulator_sync: The system that records go to: ``minio``, ``kafka`` or ``local``.
    :param emulation_domain: What the records are: ``user-profile``, ``transaction``, ``device-log``, and others that the service has.
    :param timeout: Seconds until it ends, from the first running on; 60 when neither ``rows`` nor ``until`` is stated.
    :param format_type: ``json``, ``csv`` or ``parquet``.
    :param sync_type: How records are put together into objects: ``chunked``, ``grouped`` or ``single``.
    :param max_chunk_size: Bytes of an object at most.
    :param flush_interval: Seconds after which an open object is closed.
    :param threads: Threads that make rows.
    :param rows: How many rows.
    :param first_row: First row of the domain, or ``next``.
    :param from_: The earliest event time: a date, an instant, or a ``datetime``.
    :param until: The event time before which rows end.
    :param rate: The pace: ``max``, ``1000/s``, ``realtime`` or ``60x``.
    :param compression: ``none``, ``gzip`` or ``zstd``.
    :param labels: ``inline`` or ``none``.
    :param delivery: ``exactly_once`` or ``at_least_once``.
    :param headers: Whether messages carry a header that names emulation and row.
    :param topic: The topic, for ``kafka``.
    :param bucket: The bucket, for ``minio``.
    :param prefix: Where in the bucket, for ``minio``.
    :param seed: Seed of the lake's world; stated otherwise, it is refused, as are the next four.
    :param users: People of the lake's world.
    :param start: When the lake's world begins.
    :param fraud_rate: Share of frauds.
    :param fraud_mix: Weights of the fraud rules.
    :param idempotency_key: Under which name the service knows the emulation; of DAG, task, map index and run unless stated.

    Returns the emulation's id. XComs: ``emulation_id``, as soon as it is known, and ``lakehouse_lab_page``.
    """

    kind: ClassVar[JobKind] = EMULATION
    how_to_go_on: ClassVar[str] = "clear the task to let it go on where its data ends"
    fields: ClassVar[Mapping[str, str]] = {
        name: name.rstrip("_")
        for name in (
            "emulator_sync", "emulation_domain", "timeout", "format_type", "sync_type", "max_chunk_size", "flush_interval", "threads",
            "rows", "first_row", "from_", "until", "rate", "compression", "labels", "delivery", "headers", "topic", "bucket", "prefix",
            "seed", "users", "start", "fraud_rate", "fraud_mix",
        )
    }  # fmt: skip
    template_fields = (*fields, "idempotency_key")
    operator_extra_links = (LakehouseLabLink(),)

    def __init__(
        self,
        *,
        emulator_sync: str,
        emulation_domain: str,
        timeout: timedelta | int | str | None = None,
        format_type: str | None = None,
        sync_type: str | None = None,
        max_chunk_size: int | str | None = None,
        flush_interval: float | str | None = None,
        threads: int | str | None = None,
        rows: int | str | None = None,
        first_row: int | str | None = None,
        from_: datetime | date | str | None = None,
        until: datetime | date | str | None = None,
        rate: str | None = None,
        compression: str | None = None,
        labels: str | None = None,
        delivery: str | None = None,
        headers: bool | str | None = None,
        topic: str | None = None,
        bucket: str | None = None,
        prefix: str | None = None,
        seed: int | str | None = None,
        users: int | str | None = None,
        start: datetime | date | str | None = None,
        fraud_rate: float | str | None = None,
        fraud_mix: str | None = None,
        idempotency_key: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.emulator_sync = emulator_sync
        self.emulation_domain = emulation_domain
        self.timeout = timeout
        self.format_type = format_type
        self.sync_type = sync_type
        self.max_chunk_size = max_chunk_size
        self.flush_interval = flush_interval
        self.threads = threads
        self.rows = rows
        self.first_row = first_row
        self.from_ = from_
        self.until = until
        self.rate = rate
        self.compression = compression
        self.labels = labels
        self.delivery = delivery
        self.headers = headers
        self.topic = topic
        self.bucket = bucket
        self.prefix = prefix
        self.seed = seed
        self.users = users
        self.start = start
        self.fraud_rate = fraud_rate
        self.fraud_mix = fraud_mix
        self.idempotency_key = idempotency_key
        self._stated = tuple(name for name in self.template_fields if getattr(self, name) is not None)

    def execute(self, context: Context) -> Any:
        """Start the emulation, or find it, and wait for its end."""
        check_rendered(self, self._stated)
        fields = {field: to_json(field, value) for name, field in self.fields.items() if (value := getattr(self, name)) is not None}
        key = fit_key(self.idempotency_key) if self.idempotency_key else task_key(context)
        try:
            emulation_id = str(self.hook.start_emulation(fields, key)["id"])
        except RequestRefusedError as refusal:
            return self._meet(context, refusal)
        self.log.info("The emulation %s goes to %s: %s", emulation_id, self.emulator_sync, self.hook.page_of(EMULATION, emulation_id))
        # A repeated request is answered as the first one was: what came of it is asked for.
        status = str(self.hook.get_emulation(emulation_id)["status"])
        # The first try starts its emulation; a later one may follow what another process of this task is just cancelling.
        return self._go_on(context, emulation_id, status, is_own=True, may_resume=task_instance(context).try_number > 1)

    def resume(self, context: Context, outcome: Outcome, *, is_own: bool = True, may_resume: bool = False) -> Any:
        """Go on when waiting has ended."""
        if outcome.status == CANCELLED and may_resume:
            self.log.info("The emulation %s was cancelled by what started it before: it goes on for this task", outcome.job_id)
            return self._go_on(context, outcome.job_id, CANCELLED, is_own=is_own, may_resume=False)
        return super().resume(context, outcome, is_own=is_own)

    def finish(self, context: Context, outcome: Outcome) -> str:
        """Leave what later tasks and assets want to know of the emulation."""
        emulation = self.hook.get_emulation(outcome.job_id)
        progress = emulation.get("progress", {})
        self.log.info("The emulation %s is complete: %s", outcome.job_id, outcome.progress or f"{progress.get('rows', 0):,} rows")
        self._lineage = emulation
        extra = {
            "emulation_id": outcome.job_id,
            "verdict": COMPLETED,
            **{k: progress[k] for k in ("rows", "bytes", "event_time") if k in progress},
        }
        record_events(context, self.outlets, lambda _: extra)
        return outcome.job_id

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> Any:  # noqa: ARG002
        """Tell OpenLineage what the emulation delivered; called by its provider."""
        return emulation_lineage(self.hook.endpoint.base_url, getattr(self, "_lineage", None))

    def _go_on(self, context: Context, emulation_id: str, status: str, *, is_own: bool, may_resume: bool) -> Any:
        self.announce(context, emulation_id, is_own=is_own)
        if status in ENDED_STATES and status != COMPLETED:
            self.log.info("The emulation %s is %s: it goes on where its data ends", emulation_id, status)
            status = str(refused(lambda: self.hook.resume_emulation(emulation_id))["status"])
            is_own, may_resume = True, False
            self.announce(context, emulation_id)
        if status == COMPLETED:
            return self.finish(context, Outcome(emulation_id, COMPLETED))
        if not self.wait_for_completion:
            return emulation_id
        return self.wait_for(context, emulation_id, is_own=is_own, may_resume=may_resume)

    def _meet(self, context: Context, refusal: RequestRefusedError) -> Any:
        """Go on with the emulation that has the rows already, if it is of the same rows and settings."""
        taken = refusal.problem.get("taken_by")
        if refusal.status == _UNPROCESSABLE and not refusal.errors and "Idempotency-Key" in refusal.detail:
            raise AirflowFailException(
                f"{refusal}: an earlier try of this task started an emulation with other fields; put them back, or state another "
                "idempotency_key"
            ) from refusal
        if refusal.status != _CONFLICT or not isinstance(taken, dict) or "id" not in taken:
            raise AirflowFailException(str(refusal)) from refusal
        differs = taken.get("differs_in")
        if differs or differs is None:
            raise AirflowFailException(f"{refusal}; it differs in {', '.join(differs or ['what is not known'])}") from refusal
        emulation_id, status = str(taken["id"]), str(taken.get("status"))
        if "link" not in taken and status != COMPLETED:
            raise AirflowFailException(f"{refusal}; this service does not know it and cannot let it go on") from refusal
        self.log.info("The emulation %s has the same rows and settings, and is %s", emulation_id, status)
        if "link" not in taken:
            self.announce(context, emulation_id, is_own=False)
            return emulation_id
        return self._go_on(context, emulation_id, status, is_own=False, may_resume=True)


class CompleteEmulationOperator(PipelineRunResult):
    """
    Ends an emulation at a chunk's edge, as complete, and waits until it is.

    Repeating it is harmless. With ``pipeline``, a pipeline run follows, and the task waits for that one.

    :param emulation_id: The emulation.
    :param pipeline: Whether a pipeline run follows, which ingests all that is new.
    :param fail_on_findings: Whether broken expectations in the pipeline run fail the task.

    Returns the emulation's id. XComs with ``pipeline``: ``pipeline_run_id``, ``report``, and ``lakehouse_lab_page``.
    """

    template_fields = ("emulation_id",)
    operator_extra_links = (LakehouseLabLink(),)

    def __init__(self, *, emulation_id: str, pipeline: bool = False, fail_on_findings: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.emulation_id = emulation_id
        self.pipeline = pipeline
        self.fail_on_findings = fail_on_findings
        self.kind: JobKind = PIPELINE_RUN if pipeline else EMULATION  # type: ignore[misc]

    def execute(self, context: Context) -> Any:
        """End the emulation, and wait until it is complete, or until the pipeline run has ended."""
        check_rendered(self, ["emulation_id"])
        emulation = refused(lambda: self.hook.complete_emulation(self.emulation_id, pipeline=self.pipeline))
        if self.pipeline:
            run_id = str(emulation["links"]["pipeline_run"]).rsplit("/", 1)[-1]
            self.announce(context, run_id)
            return self.wait_for(context, run_id) if self.wait_for_completion else self.emulation_id
        self.announce(context, self.emulation_id, is_own=False)
        if emulation["status"] == COMPLETED:
            return self.finish(context, Outcome(self.emulation_id, COMPLETED))
        # What ends is the emulation of another task: this one's end does not cancel it.
        return self.wait_for(context, self.emulation_id, is_own=False) if self.wait_for_completion else self.emulation_id

    def fail(self, context: Context, outcome: Outcome) -> Any:
        """Say why the pipeline run, or the emulation, failed."""
        return super().fail(context, outcome) if self.pipeline else JobOperator.fail(self, context, outcome)

    def finish(self, context: Context, outcome: Outcome) -> str:
        """Tell what the pipeline run did, or how much the emulation delivered."""
        if self.pipeline:
            self.report_run(context, outcome.job_id)
        else:
            self.log.info("The emulation %s is complete%s", outcome.job_id, f": {outcome.progress}" if outcome.progress else "")
        return self.emulation_id


def to_json(field: str, value: Any) -> Any:
    """
    Turn what a template rendered into what the service expects of a field.

    :param field: The field, as the service names it.
    :param value: What the author stated, rendered. What cannot be read is left to the service, which says what it allows.
    """
    if isinstance(value, timedelta):
        return int(value.total_seconds()) if value.total_seconds().is_integer() else value.total_seconds()
    if field in _INSTANTS:
        return _instant(value)
    if isinstance(value, str):
        text = value.strip()
        if field in _WHOLE:
            return _number(text, int)
        if field in _NUMBERS:
            return _number(text, float)
        if field == "headers":
            return _SWITCHES.get(text.lower(), text)
        return text
    return value


def _number(text: str, kind: type[int] | type[float]) -> int | float | str:
    try:
        return kind(text)
    except ValueError:
        return text


def _instant(value: Any) -> Any:
    if isinstance(value, str):
        text = value.strip()
        if len(text) <= len("2026-01-31"):
            return text
        try:
            value = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith(("Z", "z")) else text)
        except ValueError:
            return text
    if isinstance(value, datetime):
        if value.tzinfo is None:
            value = value.replace(tzinfo=timezone.utc)
        value = value.astimezone(timezone.utc)
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"
    return value.isoformat() if isinstance(value, date) else value
