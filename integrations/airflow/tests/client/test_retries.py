from __future__ import annotations

from datetime import datetime, timezone

import pytest

from lakehouse_lab_airflow.client.retries import Patience, retry_after_of


def test_next_pause_doubles_up_to_ten_seconds_until_patience_ends():
    now = [100.0]
    patience = Patience(60, lambda: now[0], chance=lambda: 0.0)
    pauses = []
    while (pause := patience.next_pause()) is not None:
        pauses.append(pause)
        now[0] += pause
    assert pauses[:6] == [0.5, 1, 2, 4, 8, 10]
    assert max(pauses) == 10
    assert sum(pauses) == 60
    assert patience.failed_for == 60


def test_next_pause_chance_shortens_by_half_at_most():
    assert Patience(60, lambda: 0.0, chance=lambda: 1.0).next_pause() == 0.25


def test_next_pause_retry_after_is_kept_to():
    patience = Patience(60, lambda: 0.0)
    assert patience.next_pause(30) == 30
    assert patience.next_pause(300) == 60


def test_renew_begins_anew():
    now = [0.0]
    patience = Patience(10, lambda: now[0], chance=lambda: 0.0)
    assert not patience.renew()
    patience.next_pause()
    now[0] = 11
    assert patience.next_pause() is None
    assert patience.renew()
    assert patience.next_pause() == 0.5


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("5", 5),
        ("0", 0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("Fri, 27 Nov 2026 12:00:30 GMT", 30),
        ("Fri, 27 Nov 2026 11:00:00 GMT", 0),
    ],
)
def test_retry_after_of(header, seconds):
    assert retry_after_of(header, datetime(2026, 11, 27, 12, tzinfo=timezone.utc)) == seconds
