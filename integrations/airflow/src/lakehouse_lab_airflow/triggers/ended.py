"""Start DAGs when emulations end."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from airflow.triggers.base import BaseEventTrigger, TriggerEvent
from airflow.triggers.shared_stream import AdvanceItem, SharedStreamProducer

from lakehouse_lab_airflow.client.problems import LakehouseLabError, RequestRefusedError
from lakehouse_lab_airflow.client.retries import Patience
from lakehouse_lab_airflow.client.service import AsyncService, NoAnswerError
from lakehouse_lab_airflow.client.sessions import shared_session
from lakehouse_lab_airflow.jobs import COMPLETED, EMULATION
from lakehouse_lab_airflow.triggers.jobs import resolve_endpoint

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Hashable, Sequence

    from airflow.sdk.execution_time.context import AssetStateStoreAccessors

CURSOR_KEY = "lakehouse_lab_ended_after"
# One at a time: a page has one cursor, and each emulation needs its own.
_PAGE = 1
_BAD_CURSOR = 400
_PAUSE_AFTER_REFUSAL = 30.0
_SETTINGS = (
    "emulator_sync", "emulation_domain", "format_type", "rows", "first_row", "from", "until", "bucket", "prefix", "topic",
)  # fmt: skip

log = logging.getLogger(__name__)


class EmulationEventTrigger(BaseEventTrigger):
    """
    Fires an event for each emulation that ends, for an ``AssetWatcher``: a DAG that is scheduled on the asset starts.

    The trigger asks for what ended after a cursor, and moves the cursor, which Airflow keeps in the asset's state, when it has stored an
    event. A restart of the triggerer loses no emulation; it repeats one only if it comes in the second between the two.

    The event's payload, which a DAG finds in the asset event's extra as ``payload``, has the emulation's ``id``, ``status``, ``ended_at``,
    ``rows`` and the settings of its request.

    :param conn_id: The Airflow connection of the service.
    :param domains: Domains whose emulations fire; all unless stated.
    :param states: States that fire: ``completed``, and ``failed`` or ``cancelled`` where named.
    :param poll_interval: Seconds between two looks.
    :param from_start: Whether emulations fire, at the first start, that had ended before.
    :param watcher: A name, for two watchers that else would be the same: each has its own cursor.
    """

    _stores: ClassVar[dict[Hashable, AssetStateStoreAccessors | None]] = {}

    def __init__(
        self,
        conn_id: str = "lakehouse_lab_default",
        domains: Sequence[str] | None = None,
        states: Sequence[str] = (COMPLETED,),
        poll_interval: float = 2.0,
        from_start: bool = False,
        watcher: str = "",
    ) -> None:
        super().__init__()
        self.conn_id = conn_id
        self.domains = sorted(domains) if domains is not None else None
        self.states = sorted(states)
        self.poll_interval = poll_interval
        self.from_start = from_start
        self.watcher = watcher

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what another triggerer makes the trigger from."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "conn_id": self.conn_id,
                "domains": self.domains,
                "states": self.states,
                "poll_interval": self.poll_interval,
                "from_start": self.from_start,
                "watcher": self.watcher,
            },
        )

    def shared_stream_key(self) -> Hashable:
        """
        Return what tells the trigger's stream from others': no two triggers share one, for each asset has its own cursor.

        A stream is what Airflow confirms stored events to. Its producer does not see the trigger: the asset's state is left for it here.
        """
        key = _key_of(self.serialize()[1])
        self._stores[key] = self.asset_state_store
        return key

    @classmethod
    def create_shared_stream_producer(cls, kwargs: dict[str, Any]) -> SharedStreamProducer:
        """Return what asks the service and keeps the cursor; called by Airflow."""
        return EndedEmulations(cls(**kwargs), cls._stores.get(_key_of(kwargs)))

    async def filter_shared_stream(self, shared_stream: AsyncIterator[Any]) -> AsyncIterator[TriggerEvent]:
        """Turn each emulation into an event."""
        async for emulation in shared_stream:
            if self.fires_for(emulation):
                yield TriggerEvent(payload_of(emulation))

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Fire events without Airflow's confirmation; Airflow itself follows the shared stream."""
        producer = EndedEmulations(self, self.asset_state_store)
        async for emulation, cursor in producer.open_stream():
            if self.fires_for(emulation):
                yield TriggerEvent(payload_of(emulation))
            await producer.keep(cursor)

    async def cleanup(self) -> None:
        """Forget what was left for the stream, unless another trigger has left its own since: Airflow ends the old one of two slowly."""
        key = _key_of(self.serialize()[1])
        if self._stores.get(key) is self.asset_state_store:
            self._stores.pop(key, None)

    def fires_for(self, emulation: dict[str, Any]) -> bool:
        """Tell whether an emulation that has ended is one that the trigger fires for."""
        return emulation.get("status") in self.states and (self.domains is None or emulation.get("emulation_domain") in self.domains)


class EndedEmulations(SharedStreamProducer):
    """
    Yields emulations in the order in which they ended, each with the cursor that follows it.

    :param trigger: The trigger that is asked for.
    :param store: Where the cursor is kept; none outside of a triggerer.
    """

    def __init__(self, trigger: EmulationEventTrigger, store: AssetStateStoreAccessors | None) -> None:
        self._trigger = trigger
        self._store = store
        if store is None:
            log.warning("Airflow gives the trigger no asset state: after a restart it begins with what ends from then on")

    async def open_stream(self) -> AsyncGenerator[tuple[dict[str, Any], str], None]:
        """Ask for what ended, again and again, through all outages."""
        cursor = await self._kept()
        async with shared_session() as session:
            while True:
                # What is refused, as with a token that was changed, is a matter for people, who mend the connection.
                service = AsyncService(await resolve_endpoint(self._trigger.conn_id), session)
                try:
                    async with aclosing(self._follow(service, cursor)) as ended:
                        async for emulation, cursor in ended:
                            yield emulation, cursor
                except RequestRefusedError as refusal:
                    if refusal.status == _BAD_CURSOR and cursor is not None:
                        log.error("%s; the service has other emulations than before: beginning with the first of them", refusal)
                        cursor = "start"
                        continue
                    log.error("%s; trying again in %g s", refusal, _PAUSE_AFTER_REFUSAL)
                    await asyncio.sleep(_PAUSE_AFTER_REFUSAL)

    async def advance(self, batch: Sequence[AdvanceItem]) -> None:
        """Move the cursor past events that Airflow has stored."""
        stored = list(itertools.takewhile(lambda item: item.outcome.is_clean, batch))
        if stored:
            await self.keep(str(stored[-1].broker_payload))
        if len(stored) < len(batch):
            raise LakehouseLabError("Airflow did not store an event in time: it will be fired again")

    async def keep(self, cursor: str) -> None:
        """Keep the cursor in the asset's state."""
        if self._store is not None:
            await self._store.aset(CURSOR_KEY, cursor)

    async def _kept(self) -> str | None:
        if self._store is None:
            return None
        try:
            cursor = await self._store.aget(CURSOR_KEY)
        except ValueError as error:
            raise LakehouseLabError(
                "one trigger watches for several assets, and has no one state for its cursor: give each asset's trigger a watcher name"
            ) from error
        return cursor if isinstance(cursor, str) else None

    async def _follow(self, service: AsyncService, cursor: str | None) -> AsyncGenerator[tuple[dict[str, Any], str], None]:
        patience = Patience(float("inf"), time.monotonic)
        while True:
            try:
                if cursor is None:
                    cursor = await self._begin(service)
                    await self.keep(cursor)
                page = await service.get(_page_path(cursor))
            except NoAnswerError as failure:
                pause = patience.next_pause(failure.retry_after) or self._trigger.poll_interval
                log.warning("%s; trying again in %.1f s", failure, pause)
                await asyncio.sleep(pause)
                continue
            if patience.renew():
                log.info("The service answers again")
            cursor = str(page["ended_cursor"])
            for emulation in page["emulations"]:
                yield emulation, cursor
            if not page["emulations"]:
                await asyncio.sleep(self._trigger.poll_interval)

    async def _begin(self, service: AsyncService) -> str:
        if self._trigger.from_start:
            return "start"
        return str((await service.get(f"{EMULATION.path}/?limit=1"))["ended_cursor"])


def payload_of(emulation: dict[str, Any]) -> dict[str, Any]:
    """Return what an event says of an emulation: little, since Airflow keeps it with each event."""
    settings = {name: emulation[name] for name in _SETTINGS if emulation.get(name) is not None}
    return {
        "id": emulation["id"],
        "status": emulation["status"],
        "ended_at": emulation.get("ended_at"),
        "rows_delivered": emulation.get("progress", {}).get("rows"),
        **settings,
    }


def _page_path(cursor: str) -> str:
    return f"{EMULATION.path}/?{urlencode({'ended_after': cursor, 'limit': _PAGE})}"


def _key_of(kwargs: dict[str, Any]) -> Hashable:
    return ("lakehouse-lab", *((name, str(value)) for name, value in sorted(kwargs.items())))
