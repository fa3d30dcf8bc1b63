from __future__ import annotations

import asyncio
import logging

import pytest

from lakehouse_lab_airflow.client.endpoint import ServiceEndpoint
from lakehouse_lab_airflow.client.service import AsyncService
from lakehouse_lab_airflow.client.sessions import shared_session
from lakehouse_lab_airflow.client.watcher import JobWatcher, Outcome, WatchSettings
from lakehouse_lab_airflow.jobs import AUDIT, EMULATION, JobKind
from service import Answer, PlayedService, problem, recorded, stream

EVENTS = "GET /emulator/e1/events"
STATUS = "GET /emulator/e1/status"


class Clock:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def watch(service: PlayedService, clock: Clock | None = None, kind: JobKind = EMULATION, job_id: str = "e1", **settings) -> Outcome:
    clock = clock or Clock()

    async def run() -> Outcome:
        async with shared_session() as session:
            asked = AsyncService(ServiceEndpoint(service.url, token="secret", timeout=5), session)
            log = logging.getLogger("watch")
            return await JobWatcher(asked, kind, job_id, WatchSettings(**settings), log, clock=clock, sleep=clock.sleep).watch()

    return asyncio.run(run())


def status(state: str, **more) -> Answer:
    return Answer(body={"id": "e1", "status": {"global_status": state, **more}, "progress": {"rows": 3, "bytes": 0}})


def test_watch_events_give_the_end_without_polling(service):
    service.on(EVENTS, stream("scheduled", "running", "completed"))
    assert watch(service) == Outcome("e1", "completed", None, "10 rows, 2.0 MB, 5 rows/s")
    assert not service.asked(STATUS)
    assert service.asked(EVENTS)[0].headers["Authorization"] == "Bearer secret"


def test_watch_failed_emulation_tells_the_reason(service):
    service.on(EVENTS, stream("failed", reason="the bucket is gone"))
    assert watch(service) == Outcome("e1", "failed", "the bucket is gone", "10 rows, 2.0 MB, 5 rows/s")


def test_watch_broken_stream_is_followed_again(service):
    service.on(EVENTS, stream("running", end=False), stream("running", end=False), stream("running", end=False), stream("completed"))
    service.on(STATUS, status("running"))
    assert watch(service).status == "completed"
    assert len(service.asked(EVENTS)) == 4


def test_watch_stream_that_ends_before_the_job_is_looked_after(service):
    service.on(EVENTS, stream("running"))
    service.on(STATUS, status("completed"))
    assert watch(service).status == "completed"


@pytest.mark.parametrize(
    "answer",
    [Answer(body={}), problem(404, "no events"), problem(405, "no"), Answer(body=b"", headers={"Content-Type": "text/event-stream"})],
)
def test_watch_without_events_polls(service, answer):
    clock = Clock()
    service.on(EVENTS, answer)
    service.on(STATUS, *[status("running")] * 6, status("completed"))
    assert watch(service, clock, poll_interval=7).status == "completed"
    assert clock.pauses == [7] * 6
    assert len(service.asked(EVENTS)) <= 2


def test_watch_service_away_for_a_minute_is_waited_for(service):
    clock = Clock()
    service.on(EVENTS, *[problem(503, "not now")] * 9, stream("completed"))
    service.on(STATUS, problem(500, "not now"))
    assert watch(service, clock, patience=300).status == "completed"
    assert sum(clock.pauses) > 20
    assert max(clock.pauses) <= 10


def test_watch_service_that_stays_away_ends_unreachable(service):
    clock = Clock()
    url = service.url
    service.close()
    outcome = watch(service, clock, patience=60)
    assert outcome.status == "unreachable"
    assert url in (outcome.reason or "")
    assert 59 <= sum(clock.pauses) <= 61


def test_watch_retry_after_is_kept_to(service):
    clock = Clock()
    service.on(EVENTS, problem(503, "not now"), stream("completed"))
    service.on(STATUS, problem(429, "not now", Retry_After="42"))
    watch(service, clock, patience=60)
    assert clock.pauses == [42]


@pytest.mark.parametrize("code", [401, 403])
def test_watch_refused_request_ends_at_once(service, code):
    service.on(EVENTS, problem(code, "the request has no key"))
    outcome = watch(service)
    assert (outcome.status, len(service.requests)) == ("refused", 1)
    assert "the request has no key" in (outcome.reason or "")


def test_watch_unknown_job_ends_refused(service):
    assert watch(service).status == "refused"


def test_watch_job_that_ended_before_the_deadline_has_ended(service):
    clock = Clock()
    service.on(EVENTS, problem(503, "not now"))
    service.on(STATUS, status("completed"))
    assert watch(service, clock, deadline=clock.now - 5).status == "completed"


def test_watch_deadline_tells_how_far_the_job_came(service):
    clock = Clock()
    service.on(STATUS, status("running"))
    assert watch(service, clock, deadline=clock.now - 5) == Outcome("e1", "deadline", None, "3 rows, 0.0 MB")


def test_watch_progress_is_logged_every_few_seconds(service, caplog):
    caplog.set_level(logging.INFO)
    service.on(EVENTS, Answer(body={}))
    moving = [Answer(body={"status": "running", "progress": {"step": "silver.transactions", "done": n, "total": 10}}) for n in range(10)]
    standing = [status("waiting", reason="MinIO is away")] * 65
    service.on(STATUS, *moving, *standing, status("completed"))
    watch(service, progress_interval=5, poll_interval=1)
    lines = [record.getMessage() for record in caplog.records if record.name == "watch"]
    assert lines[1:] == [
        "The emulation is running: silver.transactions: 0 of 10",
        "The emulation is running: silver.transactions: 5 of 10",
        "The emulation is waiting: 3 rows, 0.0 MB (MinIO is away)",
        "The emulation is waiting: 3 rows, 0.0 MB (MinIO is away)",
        "The emulation is completed: 3 rows, 0.0 MB",
    ]


def test_watch_audit_reads_the_state_of_its_document(service):
    audit = recorded("audit_clean")
    service.on(
        "GET /audits/a%2F1/events",
        Answer(body=b"data: " + Answer(body=audit).to_bytes() + b"\n\n", headers={"Content-Type": "text/event-stream"}),
    )
    assert watch(service, kind=AUDIT, job_id="a/1").status == "completed"


def test_shared_session_is_one_and_is_closed_with_its_last_user():
    async def run() -> None:
        async with shared_session() as one:
            async with shared_session() as other:
                assert one is other
            assert not one.closed
        assert one.closed
        async with shared_session() as third:
            assert third is not one

    asyncio.run(run())
