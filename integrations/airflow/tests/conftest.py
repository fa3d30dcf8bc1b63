"""What the tests have in common."""

from __future__ import annotations

import os
import tempfile
from types import SimpleNamespace

# Airflow makes a folder for itself when it is imported: not in the home of who runs the tests.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-home-"))

import pytest

from service import PlayedService


@pytest.fixture
def service(monkeypatch):
    """A played service, to which the default connection leads."""
    played = PlayedService()
    monkeypatch.setenv(
        "AIRFLOW_CONN_LAKEHOUSE_LAB_DEFAULT",
        f'{{"conn_type": "lakehouse_lab", "host": "{played.url}", "password": "secret", "extra": {{"patience": 60, "timeout": 5}}}}',
    )
    yield played
    played.close()


@pytest.fixture(autouse=True)
def defer_at_once(monkeypatch):
    """Let operators defer without the moment that they wait before."""
    from lakehouse_lab_airflow.operators.base import JobOperator

    monkeypatch.setattr(JobOperator, "settle_seconds", 0.0)


@pytest.fixture
def task_log(monkeypatch):
    """The lines that operators write into a task's log."""
    from airflow.sdk import BaseOperator

    lines: list[str] = []

    def write(text: str, *values: object) -> None:
        lines.append(text % values)

    monkeypatch.setattr(BaseOperator, "log", SimpleNamespace(info=write, warning=write, error=write))
    return lines


@pytest.fixture
def no_pauses(monkeypatch):
    """Let the hook's pauses pass at once; returns their lengths."""
    from lakehouse_lab_airflow.hooks.lakehouse_lab import LakehouseLabHook

    pauses: list[float] = []
    made = LakehouseLabHook.__init__

    def init(self, *args, **kwargs):
        made(self, *args, **kwargs)
        now = [0.0]

        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            now[0] += seconds

        self._sleep, self._clock = sleep, lambda: now[0]

    monkeypatch.setattr(LakehouseLabHook, "__init__", init)
    return pauses
