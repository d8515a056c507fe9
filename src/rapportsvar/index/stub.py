"""The first cell of a table's header: what all rows measure, or only what kind of thing they are.

``Sjukfrånvaro i % av ordinarie arbetstid | 2021 | 2022`` stands over rows called ``Kvinnor`` and ``Män``.
"""

from __future__ import annotations

import re

from rapportsvar.model import Table

_UNIT = (
    r"(?:alla )?(?:belopp(?: i)?|netto|i)?\s*(?:tkr|kkr|mnkr|mkr|kr|miljoner kronor|kronor|%|procent|antal)?"
)
_KIND = re.compile(
    rf"(?:(?:(?:nämnd|kommun|inriktnings|effekt|fullmäktige|kund|del)?mål|(?:verksamhets|volym|resultat|kvalitets)?mått"
    r"|\w*(?:verksamhet|område|nämnd|styrelse|förvaltning|avdelning|enhet|indikator|projekt|kontroll|moment|uppdrag"
    r"|åtgärd|aktivitet|insats|perspektiv|nyckeltal|mätetal|form|grupp|slag|konto|kategori)"
    r"|nr|nummer|post|typ|objekt|risk|granskning|år|månad|period|kvartal|tertial|kommun|bolag|förbund|skola|boende"
    r"|anläggning|fråga|påstående|yrke|ålder|kön|ämne|tjänst|ort|namn|benämning|beskrivning|status|rubrik|text|förändring)"
    rf"(?:er|ar|or|en|et|n|na|erna|s)?(?:\s*/\s*\w+)?|{_UNIT})",
    re.IGNORECASE,
)
"""A kind of thing: such a cell tells no row from those of other tables."""
_TAIL = re.compile(
    rf"\s*[,(:]\s*{_UNIT}\s*\)?\s*$|\s+(?:(?:belopp|netto)\s+(?:i\s+)?)?(?:tkr|mnkr|kr|%)$", re.IGNORECASE
)
_SPACE = re.compile(r"<[^<>]*>|\s+")
CHARS_MAX = 160


def stub_of(table: Table) -> str:
    """Return what the first header cell says that rows measure; empty where it names a kind of thing."""
    if table.label_columns != 1 or not table.columns or len(table.columns) < 2:
        return ""
    for name in reversed(table.columns[0]):
        words = " ".join(part for part in _SPACE.split(name) if part)
        if words and len(words) <= CHARS_MAX and not _KIND.fullmatch(_TAIL.sub("", words)):
            return words
    return ""
