from __future__ import annotations

import json

import pytest

from lakehouse_lab_airflow.client.problems import may_be_over_soon, refusal_of
from service import recorded


def test_refusal_of_wrong_fields_lists_them_all():
    refusal = refusal_of("POST http://lab/emulator/", 422, json.dumps(recorded("problem_fields")).encode())
    assert refusal.errors.keys() == {"rowz", "emulator_sync", "rows"}
    lines = str(refusal).splitlines()
    assert lines[0].startswith("POST http://lab/emulator/ was refused with 422 Unprocessable")
    assert "  emulator_sync is 'minoi': allowed are minio, kafka, local; did you mean minio?" in lines
    assert len(lines) == 4


def test_refusal_of_one_wrong_field_is_one_line():
    problem = {"detail": "until is not after from: state a later end", "errors": {"until": ["is not after from: state a later end"]}}
    assert "\n" not in str(refusal_of("POST http://lab/emulator/", 422, json.dumps(problem).encode()))


def test_refusal_of_wrong_token_says_where_it_is():
    assert "password of the Airflow connection" in str(refusal_of("GET http://lab/", 401, b'{"detail": "no key"}'))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff", b'{"errors": 3}', b'{"errors": {"a": "b"}}'])
def test_refusal_of_any_body_is_one_clear_line(body):
    refusal = refusal_of("GET http://lab/", 404, body)
    assert "404 Not Found" in str(refusal)
    assert "\n" not in str(refusal)


@pytest.mark.parametrize(
    ("status", "retry_after", "soon"),
    [(429, None, True), (500, None, True), (503, "1", True), (408, None, True), (409, "1", True), (409, None, False), (404, "1", False)],
)
def test_may_be_over_soon(status, retry_after, soon):
    assert may_be_over_soon(status, retry_after) is soon
