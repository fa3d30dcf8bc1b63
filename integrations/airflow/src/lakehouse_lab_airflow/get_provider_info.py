"""What Airflow reads of the provider."""

from __future__ import annotations

from typing import Any

from lakehouse_lab_airflow import __version__

_NAME = "Lakehouse Lab"
_PACKAGE = "lakehouse_lab_airflow"


def get_provider_info() -> dict[str, Any]:
    """Return the provider's parts, and the form of its connection; the entry point ``apache_airflow_provider`` names this function."""
    return {
        "package-name": "airflow-provider-lakehouse-lab",
        "name": _NAME,
        "description": "Runs Lakehouse Lab: emulations, pipeline runs and audits as tasks, triggers and assets.",
        "versions": [__version__],
        "integrations": [{"integration-name": _NAME, "tags": ["software"]}],
        "hooks": [{"integration-name": _NAME, "python-modules": [f"{_PACKAGE}.hooks.lakehouse_lab"]}],
        "operators": [
            {
                "integration-name": _NAME,
                "python-modules": [f"{_PACKAGE}.operators.{name}" for name in ("emulation", "pipeline", "audit", "quarantine")],
            }
        ],
        "sensors": [{"integration-name": _NAME, "python-modules": [f"{_PACKAGE}.sensors.emulation"]}],
        "triggers": [{"integration-name": _NAME, "python-modules": [f"{_PACKAGE}.triggers.jobs", f"{_PACKAGE}.triggers.ended"]}],
        "notifications": [f"{_PACKAGE}.notifications.summary.SummaryNotifier"],
        "extra-links": [f"{_PACKAGE}.links.LakehouseLabLink"],
        "asset-uris": [
            {
                "schemes": ["lakehouse-lab"],
                "handler": f"{_PACKAGE}.assets.sanitize_uri",
                "factory": f"{_PACKAGE}.assets.create_asset",
                "to_openlineage_converter": f"{_PACKAGE}.assets.convert_asset_to_openlineage",
            }
        ],
        "connection-types": [
            {
                "connection-type": "lakehouse_lab",
                "hook-class-name": f"{_PACKAGE}.hooks.lakehouse_lab.LakehouseLabHook",
                "hook-name": _NAME,
                "conn-fields": _CONN_FIELDS,
                "ui-field-behaviour": {
                    "hidden-fields": ["login", "schema", "extra"],
                    "relabeling": {"host": "Address", "password": "Token"},
                    "placeholders": {"host": "http://data-emulator:8000", "port": "8000", "password": "the service's LAKELAB_API_KEY"},
                },
            }
        ],
    }


def _field(label: str, kind: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"label": label, "description": description, "schema": {"type": [kind, "null"], **schema}}


_CONN_FIELDS: dict[str, Any] = {
    "public_url": _field("Address for browsers", "string", "Where people reach the service, if that is another address than Airflow's."),
    "timeout": _field("Timeout", "number", "Seconds that one request may take.", default=30),
    "patience": _field("Patience", "number", "Seconds for which a request is repeated while the service is away or busy.", default=120),
    "verify_tls": _field("Verify TLS", "boolean", "Whether the service's certificate is checked.", default=True),
    "ca_bundle": _field("CA bundle", "string", "File with the certificates that are trusted, instead of the system's."),
    "client_cert": _field("Client certificate", "string", "File with the certificate that Airflow shows."),
    "client_key": _field("Client key", "string", "File with that certificate's key, if it is another one."),
}
