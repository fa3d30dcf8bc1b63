"""
A task that fails, for you to clear.

Something cancels the emulation while it runs, and the task that waits for it fails: nothing is tried again, since somebody wanted it so.
Clear task `start` with all that is downstream of it, as on call: the same emulation goes on where its data ends, until it has its rows. The
audit then finds nothing missing and nothing twice.
"""

from __future__ import annotations

from airflow.sdk import dag, task

from lakehouse_lab_airflow.hooks.lakehouse_lab import LakehouseLabHook
from lakehouse_lab_airflow.jobs import EMULATION
from lakehouse_lab_airflow.operators.audit import AuditOperator
from lakehouse_lab_airflow.operators.emulation import StartEmulationOperator
from lakehouse_lab_airflow.operators.pipeline import RunPipelineOperator
from lakehouse_lab_airflow.params import engine_param
from lakehouse_lab_airflow.sensors.emulation import EmulationSensor


@dag(
    schedule=None,
    params={"engine": engine_param()},
    default_args={"deferrable": True},
    tags=["lakehouse-lab"],
    doc_md=__doc__,
)
def lakehouse_lab_faults():
    start = StartEmulationOperator(
        task_id="start",
        # Where records go belongs to the installation: set the variable to minio for a lake on S3.
        emulator_sync="{{ var.value.get('lakehouse_lab_sync', 'local') }}",
        emulation_domain="device-log",
        # Twenty seconds of work.
        rows=20_000,
        rate="1000/s",
        wait_for_completion=False,
    )

    @task
    def fault(emulation_id: str, ti=None):
        """Cancel the emulation, but not when somebody has cleared the task."""
        if ti.try_number == 1:
            LakehouseLabHook().cancel_job(EMULATION, emulation_id)

    ended = EmulationSensor(task_id="ended", emulation_id=start.output)
    run = RunPipelineOperator(task_id="run", engine="{{ params.engine }}", select="silver.device_logs+")
    audit = AuditOperator(task_id="audit", emulation=start.output, layers=["bronze", "silver"])
    fault(start.output) >> ended >> run >> audit


lakehouse_lab_faults()
