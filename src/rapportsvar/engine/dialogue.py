"""Follow-up questions: what a question takes from earlier ones is written out, so that it can stand alone."""

from __future__ import annotations

from collections.abc import Sequence

from rapportsvar.retrieval.question import Understanding


def standalone_question(question: str, history: Sequence[str], understanding: Understanding) -> str:
    """Write a follow-up question out."""
    return question
