"""Tell people how a task ended, with what it did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx
from airflow.sdk import BaseNotifier

from lakehouse_lab_airflow.client.problems import LakehouseLabError
from lakehouse_lab_airflow.links import PAGE_KEY
from lakehouse_lab_airflow.reports import summarize_audit, summarize_run
from lakehouse_lab_airflow.tasks import task_instance

if TYPE_CHECKING:
    from airflow.sdk import Context

_TIMEOUT = 10.0


class SummaryNotifier(BaseNotifier):
    """
    Posts how a task of this provider ended to a webhook, as ``{"text": …}``, which chats such as Slack and Mattermost take.

    The text has the task, what its pipeline run or audit did, why it failed, and the page of the service. Give the notifier to
    ``on_success_callback`` and ``on_failure_callback`` of a task.

    :param webhook: The address to post to; where it is empty, the text goes to the log only. Templated: it is a secret, and belongs into a
        connection or variable.
    """

    template_fields = ("webhook",)

    def __init__(self, *, webhook: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.webhook = webhook

    def notify(self, context: Context) -> None:
        """Post the text; what goes wrong is told in the log, and leaves the task as it is."""
        text = describe_task(context)
        if not self.webhook:
            self.log.warning("Nobody is told, since webhook is empty: %s", text)
            return
        try:
            answer = httpx.post(self.webhook, json={"text": text}, timeout=_TIMEOUT)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # The address is a secret: it is not shown.
            raise LakehouseLabError(f"the webhook could not be asked: {type(error).__name__}") from None
        if not answer.is_success:
            raise LakehouseLabError(f"the webhook answered {answer.status_code} {answer.reason_phrase}")
        self.log.info("Told the webhook: %s", text)


def describe_task(context: Context) -> str:
    """
    Return how a task ended, in a few lines.

    :param context: The task's context.
    """
    ti = task_instance(context)
    exception = context.get("exception")
    lines = [f"{ti.dag_id}.{ti.task_id} {'failed' if exception else 'succeeded'} in run {ti.run_id}"]
    if exception:
        lines.append(str(exception).splitlines()[0] if str(exception) else type(exception).__name__)
    report = _pull(ti, "report")
    if isinstance(report, Mapping):
        lines.append(f"audit: {summarize_audit(report)}" if "tables" in report else f"pipeline: {summarize_run(report)}")
    if page := _pull(ti, PAGE_KEY):
        lines.append(str(page))
    return "\n".join(lines)


def _pull(ti: Any, key: str) -> Any:
    return ti.xcom_pull(task_ids=ti.task_id, key=key, map_indexes=ti.map_index)
