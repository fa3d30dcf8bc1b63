"""
Transactions to a Kafka topic at a steady pace, ingested while they come, and audited at the end.

The emulation's task is done as soon as the service has taken the order. A first run ingests what is there while records come. When the
emulation has ended, a second run ingests the rest, and the audit proves that the tables hold what the topic has.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import Param, dag

from lakehouse_lab_airflow.operators.audit import AuditOperator
from lakehouse_lab_airflow.operators.emulation import StartEmulationOperator
from lakehouse_lab_airflow.operators.pipeline import RunPipelineOperator
from lakehouse_lab_airflow.params import engine_param
from lakehouse_lab_airflow.sensors.emulation import EmulationSensor


@dag(
    schedule=None,
    params={
        "seconds": Param(20, type="integer", minimum=1, description="For how long records come."),
        "rate": Param("500/s", type="string", description="Their pace."),
        "engine": engine_param(),
    },
    default_args={"deferrable": True, "retries": 2, "retry_delay": timedelta(seconds=30)},
    # A topic has the records of one run after the other.
    max_active_runs=1,
    tags=["lakehouse-lab"],
    doc_md=__doc__,
)
def lakehouse_lab_kafka_stream():
    stream = StartEmulationOperator(
        task_id="stream",
        emulator_sync="kafka",
        emulation_domain="transaction",
        timeout="{{ params.seconds }}",
        rate="{{ params.rate }}",
        wait_for_completion=False,
    )
    meanwhile = RunPipelineOperator(task_id="run_meanwhile", engine="{{ params.engine }}", source="kafka", select="silver.transactions+")
    ended = EmulationSensor(task_id="ended", emulation_id=stream.output)
    rest = RunPipelineOperator(task_id="run_rest", engine="{{ params.engine }}", source="kafka", select="silver.transactions+")
    audit = AuditOperator(task_id="audit", emulation=stream.output, layers=["bronze", "silver"], require_complete=True)
    stream >> meanwhile >> rest
    stream >> ended >> rest >> audit


lakehouse_lab_kafka_stream()
