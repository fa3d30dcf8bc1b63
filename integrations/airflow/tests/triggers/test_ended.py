from __future__ import annotations

import asyncio
import json
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from airflow.triggers.shared_stream import SharedStreamManager

from lakehouse_lab_airflow.triggers.ended import CURSOR_KEY, EmulationEventTrigger, EndedEmulations
from service import Answer, problem, recorded

if TYPE_CHECKING:
    from airflow.triggers.base import TriggerEvent


class AssetState(dict):
    """The state that Airflow keeps of an asset."""

    async def aget(self, key, default=None):
        return self.get(key, default)

    async def aset(self, key, value):
        self[key] = value


class Ends:
    """The emulations of a service that ended, by which it answers."""

    def __init__(self, service) -> None:
        self.emulations: list[dict] = []
        self.refuse: Answer | None = None
        self.queries: list[dict] = []
        self._answer = service.answer
        service.on("GET /emulator", Answer())
        self._service = service
        service.answer = self.answer

    def end(self, emulation_id: str, status: str = "completed", domain: str = "transaction") -> None:
        self.emulations.append(recorded("emulation_completed", id=emulation_id, status=status, emulation_domain=domain))

    def answer(self, handler) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        self.queries.append(query)
        handler.path = "/emulator"
        self._service.on("GET /emulator", self.refuse or self._page(query))
        self._answer(handler)

    def _page(self, query: dict) -> Answer:
        if "ended_after" not in query:
            return Answer(body={"emulations": [], "ended_cursor": str(len(self.emulations))})
        after = 0 if query["ended_after"] == "start" else int(query["ended_after"])
        if after > len(self.emulations):
            return problem(400, "ended_after is ahead of what this service has")
        page = self.emulations[after : after + int(query["limit"])]
        return Answer(body={"emulations": page, "ended_cursor": str(after + len(page))})


class Triggerer:
    """Follows a trigger as Airflow's triggerer does; what it stored is confirmed when a test says so."""

    def __init__(self, trigger: EmulationEventTrigger, state: AssetState) -> None:
        trigger.asset_state_store = state
        self._trigger = trigger
        self._manager = SharedStreamManager(ack_timeout=60)
        self.sequences: list[int | None] = []

    @asynccontextmanager
    async def running(self):
        key = self._trigger.shared_stream_key()
        stream = self._manager.subscribe(trigger_id=1, trigger=self._trigger, key=key)
        try:
            async with aclosing(self._trigger.filter_shared_stream(stream)) as events:
                yield self._numbered(events, key)
        finally:
            await self._manager.unsubscribe(1, key)
            await self._manager.stop_all()
            await self._trigger.cleanup()

    async def _numbered(self, events, key):
        async for event in events:
            self.sequences.append(self._manager.bind_pending_event(trigger_id=1, key=key))
            yield event

    def confirm(self) -> None:
        self._manager.confirm_persisted([number for number in self.sequences if number is not None])


def follow(trigger: EmulationEventTrigger, state: AssetState, count: int, *, confirm: bool = True) -> list[dict]:
    """Run a triggerer until it has fired so many events, and until the cursor is where it belongs."""

    async def run() -> list[dict]:
        fired: list[TriggerEvent] = []
        triggerer = Triggerer(trigger, state)
        async with triggerer.running() as events:
            waiting = asyncio.ensure_future(anext(events))
            while len(fired) < count:
                fired.append(await waiting)
                # The trigger moves past an event when the next one is asked for.
                waiting = asyncio.ensure_future(anext(events))
            if confirm:
                before = state.get(CURSOR_KEY)
                await asyncio.sleep(0)
                triggerer.confirm()
                while count and state.get(CURSOR_KEY) == before:
                    await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        return [event.payload for event in fired]

    return asyncio.run(asyncio.wait_for(run(), 20))


@pytest.fixture
def ends(service):
    return Ends(service)


def trigger(**arguments) -> EmulationEventTrigger:
    return EmulationEventTrigger(**({"poll_interval": 0.01} | arguments))


def test_first_start_begins_with_what_ends_from_now_on(ends):
    ends.end("e1")
    state = AssetState()

    async def run() -> None:
        async with aclosing(EndedEmulations(trigger(), state).open_stream()) as stream:
            waiting = asyncio.ensure_future(anext(stream))
            while not any("ended_after" in query for query in ends.queries):
                await asyncio.sleep(0.001)
            ends.end("e2")
            emulation, cursor = await waiting
            assert (emulation["id"], cursor) == ("e2", "2")

    asyncio.run(run())
    # The beginning is kept at once: what ends while no triggerer is there is not lost.
    assert state[CURSOR_KEY] == "1"


def test_event_says_what_ended(ends):
    ends.end("e1")
    [payload] = follow(trigger(from_start=True), AssetState(), 1)
    assert payload == {
        "id": "e1",
        "status": "completed",
        "ended_at": recorded("emulation_completed")["ended_at"],
        "rows_delivered": 3000,
        "emulator_sync": "local",
        "emulation_domain": "transaction",
        "format_type": "json",
        "rows": 3000,
        "from": "2026-01-02T00:00:00.000Z",
    }
    assert len(json.dumps(payload)) < 1000


def test_restart_neither_loses_nor_repeats(ends):
    state = AssetState({CURSOR_KEY: "0"})
    for name in ("e1", "e2"):
        ends.end(name)
    assert [event["id"] for event in follow(trigger(), state, 2)] == ["e1", "e2"]
    assert state[CURSOR_KEY] == "2"
    ends.end("e3")
    assert [event["id"] for event in follow(trigger(), state, 1)] == ["e3"]


def test_restart_before_an_event_was_stored_fires_it_again(ends):
    state = AssetState({CURSOR_KEY: "0"})
    ends.end("e1")
    assert [event["id"] for event in follow(trigger(), state, 1, confirm=False)] == ["e1"]
    assert state[CURSOR_KEY] == "0"
    assert [event["id"] for event in follow(trigger(), state, 1)] == ["e1"]


def test_other_domains_and_states_are_passed_over(ends):
    state = AssetState({CURSOR_KEY: "0"})
    ends.end("e1", domain="device-log")
    ends.end("e2", status="cancelled")
    ends.end("e3")
    assert [event["id"] for event in follow(trigger(domains=["transaction"]), state, 1)] == ["e3"]


def test_states_that_are_named_fire(ends):
    state = AssetState({CURSOR_KEY: "0"})
    ends.end("e1", status="failed")
    assert [event["status"] for event in follow(trigger(states=["failed", "cancelled"]), state, 1)] == ["failed"]


def test_cursor_of_a_service_that_was_made_anew_begins_with_its_first(ends):
    state = AssetState({CURSOR_KEY: "17"})
    ends.end("e1")
    assert [event["id"] for event in follow(trigger(), state, 1)] == ["e1"]


def test_service_that_is_away_or_refuses_is_asked_again(ends, monkeypatch):
    monkeypatch.setattr("lakehouse_lab_airflow.triggers.ended._PAUSE_AFTER_REFUSAL", 0.0)
    monkeypatch.setattr("lakehouse_lab_airflow.client.retries._FIRST_DELAY", 0.0)

    async def run() -> None:
        async with aclosing(EndedEmulations(trigger(), AssetState({CURSOR_KEY: "0"})).open_stream()) as stream:
            for refusal in (problem(503, "not now"), problem(401, "the request has no key")):
                ends.refuse = refusal
                asked = len(ends.queries)
                waiting = asyncio.ensure_future(anext(stream))
                while len(ends.queries) < asked + 2:
                    await asyncio.sleep(0.001)
                ends.refuse = None
                ends.end(f"e{asked}")
                assert (await waiting)[0]["id"] == f"e{asked}"

    asyncio.run(asyncio.wait_for(run(), 20))


def test_run_without_a_shared_stream_fires_too(ends):
    ends.end("e1")
    state = AssetState()
    one = trigger(from_start=True)
    one.asset_state_store = state

    async def run() -> None:
        async with aclosing(one.run()) as events:
            assert (await anext(events)).payload["id"] == "e1"
            waiting = asyncio.ensure_future(anext(events))
            while state.get(CURSOR_KEY) != "1":
                await asyncio.sleep(0.001)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)

    asyncio.run(asyncio.wait_for(run(), 20))


def test_serialize_gives_the_same_trigger_whatever_the_order():
    one = EmulationEventTrigger(domains=["b", "a"], states=["failed", "completed"], watcher="w")
    path, arguments = one.serialize()
    other = EmulationEventTrigger(**arguments)
    assert other.serialize() == (path, arguments)
    assert one.shared_stream_key() == other.shared_stream_key()
    assert one.shared_stream_key() != EmulationEventTrigger(domains=["b", "a"], states=["failed", "completed"]).shared_stream_key()


def test_trigger_that_ends_after_its_successor_began_leaves_the_successors_state():
    old, new = EmulationEventTrigger(), EmulationEventTrigger()
    old.asset_state_store, new.asset_state_store = AssetState(), AssetState()
    old.shared_stream_key()
    new.shared_stream_key()

    async def succeed():
        await old.cleanup()
        await EmulationEventTrigger.create_shared_stream_producer(new.serialize()[1]).keep("5")

    asyncio.run(succeed())
    assert new.asset_state_store == {CURSOR_KEY: "5"}
