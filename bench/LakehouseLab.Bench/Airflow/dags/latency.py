"""A task that starts an emulation, and one that waits for one."""

from __future__ import annotations

from airflow.sdk import dag, task
from lakehouse_lab_airflow.operators.emulation import StartEmulationOperator


@dag(schedule=None)
def latency():
    start = StartEmulationOperator(
        task_id="start", emulator_sync="local", emulation_domain="device-log", rows=100, wait_for_completion=False
    )
    wait = StartEmulationOperator(
        task_id="wait", emulator_sync="local", emulation_domain="transaction", rows=8_000, rate="1000/s", deferrable=True
    )

    @task
    def after():
        pass

    start >> wait >> after()


latency()
