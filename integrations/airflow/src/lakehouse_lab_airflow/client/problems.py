"""What can go wrong when the service is asked, each with one clear message."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowException

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LONGEST_DETAIL = 500


class LakehouseLabError(AirflowException):
    """Something about Lakehouse Lab; the message is meant for whoever is on call."""


class ServiceUnavailableError(LakehouseLabError):
    """The service could not be reached, or answered that it cannot work now, for longer than is waited for."""


class RequestRefusedError(LakehouseLabError):
    """
    The service refused a request: asking again does not help.

    :param request: The request as ``POST http://host:8000/emulator/``.
    :param status: The HTTP status.
    :param detail: What the service says, in a sentence.
    :param errors: What is wrong with each field, where the service names fields.
    :param problem: The whole problem document.
    """

    def __init__(
        self,
        request: str,
        status: int,
        detail: str,
        errors: Mapping[str, Sequence[str]] | None = None,
        problem: Mapping[str, Any] | None = None,
    ) -> None:
        self.request = request
        self.status = status
        self.detail = detail
        self.errors = dict(errors or {})
        self.problem = dict(problem or {})
        super().__init__(self.describe())

    def describe(self) -> str:
        """Tell what was refused and why, with a line for each wrong field."""
        lines = [f"{self.request} was refused with {self.status} {_phrase(self.status)}: {self.detail}{self._remedy()}"]
        lines += [f"  {field} {text}" for field, texts in self.errors.items() for text in texts if text not in self.detail]
        return "\n".join(lines)

    def _remedy(self) -> str:
        if self.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return " (the token is the password of the Airflow connection)"
        return ""


def refusal_of(request: str, status: int, body: bytes) -> RequestRefusedError:
    """
    Read an answer that refuses a request.

    :param request: The request as ``POST http://host:8000/emulator/``.
    :param status: The answer's status.
    :param body: The answer's body, problem details (RFC 9457) or anything else.
    """
    try:
        problem = json.loads(body)
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        text = body.decode("utf-8", errors="replace").strip()
        return RequestRefusedError(request, status, text[:_LONGEST_DETAIL] or "the answer is empty")
    errors = problem.get("errors")
    fields = {str(k): [str(text) for text in v] for k, v in errors.items() if isinstance(v, list)} if isinstance(errors, dict) else {}
    detail = str(problem.get("detail") or problem.get("title") or "no reason is given")
    return RequestRefusedError(request, status, detail, fields, problem)


def may_be_over_soon(status: int, retry_after: str | None = None) -> bool:
    """
    Tell whether an answer says that the same request may succeed later.

    :param status: Its status.
    :param retry_after: Its ``Retry-After`` header. With one, a conflict is over soon: an emulation is still being cancelled.
    """
    if status == HTTPStatus.CONFLICT:
        return retry_after is not None
    return status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS) or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
