"""Where the service is and how it is asked, read from an Airflow connection."""

from __future__ import annotations

import functools
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from airflow.sdk.exceptions import AirflowFailException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk import Connection

DEFAULT_PORT = 8000
DEFAULT_TIMEOUT = 30.0
DEFAULT_PATIENCE = 120.0
_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})


@dataclass(frozen=True)
class ServiceEndpoint:
    """
    Where the service is and how it is asked.

    :param base_url: The service's address, without a slash at its end.
    :param token: The key that the service was started with (``LAKELAB_API_KEY``); none on loopback.
    :param verify_tls: Whether the service's certificate is checked.
    :param ca_bundle: File with the certificates that are trusted, instead of the system's.
    :param client_cert: File with the certificate that Airflow shows, for mutual TLS.
    :param client_key: File with its key, where it is not in the same file.
    :param timeout: Seconds that one request may take.
    :param patience: Seconds for which a request is repeated while the service is away or busy.
    :param public_url: Address of the service for browsers, where it is another one than Airflow's.
    """

    base_url: str
    token: str | None = field(default=None, repr=False)
    verify_tls: bool = True
    ca_bundle: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    timeout: float = DEFAULT_TIMEOUT
    patience: float = DEFAULT_PATIENCE
    public_url: str | None = None

    @classmethod
    def of(cls, connection: Connection, extra: Mapping[str, Any]) -> ServiceEndpoint:
        """
        Read a connection.

        :param connection: The connection.
        :param extra: Its extra fields, parsed.
        :raises AirflowFailException: A field cannot be read; retrying does not help.
        """
        fields = _ExtraFields(connection.conn_id, extra)
        return cls(
            base_url=_base_url(connection),
            token=connection.password or None,
            verify_tls=fields.switch("verify_tls", True),
            ca_bundle=fields.text("ca_bundle"),
            client_cert=fields.text("client_cert"),
            client_key=fields.text("client_key"),
            timeout=fields.seconds("timeout", DEFAULT_TIMEOUT),
            patience=fields.seconds("patience", DEFAULT_PATIENCE),
            public_url=fields.text("public_url"),
        )

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every request."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def url_of(self, path: str) -> str:
        """Return the address of a path such as ``/emulator/``."""
        return self.base_url + path

    def page_of(self, path: str) -> str:
        """Return the address that a person's browser opens for a path."""
        return (self.public_url or self.base_url).rstrip("/") + path

    def tls(self) -> ssl.SSLContext | None:
        """Return how TLS is spoken; none for a service without it."""
        if not self.base_url.startswith("https:"):
            return None
        return _tls_context(self.verify_tls, self.ca_bundle, self.client_cert, self.client_key)


@functools.lru_cache(maxsize=16)
def _tls_context(verify: bool, ca_bundle: str | None, cert: str | None, key: str | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_bundle)
        if cert:
            context.load_cert_chain(cert, key)
    except OSError as error:
        files = ", ".join(file for file in (ca_bundle, cert, key) if file)
        raise AirflowFailException(f"the connection's TLS files cannot be used ({files}): {error}") from error
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _base_url(connection: Connection) -> str:
    host = (connection.host or "").strip()
    if not host:
        raise AirflowFailException(
            f"connection '{connection.conn_id}' has no host: state the service's, such as http://data-emulator:{DEFAULT_PORT}"
        )
    if "://" not in host:
        host = f"{connection.schema or 'http'}://{host}"
    try:
        parts = urlsplit(host)
        port = connection.port or parts.port
    except ValueError as error:
        raise AirflowFailException(f"connection '{connection.conn_id}' has host '{host}', which is not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AirflowFailException(
            f"connection '{connection.conn_id}' has host '{host}': allowed are http and https, such as http://data-emulator:{DEFAULT_PORT}"
        )
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{name}:{port or (443 if parts.scheme == 'https' else DEFAULT_PORT)}{parts.path.rstrip('/')}"


class _ExtraFields:
    """Reads extra fields, which are typed in JSON and text in a URI."""

    def __init__(self, conn_id: str, extra: Mapping[str, Any]) -> None:
        self._conn_id = conn_id
        self._extra = extra

    def text(self, name: str) -> str | None:
        value = self._extra.get(name)
        return str(value) if value not in (None, "") else None

    def switch(self, name: str, default: bool) -> bool:
        value = str(self._extra.get(name, default)).lower()
        if value in ("", "none"):
            return default
        if value not in _TRUE | _FALSE:
            raise self._wrong(name, "true or false")
        return value in _TRUE

    def seconds(self, name: str, default: float) -> float:
        value = self._extra.get(name)
        if value in (None, ""):
            return default
        try:
            seconds = float(value)
        except (TypeError, ValueError):
            seconds = -1
        if not 0 < seconds < 1e9:
            raise self._wrong(name, "a number of seconds above 0")
        return seconds

    def _wrong(self, name: str, allowed: str) -> AirflowFailException:
        return AirflowFailException(f"connection '{self._conn_id}' has '{self._extra[name]}' for {name}: allowed is {allowed}")
