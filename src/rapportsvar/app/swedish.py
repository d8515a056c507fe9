"""Numbers and dates as they are written in Swedish."""

from __future__ import annotations

from datetime import date

MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
THIN = "\u00a0"


def number(value: int) -> str:
    """Write ``12345`` as ``12 345``, with a blank that does not break."""
    return f"{value:,}".replace(",", THIN)


def long_date(day: date) -> str:
    """Write a date as ``22 november 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def long_date_of(iso: str) -> str:
    """Write an ISO date as ``22 november 2026``; anything else as it is."""
    try:
        return long_date(date.fromisoformat(iso[:10]))
    except ValueError:
        return iso


def counted(count: int, one: str, many: str) -> str:
    """Write ``1 träff`` or ``12 träffar``."""
    return f"{number(count)} {one if count == 1 else many}"


def capital(words: str) -> str:
    """Write the first letter large and leave the rest."""
    return words[:1].upper() + words[1:]
