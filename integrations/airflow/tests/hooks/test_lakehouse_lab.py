from __future__ import annotations

import pytest

from lakehouse_lab_airflow.client.problems import RequestRefusedError, ServiceUnavailableError
from lakehouse_lab_airflow.hooks.lakehouse_lab import LakehouseLabHook
from lakehouse_lab_airflow.jobs import AUDIT, EMULATION
from service import Answer, problem


def test_start_emulation_key_goes_with_the_same_bytes(service, monkeypatch):
    service.on("POST /emulator/", Answer(201, {"id": "e1"}))
    bodies = []
    answer = service.answer
    monkeypatch.setattr(service, "answer", lambda handler: (bodies.append(handler.headers["Content-Length"]), answer(handler)))
    hook = LakehouseLabHook()
    hook.start_emulation({"rows": 1, "emulator_sync": "local"}, "key")
    hook.start_emulation({"emulator_sync": "local", "rows": 1}, "key")
    first, second = service.requests
    assert first.body == second.body == {"rows": 1, "emulator_sync": "local"}
    assert list(first.body) == list(second.body)
    assert bodies[0] == bodies[1] == str(len('{"emulator_sync":"local","rows":1}'))
    assert first.headers["Idempotency-Key"] == "key"
    assert first.headers["Authorization"] == "Bearer secret"
    assert first.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 408])
def test_request_busy_service_is_asked_again(service, no_pauses, status):
    service.on("GET /tables", problem(status, "not now"), problem(status, "not now"), Answer(body={"tables": [1]}))
    assert LakehouseLabHook().list_tables() == [1]
    assert len(no_pauses) == 2


def test_request_retry_after_is_kept_to(service, no_pauses):
    service.on("GET /tables", problem(429, "the queue is full", Retry_After="30"), Answer(body={"tables": []}))
    LakehouseLabHook().list_tables()
    assert no_pauses == [30]


def test_request_service_that_stays_away_fails_after_its_patience(service, no_pauses):
    url = service.url
    service.close()
    with pytest.raises(ServiceUnavailableError, match=f"GET {url}/tables was not answered: .*; it was tried for 60 s"):
        LakehouseLabHook().list_tables()
    assert sum(no_pauses) == pytest.approx(60)


def test_request_busy_service_that_stays_busy_tells_what_it_says(service, no_pauses):
    service.on("GET /tables", problem(503, "the job database is locked"))
    with pytest.raises(ServiceUnavailableError, match="the job database is locked"):
        LakehouseLabHook(patience=1).list_tables()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 415, 422])
def test_request_refused_is_not_asked_again(service, no_pauses, status):
    service.on("GET /tables", problem(status, "no"))
    with pytest.raises(RequestRefusedError):
        LakehouseLabHook().list_tables()
    assert not no_pauses


def test_resume_emulation_that_is_still_being_cancelled_is_asked_again(service, no_pauses):
    service.on("POST /emulator/e1/resume", problem(409, "it is being cancelled", Retry_After="1"), Answer(202, {"status": "scheduled"}))
    assert LakehouseLabHook().resume_emulation("e1") == {"status": "scheduled"}


def test_request_answer_of_something_else_is_told(service):
    service.on("GET /tables", Answer(body=b"<html>", headers={"Content-Type": "text/html"}))
    with pytest.raises(RequestRefusedError, match="is this the address of lakelab's service"):
        LakehouseLabHook().list_tables()


@pytest.mark.parametrize("status", [404, 409])
def test_cancel_job_that_has_ended_is_no_error(service, status):
    service.on("DELETE /audits/a1", problem(status, "it has ended"))
    assert not LakehouseLabHook().cancel_job(AUDIT, "a1")


def test_cancel_job_cancels(service):
    service.on("DELETE /emulator/e1", Answer(202, {"status": "running"}))
    assert LakehouseLabHook().cancel_job(EMULATION, "e1")


def test_get_job_hostile_id_stays_in_its_segment(service):
    with pytest.raises(RequestRefusedError):
        LakehouseLabHook().get_emulation("../audits?x=1")
    assert service.requests[0].path == "/emulator/..%2Faudits%3Fx%3D1"


def test_test_connection_ready(service):
    service.on("GET /", Answer(body={"name": "lakelab", "version": "0.1.0"}))
    service.on("GET /health/ready", Answer(body={"ready": True, "needs": [{"name": "lake", "ready": True}]}))
    service.on("GET /emulator?limit=1", Answer(body={"emulations": []}))
    assert LakehouseLabHook().test_connection() == (True, f"lakelab 0.1.0 is ready at {service.url}")


def test_test_connection_not_ready_names_what_is_away(service):
    service.on("GET /", Answer(body={"name": "lakelab", "version": "0.1.0"}))
    service.on(
        "GET /health/ready", Answer(503, {"ready": False, "needs": [{"name": "lake", "ready": False, "problem": "the disk is full"}]})
    )
    service.on("GET /emulator?limit=1", Answer(body={"emulations": []}))
    ready, words = LakehouseLabHook().test_connection()
    assert not ready
    assert "lake: the disk is full" in words


def test_test_connection_wrong_token_is_found(service):
    service.on("GET /", Answer(body={"name": "lakelab", "version": "0.1.0"}))
    service.on("GET /health/ready", Answer(body={"ready": True, "needs": []}))
    service.on("GET /emulator?limit=1", problem(401, "the request has no key, or a wrong one"))
    ready, words = LakehouseLabHook().test_connection()
    assert not ready
    assert "a wrong one" in words


def test_test_connection_service_away_is_told_at_once(service, no_pauses):
    service.close()
    ready, words = LakehouseLabHook().test_connection()
    assert not ready
    assert "was not answered" in words
    assert not no_pauses
