from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import airflow
import jsonschema

from lakehouse_lab_airflow.get_provider_info import get_provider_info
from lakehouse_lab_airflow.hooks.lakehouse_lab import LakehouseLabHook

INFO = get_provider_info()


def test_info_is_what_airflow_expects():
    schema = Path(airflow.__file__).parent / "provider_info.schema.json"
    jsonschema.validate(INFO, json.loads(schema.read_text()))


def test_info_names_what_is_there():
    modules = [name for part in ("hooks", "operators", "sensors", "triggers") for entry in INFO[part] for name in entry["python-modules"]]
    for name in modules:
        import_module(name)
    paths = [*INFO["extra-links"], *INFO["notifications"], INFO["connection-types"][0]["hook-class-name"]]
    paths += [INFO["asset-uris"][0][part] for part in ("handler", "factory", "to_openlineage_converter")]
    for path in paths:
        module, _, name = path.rpartition(".")
        assert callable(getattr(import_module(module), name))


def test_connection_form_is_declared_without_widgets():
    [connection] = INFO["connection-types"]
    assert connection["connection-type"] == LakehouseLabHook.conn_type
    assert connection["hook-name"] == LakehouseLabHook.hook_name
    assert LakehouseLabHook.get_connection_form_widgets() == {}
    assert set(connection["conn-fields"]) >= {"timeout", "patience", "verify_tls", "ca_bundle"}
    for field in connection["conn-fields"].values():
        jsonschema.Draft202012Validator.check_schema(field["schema"])
        assert field["label"]
        assert field["description"]
