"""The published contract of the interfaces is what the server does."""

import json
from pathlib import Path

from ringdown.testing.contract import openapi

PUBLISHED = Path(__file__).parents[2] / "web" / "api" / "openapi.json"


async def test_the_published_contract_is_fresh() -> None:
    """A changed route or fact changes the file too: `make types` writes it."""
    now = json.loads(json.dumps(await openapi()))
    assert now == json.loads(PUBLISHED.read_text(encoding="utf-8"))


async def test_every_fact_of_the_feed_has_a_schema() -> None:
    """A client can be generated for everything that the feed may carry."""
    document = await openapi()
    schemas = document["components"]["schemas"]
    for kind, ref in document["x-feed"].items():
        name = ref.rpartition("/")[2]
        assert "properties" in schemas[name], kind
        assert "centre_id" not in schemas[name]["properties"]
