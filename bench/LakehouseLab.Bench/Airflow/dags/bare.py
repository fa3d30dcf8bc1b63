"""The same without the provider: a task that does nothing, and one that waits for a moment."""

from __future__ import annotations

from airflow.sdk import dag, task
from bare_deferral import BareDeferral


@dag(schedule=None)
def bare():
    @task
    def start():
        pass

    @task
    def after():
        pass

    start() >> BareDeferral(task_id="wait", seconds=8) >> after()


bare()
