"""A deferral with nothing behind it: what Airflow itself takes from a trigger's event to the next task."""

from __future__ import annotations

import asyncio
import time

from airflow.sdk import BaseOperator
from airflow.triggers.base import BaseTrigger, TriggerEvent


class MomentTrigger(BaseTrigger):
    """Fires at a moment, in seconds since 1970."""

    def __init__(self, moment: float) -> None:
        super().__init__()
        self.moment = moment

    def serialize(self):
        return "bare_deferral.MomentTrigger", {"moment": self.moment}

    async def run(self):
        await asyncio.sleep(self.moment - time.time())
        yield TriggerEvent(self.moment)


class BareDeferral(BaseOperator):
    """Defers for some seconds, and returns the moment at which it was to go on."""

    def __init__(self, *, seconds: float, **kwargs) -> None:
        super().__init__(**kwargs)
        self.seconds = seconds

    def execute(self, context):
        self.defer(trigger=MomentTrigger(time.time() + self.seconds), method_name="go_on")

    def go_on(self, context, event):
        return event
