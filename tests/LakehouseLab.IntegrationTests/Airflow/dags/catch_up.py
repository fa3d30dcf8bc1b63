"""Thirty days that Airflow catches up as soon as the DAG is unpaused."""

from __future__ import annotations

from airflow.sdk import CronDataIntervalTimetable, dag
from lakehouse_lab_airflow.operators.emulation import StartEmulationOperator
from pendulum import datetime


@dag(
    schedule=CronDataIntervalTimetable("@daily", timezone="UTC"),
    start_date=datetime(2026, 4, 1),
    end_date=datetime(2026, 4, 30),
    catchup=True,
    max_active_runs=30,
)
def catch_up():
    StartEmulationOperator(
        task_id="emulate",
        emulator_sync="minio",
        emulation_domain="device-log",
        from_="{{ data_interval_start }}",
        until="{{ data_interval_end }}",
        deferrable=True,
    )


catch_up()
