"""Metadata corrected by hand takes the place of what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rapportsvar.model import Fact, Metadata
from rapportsvar.swedish.periods import find_periods

CORRECTED = "rättad för hand"
"""The rule of a fact that was corrected."""


def corrected(found: Metadata, values: Mapping[str, str]) -> Metadata:
    """Return metadata with corrections in place.

    Args:
        found: What was read.
        values: Fact to corrected value; an empty one takes the fact away. A corrected period brings its year.
    """
    facts = {name: Fact(value, True, CORRECTED) if value else None for name, value in values.items()}
    if values.get("period") and "year" not in values:
        years = [mention.period.year for mention in find_periods(values["period"]) if mention.period]
        facts |= {"year": Fact(str(years[0]), True, CORRECTED)} if years else {}
    return replace(found, **facts)


def is_corrected(fact: Fact | None) -> bool:
    """Tell whether a fact was corrected by hand."""
    return fact is not None and fact.rule == CORRECTED
