"""A committed report does not change because a day has passed, but where the judgement does."""

from __future__ import annotations

import json

from blueprint_cli import api
from tests.support.realms import REALMS


def test_what_is_in_order_has_a_date_and_no_age() -> None:
    """Only a gap says how many days late it is."""
    for node in api.scan(REALMS, as_of="2026-03-02").nodes:
        data = api.to_data(node)
        passed = [line for part in ("checks", "cadences") for line in data[part] if line["status"] == "passed"]
        text = json.dumps([passed, data["assets"], data["upcoming"], data.get("customer_health")])
        assert "days old" not in text
        assert "age_days" not in text
