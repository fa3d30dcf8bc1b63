"""
Starts by itself when an emulation has ended, whoever started it: another DAG, a script, a colleague with curl.

The trigger follows the service; an emulation that ends while no triggerer is there starts a run later.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import Asset, AssetWatcher, dag, task

from lakehouse_lab_airflow.assets import lake_table
from lakehouse_lab_airflow.operators.pipeline import RunPipelineOperator
from lakehouse_lab_airflow.params import engine_param
from lakehouse_lab_airflow.triggers.ended import EmulationEventTrigger

profiles = AssetWatcher(name="service", trigger=EmulationEventTrigger(domains=["user-profile"]))
ended = Asset("lakehouse_lab_profiles_ended", watchers=[profiles])


@dag(
    schedule=[ended],
    params={"engine": engine_param()},
    default_args={"retries": 2, "retry_delay": timedelta(seconds=30)},
    # One run ingests all that is new.
    max_active_runs=1,
    tags=["lakehouse-lab"],
    doc_md=__doc__,
)
def lakehouse_lab_on_asset():
    @task
    def ended_emulations(triggering_asset_events=None):
        """Return what started the run: more than one emulation, if they ended while another run was at work."""
        payloads = [event.extra["payload"] for event in triggering_asset_events[ended]]
        for emulation in payloads:
            print(f"emulation {emulation['id']} has ended: {emulation['status']}, {emulation['rows_delivered']:,} rows")
        return [emulation["id"] for emulation in payloads]

    run = RunPipelineOperator(
        task_id="run",
        engine="{{ params.engine }}",
        select="silver.user_profiles_history+",
        outlets=[lake_table("silver.user_profiles")],
        deferrable=True,
    )
    ended_emulations() >> run


lakehouse_lab_on_asset()
