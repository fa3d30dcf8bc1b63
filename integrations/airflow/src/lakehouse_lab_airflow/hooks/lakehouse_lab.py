"""Asks the service of Lakehouse Lab, with the patience that a task needs."""

from __future__ import annotations

import functools
import json
import time
from typing import TYPE_CHECKING, Any

import httpx
from airflow.sdk import BaseHook

from lakehouse_lab_airflow import __version__
from lakehouse_lab_airflow.client.endpoint import DEFAULT_PORT, ServiceEndpoint
from lakehouse_lab_airflow.client.problems import (
    LakehouseLabError,
    RequestRefusedError,
    ServiceUnavailableError,
    may_be_over_soon,
    refusal_of,
)
from lakehouse_lab_airflow.client.retries import Patience, retry_after_of
from lakehouse_lab_airflow.jobs import AUDIT, EMULATION, PIPELINE_RUN, JobKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

USER_AGENT = f"airflow-provider-lakehouse-lab/{__version__}"


class LakehouseLabHook(BaseHook):
    """
    Asks the service of Lakehouse Lab.

    A request that meets a service that is away, or that answers with 429 or 5xx, is repeated until the connection's ``patience`` ends; a
    ``Retry-After`` is kept to. Every request may be repeated: those that create something take an idempotency key.

    :param conn_id: The Airflow connection of type ``lakehouse_lab``.
    :param patience: Seconds for which requests are repeated, instead of the connection's.
    """

    conn_name_attr = "conn_id"
    default_conn_name = "lakehouse_lab_default"
    conn_type = "lakehouse_lab"
    hook_name = "Lakehouse Lab"

    def __init__(self, conn_id: str = default_conn_name, *, patience: float | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.conn_id = conn_id
        self._patience = patience
        self._clock: Callable[[], float] = time.monotonic
        self._sleep: Callable[[float], None] = time.sleep

    @functools.cached_property
    def endpoint(self) -> ServiceEndpoint:
        """Where the service is."""
        connection = self.get_connection(self.conn_id)
        return ServiceEndpoint.of(connection, connection.extra_dejson)

    @functools.cached_property
    def _client(self) -> httpx.Client:
        endpoint = self.endpoint
        return httpx.Client(
            headers={"User-Agent": USER_AGENT, "Accept": "application/json", **endpoint.headers},
            verify=endpoint.tls() or False,
            timeout=endpoint.timeout,
        )

    def get_conn(self) -> httpx.Client:
        """Return the HTTP client, which is kept for the hook's life."""
        return self._client

    def close(self) -> None:
        """Close the connections to the service."""
        if "_client" in self.__dict__:
            self._client.close()
            del self.__dict__["_client"]

    def test_connection(self) -> tuple[bool, str]:
        """Ask the service whether it is there and ready; Airflow's button "Test" calls this."""
        try:
            version = self._ask_once("GET", "/").get("version")
            needs = self._ask_once("GET", "/health/ready", allow={503}).get("needs", [])
            self._ask_once("GET", f"{EMULATION.path}?limit=1")
        except Exception as error:
            return False, str(error)
        away = [f"{need.get('name')}: {need.get('problem')}" for need in needs if not need.get("ready")]
        if away:
            return False, f"lakelab {version} answers at {self.endpoint.base_url}, and is not ready: {'; '.join(away)}"
        return True, f"lakelab {version} is ready at {self.endpoint.base_url}"

    # --- emulations ---

    def start_emulation(self, fields: Mapping[str, Any], idempotency_key: str | None = None) -> dict[str, Any]:
        """
        Start an emulation.

        :param fields: The fields of the request, as the service names them.
        :param idempotency_key: Under which key the request may be repeated.
        :return: The emulation as it was scheduled: the same for every repetition.
        :raises RequestRefusedError: Fields are wrong, or rows are taken.
        """
        return self.request("POST", f"{EMULATION.path}/", body=fields, idempotency_key=idempotency_key)

    def get_emulation(self, emulation_id: str) -> dict[str, Any]:
        """Return an emulation: settings, state, progress."""
        return self.get_job(EMULATION, emulation_id)

    def complete_emulation(self, emulation_id: str, *, pipeline: bool = False) -> dict[str, Any]:
        """
        End an emulation at a chunk's edge.

        :param emulation_id: The emulation.
        :param pipeline: Whether a pipeline run follows, which the answer's links name.
        """
        return self.request("POST", f"{EMULATION.path_of(emulation_id)}/complete", body={"pipeline": pipeline})

    def resume_emulation(self, emulation_id: str) -> dict[str, Any]:
        """
        Let a cancelled or failed emulation go on where its data ends.

        :raises RequestRefusedError: Its rows were taken meanwhile.
        """
        return self.request("POST", f"{EMULATION.path_of(emulation_id)}/resume")

    # --- pipeline runs and audits ---

    def start_pipeline_run(self, fields: Mapping[str, Any], idempotency_key: str | None = None) -> dict[str, Any]:
        """Start a pipeline run, which ingests all that is new."""
        return self.request("POST", PIPELINE_RUN.path, body=fields, idempotency_key=idempotency_key)

    def get_pipeline_run(self, run_id: str) -> dict[str, Any]:
        """Return a pipeline run: state, and what each model did."""
        return self.get_job(PIPELINE_RUN, run_id)

    def start_audit(self, fields: Mapping[str, Any], idempotency_key: str | None = None) -> dict[str, Any]:
        """Start an audit."""
        return self.request("POST", AUDIT.path, body=fields, idempotency_key=idempotency_key)

    def get_audit(self, audit_id: str) -> dict[str, Any]:
        """Return an audit: state and findings."""
        return self.get_job(AUDIT, audit_id)

    def list_tables(self) -> list[dict[str, Any]]:
        """Return the lake's tables at a glance: layer, name, version, rows."""
        return self.request("GET", "/tables")["tables"]

    # --- jobs of any kind ---

    def get_job(self, kind: JobKind, job_id: str) -> dict[str, Any]:
        """Return an emulation, pipeline run or audit."""
        return self.request("GET", kind.path_of(job_id))

    def cancel_job(self, kind: JobKind, job_id: str) -> bool:
        """
        Cancel an emulation, pipeline run or audit.

        :return: Whether it is or will be cancelled; false when it had already ended, or is not known any more.
        """
        try:
            self.request("DELETE", kind.path_of(job_id))
        except RequestRefusedError as refusal:
            if refusal.status in (404, 409):
                self.log.info("The %s %s is not cancelled: %s", kind.name, job_id, refusal.detail)
                return False
            raise
        return True

    def page_of(self, kind: JobKind, job_id: str) -> str:
        """Return the address at which a person sees a job."""
        return self.endpoint.page_of(kind.path_of(job_id))

    # --- requests ---

    def request(
        self, method: str, path: str, *, body: Mapping[str, Any] | None = None, idempotency_key: str | None = None
    ) -> dict[str, Any]:
        """
        Send a request and return the document that answers it, repeating it while the service is away or busy.

        :param method: The HTTP method.
        :param path: The path, with its query.
        :param body: The document to send.
        :param idempotency_key: Under which key the request may be repeated.
        :raises RequestRefusedError: The service refuses it: asking again does not help.
        :raises ServiceUnavailableError: The service is away or busy for longer than patience lasts.
        """
        patience = Patience(self._patience if self._patience is not None else self.endpoint.patience, self._clock)
        while True:
            try:
                return self._ask_once(method, path, body=body, idempotency_key=idempotency_key)
            except _PassingError as failure:
                pause = patience.next_pause(failure.retry_after)
                if pause is None:
                    raise ServiceUnavailableError(f"{failure}; it was tried for {patience.failed_for:.0f} s") from failure.__cause__
                self.log.warning("%s; trying again in %.1f s", failure, pause)
                self._sleep(pause)

    def _ask_once(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        allow: Sequence[int] | set[int] = (),
    ) -> dict[str, Any]:
        url = self.endpoint.url_of(path)
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            # A key goes with the very same bytes, whatever the version of a library and the order of arguments.
            content = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        try:
            answer = self._client.request(method, url, content=content, headers=headers)
        except httpx.TransportError as error:
            raise _PassingError(f"{method} {url} was not answered: {error or type(error).__name__}") from error
        except httpx.InvalidURL as error:
            raise LakehouseLabError(f"{method} {url} cannot be asked: {error}") from error
        if answer.is_success or answer.status_code in allow:
            return self._document(method, url, answer)
        refusal = refusal_of(f"{method} {url}", answer.status_code, answer.content)
        retry_after = answer.headers.get("Retry-After")
        if may_be_over_soon(answer.status_code, retry_after):
            raise _PassingError(refusal.describe(), retry_after_of(retry_after))
        raise refusal

    @staticmethod
    def _document(method: str, url: str, answer: httpx.Response) -> dict[str, Any]:
        try:
            document = answer.json()
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise RequestRefusedError(
                f"{method} {url}",
                answer.status_code,
                f"the answer is not a JSON object: is this the address of lakelab's service (port {DEFAULT_PORT} unless stated)?",
            )
        return document


class _PassingError(LakehouseLabError):
    """A failure that may be over soon."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
