from __future__ import annotations

import pytest

from lakehouse_lab_airflow.client.events import EventReader

STREAM = b'event: status\ndata: {"a": 1}\n\n:\n\nevent: status\ndata:{"a": 2}\n\ndata: one\ndata: two\n\ndata: half'
EVENTS = [b'{"a": 1}', b'{"a": 2}', b"one\ntwo"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_feed_any_chunks_give_the_same_events(size, line_end):
    stream = STREAM.replace(b"\n", line_end)
    reader = EventReader()
    events = [event for start in range(0, len(stream), size) for event in reader.feed(stream[start : start + size])]
    assert events == EVENTS


def test_feed_endless_event_is_refused():
    reader = EventReader()
    with pytest.raises(ValueError, match="not a stream of events"):
        for _ in range(20):
            list(reader.feed(b"x" * 1_000_000))
