"""
The whole way of the data: emulate three domains, refine them to Gold, prove that nothing is missing, tell people.

Trigger it with other parameters to have more rows, to deliver to Kafka or into the lake's own folder, or to run the models on Spark.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import Param, dag, task_group

from lakehouse_lab_airflow.assets import lake_table
from lakehouse_lab_airflow.notifications.summary import SummaryNotifier
from lakehouse_lab_airflow.operators.audit import AuditOperator
from lakehouse_lab_airflow.operators.emulation import CompleteEmulationOperator, StartEmulationOperator
from lakehouse_lab_airflow.operators.pipeline import RunPipelineOperator
from lakehouse_lab_airflow.params import engine_param

DOMAINS = ["user-profile", "transaction", "device-log"]
SILVER = ["silver.user_profiles_history", "silver.user_profiles", "silver.transactions", "silver.transactions_daily", "silver.device_logs"]

# Left empty, nobody is told.
tell = SummaryNotifier(webhook="{{ var.value.get('lakehouse_lab_webhook', '') }}")


@dag(
    schedule=None,
    params={
        "sync": Param("minio", enum=["minio", "kafka", "local"], description="Where records are delivered to."),
        "rows": Param(10_000, type="integer", minimum=1, description="Rows of each domain."),
        "engine": engine_param(),
    },
    default_args={"deferrable": True, "retries": 2, "retry_delay": timedelta(seconds=30)},
    tags=["lakehouse-lab"],
    doc_md=__doc__,
)
def lakehouse_lab_sequence():
    @task_group
    def emulate(domain: str):
        start = StartEmulationOperator(
            task_id="start", emulator_sync="{{ params.sync }}", emulation_domain=domain, rows="{{ params.rows }}"
        )
        # What has delivered its rows is complete already. With a timeout and without waiting for it, the emulation would end here.
        CompleteEmulationOperator(task_id="complete", emulation_id=start.output)

    @task_group
    def refine():
        silver = RunPipelineOperator(
            task_id="bronze_and_silver",
            engine="{{ params.engine }}",
            select=" ".join(SILVER),
            outlets=[lake_table(table) for table in SILVER],
        )
        gold = RunPipelineOperator(task_id="gold", engine="{{ params.engine }}", outlets=[lake_table("gold.customer_360")])
        silver >> gold

    audit = AuditOperator(task_id="audit", layers=["bronze", "silver", "gold"], on_success_callback=tell, on_failure_callback=tell)

    emulate.expand(domain=DOMAINS) >> refine() >> audit


lakehouse_lab_sequence()
