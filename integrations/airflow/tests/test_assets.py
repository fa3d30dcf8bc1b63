from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from airflow.sdk import Asset

from lakehouse_lab_airflow.assets import create_asset, lake_table, record_events, sanitize_uri, table_of
from tasks import context_of


def test_lake_table_is_an_asset_of_its_own_scheme():
    assert lake_table("silver.transactions").uri == "lakehouse-lab://lake/silver/transactions"
    assert lake_table("silver.transactions", lake="test").uri == "lakehouse-lab://test/silver/transactions"
    assert lake_table("silver.transactions") == lake_table("silver.transactions")


@pytest.mark.parametrize("table", ["transactions", "silver.", ".x", "", "silver/transactions.x"])
def test_lake_table_wrong_name_is_told(table):
    with pytest.raises(ValueError, match="is not a table: state layer and name, such as"):
        lake_table(table)


@pytest.mark.parametrize(
    "uri", ["lakehouse-lab://lake", "lakehouse-lab://lake/silver", "lakehouse-lab:///silver/x", "lakehouse-lab://lake/a/b/c"]
)
def test_sanitize_uri_that_names_no_table_is_refused(uri):
    with pytest.raises(ValueError, match="names no table"):
        sanitize_uri(urlsplit(uri))


def test_sanitize_uri_is_the_same_with_a_slash():
    assert sanitize_uri(urlsplit("lakehouse-lab://lake/silver/x/")).geturl() == "lakehouse-lab://lake/silver/x"


def test_create_asset_gives_the_same_asset():
    assert create_asset(table="gold.daily_spend").uri == lake_table("gold.daily_spend").uri


def test_record_events_leaves_assets_of_others_alone():
    context = context_of()
    mine, other = lake_table("gold.daily_spend"), Asset("s3://bucket/key")
    record_events(context, [mine, other], lambda asset: {"table": table_of(asset)})
    assert dict(context["outlet_events"].items()).keys() == {mine}
    assert context["outlet_events"][mine].extra == {"table": "gold.daily_spend"}
