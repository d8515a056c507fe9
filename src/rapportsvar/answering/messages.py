"""What the asker is told where there is no answer, in Swedish."""

from __future__ import annotations

from collections.abc import Sequence

from rapportsvar.model import Reason

TEXTS: dict[Reason, str] = {
    Reason.EMPTY: "Skriv en fråga, till exempel: Varför ökade kostnaden för placeringar?",
    Reason.TOO_LONG: "Frågan är för lång. Korta den till en eller två meningar.",
    Reason.NOT_A_QUESTION: (
        "Det här är ingen fråga som rapporterna kan svara på. Fråga om något som står i dem."
    ),
    Reason.OPINION: "Rapporterna svarar på vad som har hänt och varför, inte på vad som är rätt eller fel.",
    Reason.PERSONAL: "Frågor om enskilda personer besvaras inte här.",
    Reason.NO_EVIDENCE: "Rapporterna verkar inte svara på frågan. Det närmaste som hittades visas nedan.",
}


def message(reason: Reason, *, unknown: str = "", known: Sequence[str] = ()) -> str:
    """Say why there is no answer, and what there is instead.

    Args:
        reason: Why.
        unknown: The municipality, board or year that is not indexed.
        known: What is indexed in its place.
    """
    instead = f" Det finns: {', '.join(known)}." if known else ""
    if reason is Reason.UNKNOWN_MUNICIPALITY:
        return f"Det finns ingen rapport från {unknown}.{instead}"
    if reason is Reason.UNKNOWN_BOARD:
        return f"Det finns ingen rapport från {unknown}.{instead}"
    if reason is Reason.UNKNOWN_YEAR:
        return f"Det finns ingen rapport om {unknown}.{instead}"
    return TEXTS[reason]
