from __future__ import annotations

import pytest
from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowFailException

from lakehouse_lab_airflow.client.endpoint import ServiceEndpoint


def endpoint_of(extra=None, **fields) -> ServiceEndpoint:
    return ServiceEndpoint.of(Connection(conn_id="lab", conn_type="lakehouse_lab", **fields), extra or {})


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"host": "data-emulator"}, "http://data-emulator:8000"),
        ({"host": "data-emulator", "port": 9000}, "http://data-emulator:9000"),
        ({"host": "http://data-emulator:8001/"}, "http://data-emulator:8001"),
        ({"host": "https://lab.example.org"}, "https://lab.example.org:443"),
        ({"host": "https://lab.example.org/lakelab/"}, "https://lab.example.org:443/lakelab"),
        ({"host": "lab.example.org", "schema": "https"}, "https://lab.example.org:443"),
        ({"host": "http://[::1]", "port": 8000}, "http://[::1]:8000"),
    ],
)
def test_of_host_gives_base_url(fields, url):
    assert endpoint_of(**fields).base_url == url


@pytest.mark.parametrize("host", ["", None, "ftp://host", "http://", "http://host:port"])
def test_of_wrong_host_names_connection_and_example(host):
    with pytest.raises(AirflowFailException, match=r"connection 'lab' has .*http"):
        endpoint_of(host=host)


def test_of_extra_as_text_of_uri_is_read():
    endpoint = endpoint_of({"verify_tls": "false", "timeout": "5", "patience": "60"}, host="https://lab")
    assert (endpoint.verify_tls, endpoint.timeout, endpoint.patience) == (False, 5, 60)
    tls = endpoint.tls()
    assert tls is not None
    assert not tls.check_hostname


@pytest.mark.parametrize("extra", [{"timeout": "soon"}, {"patience": -1}, {"timeout": "nan"}, {"verify_tls": "perhaps"}])
def test_of_wrong_extra_names_field_and_value(extra):
    [(name, value)] = extra.items()
    with pytest.raises(AirflowFailException, match=f"'{value}' for {name}"):
        endpoint_of(extra, host="lab")


def test_headers_token_is_sent_and_not_shown():
    endpoint = endpoint_of(host="lab", password="secret")
    assert endpoint.headers == {"Authorization": "Bearer secret"}
    assert "secret" not in repr(endpoint)
    assert endpoint_of(host="lab").headers == {}


def test_page_of_public_url_is_for_people():
    endpoint = endpoint_of({"public_url": "https://lab.example.org/"}, host="data-emulator")
    assert endpoint.page_of("/emulator/1") == "https://lab.example.org/emulator/1"
    assert endpoint.url_of("/emulator/1") == "http://data-emulator:8000/emulator/1"


def test_tls_missing_file_is_named():
    with pytest.raises(AirflowFailException, match="no-such-file"):
        endpoint_of({"ca_bundle": "/no-such-file"}, host="https://lab").tls()
