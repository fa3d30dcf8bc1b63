"""Emulations that take a while, for tests that disturb them."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import Param, dag
from lakehouse_lab_airflow.operators.emulation import StartEmulationOperator


def on_call(dag_id: str, retries: int, wait_timeout: float | None = None, conn_id: str = "lakehouse_lab_default"):
    @dag(
        dag_id=dag_id,
        schedule=None,
        params={"rows": Param(10_000, type="integer")},
        default_args={"retries": retries, "retry_delay": timedelta(seconds=1)},
    )
    def emulate():
        StartEmulationOperator(
            task_id="emulate",
            conn_id=conn_id,
            emulator_sync="minio",
            emulation_domain="transaction",
            rows="{{ params.rows }}",
            rate="1000/s",
            wait_timeout=wait_timeout,
            deferrable=True,
        )

    return emulate()


on_call("on_call", retries=2)
on_call("on_call_timeout", retries=0, wait_timeout=8)
on_call("on_call_elsewhere", retries=10, conn_id="elsewhere")
