"""How sure an answer is, in three steps that a reader can tell apart."""

from __future__ import annotations

from enum import StrEnum

from rapportsvar.model import Answer

VERY_FROM = 0.85
FAIRLY_FROM = 0.65


class Assurance(StrEnum):
    """Steps of a calibrated probability: at least ``VERY_FROM``, at least ``FAIRLY_FROM``, and below."""

    VERY = "very"
    FAIRLY = "fairly"
    UNSURE = "unsure"


def assurance(answer: Answer) -> Assurance:
    """Say how sure an answer is."""
    if answer.confidence >= VERY_FROM:
        return Assurance.VERY
    return Assurance.FAIRLY if answer.confidence >= FAIRLY_FROM else Assurance.UNSURE
