"""A DAG as those of the original system: HTTP requests with six fields, and the status until it says completed."""

from __future__ import annotations

import json

from airflow.providers.http.operators.http import HttpOperator
from airflow.providers.http.sensors.http import HttpSensor
from airflow.sdk import dag


@dag(schedule=None)
def as_before():
    emulate = HttpOperator(
        task_id="emulate",
        http_conn_id="data_emulator",
        method="POST",
        endpoint="/emulator/",
        headers={"Content-Type": "application/json"},
        data=json.dumps(
            {
                "emulator_sync": "minio",
                "emulation_domain": "transaction",
                "timeout": 5,
                "format_type": "json",
                "sync_type": "chunked",
                "max_chunk_size": 65536,
            }
        ),
        response_filter=lambda response: response.json()["id"],
    )
    HttpSensor(
        task_id="completed",
        http_conn_id="data_emulator",
        endpoint="/emulator/{{ ti.xcom_pull(task_ids='emulate') }}/status",
        response_check=lambda response: response.json()["status"]["global_status"] == "completed",
        poke_interval=1,
        timeout=60,
    ).set_upstream(emulate)


as_before()
