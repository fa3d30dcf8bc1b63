"""Links from a task to the service's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperatorLink
from airflow.sdk.bases.xcom import BaseXCom

from lakehouse_lab_airflow.tasks import task_instance

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator, Context
    from airflow.sdk.types import TaskInstanceKey

    from lakehouse_lab_airflow.jobs import JobKind

PAGE_KEY = "lakehouse_lab_page"


def push_job(context: Context, kind: JobKind, job_id: str, page: str) -> None:
    """
    Leave a job's id and page in XCom.

    :param context: The task's context.
    :param kind: What the job is.
    :param job_id: The job.
    :param page: The address of its page.
    """
    ti = task_instance(context)
    ti.xcom_push(key=kind.xcom_key, value=job_id)
    ti.xcom_push(key=PAGE_KEY, value=page)


class LakehouseLabLink(BaseOperatorLink):
    """The button that opens the service's page of what a task started."""

    @property
    def name(self) -> str:
        """What the button says."""
        return "Lakehouse Lab"

    @property
    def xcom_key(self) -> str:
        """The XCom that has the address: the task leaves it there as soon as it is known, not only at its end."""
        return PAGE_KEY

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:  # noqa: ARG002
        """
        Return the address.

        :param operator: The task.
        :param ti_key: The task instance.
        """
        page = BaseXCom.get_value(key=PAGE_KEY, ti_key=ti_key)  # pyright: ignore[reportArgumentType]
        return page if isinstance(page, str) else ""
