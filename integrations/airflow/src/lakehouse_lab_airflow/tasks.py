"""The running task, and names for what it starts, so that its next try finds it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk import Context
    from airflow.sdk.types import OutletEventAccessorsProtocol, RuntimeTaskInstanceProtocol

# What the service takes as an idempotency key.
_LONGEST_KEY = 255


def task_instance(context: Context) -> RuntimeTaskInstanceProtocol:
    """Return the running task instance, which every context of a running task has."""
    return context["ti"]  # pyright: ignore[reportTypedDictNotRequiredAccess]


def outlet_events(context: Context) -> OutletEventAccessorsProtocol:
    """Return the events of the assets that the running task updates."""
    return context["outlet_events"]  # pyright: ignore[reportTypedDictNotRequiredAccess]


def task_key(context: Context) -> str:
    """
    Return the idempotency key of a task instance: of its DAG, task, map index and run, whatever the try.

    :param context: The task's context.
    """
    ti = task_instance(context)
    map_index = -1 if ti.map_index is None else ti.map_index
    # Only a run's id may contain slashes: it comes last, so that no two task instances have one key.
    return fit_key(f"airflow/{ti.dag_id}/{ti.task_id}/{map_index}/{ti.run_id}")


def attempt_key(key: str, fields: Mapping[str, Any], attempt: int) -> str:
    """
    Return the key of one of several things that a task instance starts, one after the other.

    :param key: The task instance's key.
    :param fields: What is asked for: other fields are another thing.
    :param attempt: Which one, from 1.
    """
    digest = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:12]
    return fit_key(f"{key}/{digest}/{attempt}")


def fit_key(key: str) -> str:
    """Return a key that the service takes: a long one, or one with other letters than ASCII's, is put as its hash."""
    if len(key) <= _LONGEST_KEY and all(" " <= letter <= "~" for letter in key):
        return key
    return f"airflow/sha256/{hashlib.sha256(key.encode()).hexdigest()}"
