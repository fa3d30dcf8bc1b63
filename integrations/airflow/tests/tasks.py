"""Stand-ins for what Airflow gives a running task."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any


class TaskInstance:
    """A running task instance that keeps its XComs."""

    def __init__(self, try_number: int = 1, max_tries: int = 1, run_id: str = "manual__1", map_index: int = -1) -> None:
        self.dag_id = "dag"
        self.task_id = "task"
        self.run_id = run_id
        self.map_index = map_index
        self.try_number = try_number
        self.max_tries = max_tries
        self.xcoms: dict[str, Any] = {}

    def xcom_push(self, key: str, value: Any) -> None:
        """Keep an XCom."""
        self.xcoms[key] = value

    def xcom_pull(self, task_ids: str, key: str, map_indexes: int) -> Any:
        """Return an XCom of this task instance."""
        assert (task_ids, map_indexes) == (self.task_id, self.map_index)
        return self.xcoms.get(key)


class StateStore(dict):
    """The state that Airflow keeps of a task instance over its tries."""

    def set(self, key: str, value: Any) -> None:
        """Keep a value."""
        self[key] = value

    def delete(self, key: str) -> None:
        """Forget a value."""
        self.pop(key, None)


def context_of(ti: TaskInstance | None = None, store: StateStore | None = None) -> Any:
    """Return the context of a running task."""
    return {
        "ti": ti or TaskInstance(),
        "outlet_events": defaultdict(lambda: SimpleNamespace(extra={})),
        "task_state_store": store if store is not None else StateStore(),
    }
