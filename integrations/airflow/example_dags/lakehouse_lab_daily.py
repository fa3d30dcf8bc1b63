"""
One day of transactions for each day of the schedule: the data interval is the emulation's event time.

A backfill makes exactly the days that it names, in any order, and a second one makes nothing new:

    airflow backfill create --dag-id lakehouse_lab_daily --from-date 2026-01-01 --to-date 2026-01-10 --reprocess-behavior completed
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import CronDataIntervalTimetable, dag
from pendulum import datetime

from lakehouse_lab_airflow.assets import lake_table
from lakehouse_lab_airflow.operators.audit import AuditOperator
from lakehouse_lab_airflow.operators.emulation import StartEmulationOperator
from lakehouse_lab_airflow.operators.pipeline import RunPipelineOperator
from lakehouse_lab_airflow.operators.quarantine import QuarantineCheckOperator
from lakehouse_lab_airflow.params import engine_param


@dag(
    # With "@daily" a run would have a moment instead of a day: Airflow gives data intervals to this timetable only.
    schedule=CronDataIntervalTimetable("@daily", timezone="UTC"),
    # The lake's world begins here: there is nothing to emulate before it.
    start_date=datetime(2026, 1, 1),
    # Days that were missed are made by a backfill, when somebody wants them.
    catchup=False,
    max_active_runs=4,
    params={"engine": engine_param()},
    default_args={"deferrable": True, "retries": 3, "retry_delay": timedelta(minutes=1)},
    tags=["lakehouse-lab"],
    doc_md=__doc__,
)
def lakehouse_lab_daily():
    emulate = StartEmulationOperator(
        task_id="emulate",
        # Where records go belongs to the installation: set the variable to minio for a lake on S3.
        emulator_sync="{{ var.value.get('lakehouse_lab_sync', 'local') }}",
        emulation_domain="transaction",
        from_="{{ data_interval_start }}",
        until="{{ data_interval_end }}",
        outlets=[lake_table("raw.transaction")],
    )
    run = RunPipelineOperator(
        task_id="run", engine="{{ params.engine }}", select="silver.transactions+", outlets=[lake_table("silver.transactions")]
    )
    quarantine = QuarantineCheckOperator(task_id="quarantine", pipeline_run_id=run.output, max_rate=0.001)
    # Of this day's emulation, for other days may be on their way.
    audit = AuditOperator(task_id="audit", emulation=emulate.output, layers=["bronze", "silver"])
    emulate >> run >> [quarantine, audit]


lakehouse_lab_daily()
