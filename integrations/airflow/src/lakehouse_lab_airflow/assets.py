"""The lake's tables as assets, so that DAGs start when tables change."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from airflow.sdk import Asset

from lakehouse_lab_airflow.tasks import outlet_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from urllib.parse import SplitResult

    from airflow.sdk import Context

SCHEME = "lakehouse-lab"
DEFAULT_LAKE = "lake"


def lake_table(table: str, *, lake: str = DEFAULT_LAKE) -> Asset:
    """
    Return a table of the lake as an asset: ``lakehouse-lab://lake/silver/transactions``.

    An operator whose outlets have it attaches the table's rows, version and verdict to the asset's event.

    :param table: The table, such as ``silver.transactions``, or ``raw.transaction`` for the records of a domain.
    :param lake: A name that tells lakes apart, where there are several.
    """
    layer, dot, name = table.partition(".")
    if not (layer and dot and name) or "/" in table:
        raise ValueError(f"'{table}' is not a table: state layer and name, such as silver.transactions")
    return Asset(f"{SCHEME}://{lake}/{layer}/{name}")


def create_asset(*, table: str, lake: str = DEFAULT_LAKE, extra: dict[str, Any] | None = None) -> Asset:
    """
    Make an asset; called by Airflow's lineage collector.

    :param table: The table.
    :param lake: The lake.
    :param extra: What belongs to the asset.
    """
    asset = lake_table(table, lake=lake)
    return Asset(uri=asset.uri, extra=extra or {})


def sanitize_uri(uri: SplitResult) -> SplitResult:
    """
    Check the URI of an asset; called by Airflow when a DAG names one.

    :param uri: The URI.
    :raises ValueError: It names no table.
    """
    if not uri.netloc or len([part for part in uri.path.split("/") if part]) != 2:
        raise ValueError(
            f"'{uri.geturl()}' names no table: expected is {SCHEME}://LAKE/LAYER/TABLE, such as {SCHEME}://lake/silver/transactions"
        )
    return uri._replace(path=uri.path.rstrip("/"))


def convert_asset_to_openlineage(asset: Asset, lineage_context: Any) -> Any:  # noqa: ARG001
    """
    Return an asset as OpenLineage's dataset; called by its provider.

    :param asset: The asset.
    :param lineage_context: What the provider knows of the lineage.
    """
    # Only an installation with OpenLineage's provider has it.
    facets = importlib.import_module("airflow.providers.common.compat.openlineage.facet")
    parts = urlsplit(asset.uri)
    return facets.Dataset(namespace=f"{SCHEME}://{parts.netloc}", name=table_of(asset) or parts.path.strip("/"))


def table_of(asset: Asset) -> str | None:
    """Return the table that an asset is, such as ``silver.transactions``; none for assets of others."""
    parts = urlsplit(asset.uri)
    names = parts.path.strip("/").split("/")
    return ".".join(names) if parts.scheme == SCHEME and len(names) == 2 else None


def lake_tables_of(outlets: Iterable[Any]) -> list[Asset]:
    """Return those of a task's outlets that are tables of the lake."""
    return [outlet for outlet in outlets if isinstance(outlet, Asset) and table_of(outlet)]


def record_events(context: Context, outlets: Iterable[Any], extra_of: Callable[[Asset], Mapping[str, Any]]) -> None:
    """
    Attach to the events of the lake's tables what the task knows of them.

    :param context: The task's context.
    :param outlets: The task's outlets; those of others are left alone.
    :param extra_of: What belongs to a table's event.
    """
    for asset in lake_tables_of(outlets):
        outlet_events(context)[asset].extra.update(extra_of(asset))
