"""Parameters that DAGs of a lake have in common."""

from __future__ import annotations

from airflow.sdk import Param


def engine_param(default: str = "duckdb") -> Param:
    """
    Return the parameter by which whoever triggers a DAG says what runs its models.

    A DAG has it by ``params={"engine": engine_param()}``, and its operators take ``engine="{{ params.engine }}"``.

    :param default: The engine unless stated otherwise: ``duckdb``, which is embedded in the service, or ``spark``.
    """
    return Param(default, enum=["duckdb", "spark"], description="What runs the models.")
