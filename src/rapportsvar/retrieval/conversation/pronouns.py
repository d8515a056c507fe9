"""Which ``det`` and ``den`` of a question point at something said before, and which stand for nothing."""

from __future__ import annotations

import re

from rapportsvar.retrieval.conversation.turns import POINTING, Turn, is_empty_word
from rapportsvar.retrieval.conversation.wording import WORD, is_verb, leads_noun
from rapportsvar.swedish.words import stopwords

_UNCOMPARED = r"(?!\s+(?:än|jämfört|mot)\b|\W*$)"
"""After ``fler``: ``är det fler än i fjol`` points, ``är det fler som söker`` does not."""
_FORMAL = (
    # finns det, rör det sig om
    r"(?<!\w)(?:finns|fanns|finnas|funnits|fattas|saknas|behövs|krävs|rör|handlar|handlade|gäller|stämmer)\s+det(?!\w)",
    # hur går det för skolan, blir det några uppsägningar, är det många som söker
    r"(?<!\w)(?:går|gick|ser|såg|blir|blev|är|var|står|ligger|har|hur)\s+det\s+(?:ut\s+|till\s+|gått\s+)?"
    r"(?:med|för|i|på|inom|någon|något|några|många|vanligt|så|som"
    rf"|(?:fler|färre|mer|mycket){_UNCOMPARED})(?!\w)",
    # är det inte fler, händer det något, tar det lång tid
    r"\b(?:blir|blev|är|var|händer|hände|tar|tog)\s+det\s+"
    r"(?:(?:inte|ju|väl|då|nu|ens|mest)\s+)?"
    r"(?:någon|något|några|nån|nåt|ingen|inget|inga|lika|mest|en|ett|för|att|många|brist|ont|därför"
    rf"|(?:fler|färre|mer){_UNCOMPARED})\b",
    # har det hjälpt: what was done
    r"\b(?:har|hade)\s+det\s+(?:hjälpt|gett|fungerat|funkat|räckt|lyckats|lönat)\b",
    # är det ändå kö
    r"\b(?:är|var|blir|blev)\s+det\s+(?:ändå|fortfarande|alltid|redan|ens|verkligen)\s+\w+\W*$",
    # drar det ut på tiden, går det lika dåligt för skolan
    r"\b(?:går|gick|drar|drog|kommer|kom)\s+det\s+(?:(?:så|lika)\s+)?"
    r"(?:ut|sig|bra|dåligt|illa|sämre|bättre|till|över|lika)\b",
    # hur många psykologer fattas det, på vilka skolor stängs det avdelningar
    r"^(?:(?:och|men)\s+)?(?:hur\s+\w+|vilk\w+|(?:på|inom)\s+\w+)\s+(?!av\b)(?:[\w-]+\s+){1,3}?"
    r"\w+(?:s|r|et)\s+det\b(?!\W*$)",
    # det finns, de som söker
    r"(?<!\w)(?:det\s+(?:finns|fanns|att)|(?:det|den|de)\s+(?:som|att)|is there|are there)(?!\w)",
)
_EMPTY = re.compile("|".join(f"(?:{pattern})" for pattern in _FORMAL), re.IGNORECASE)
_DEMONSTRATIVE = re.compile(
    r"(?<!\w)(?:den|det|de|dessa|denna|detta)\s+(?:här\s+|där\s+)?(?P<word>\w+)(?:\s+(?P<after>\w+))?",
    re.IGNORECASE,
)
_COVER = "\0"


def pronoun_in(turn: Turn, text: str) -> re.Match[str] | None:
    """Return the first word of ``text`` that points at what was asked about before.

    None where there is none, and where the question names itself what it points at: ``Hur blir det med Åsen,
    ska det vara kvar?``
    """
    covered = _EMPTY.sub(lambda match: _COVER * len(match.group()), text)
    found = (match for match in POINTING.finditer(covered) if not stands_before_noun(covered, match.start()))
    match = next(found, None)
    return None if match and _is_named_before(turn, match.start()) else match


def stands_before_noun(text: str, start: int) -> bool:
    """Tell whether a word points together with a noun after it: ``den enheten``, ``det nya arbetssättet``."""
    match = _DEMONSTRATIVE.match(text, start)
    if not match:
        return False
    word, after = match["word"].lower(), match["after"]
    if after and leads_noun(word) and not is_verb(after) and after.lower() not in stopwords():
        return True
    definite = word.endswith(("en", "et", "na", "an", "erna", "orna"))
    return definite and not is_verb(word) and word not in stopwords()


def _is_named_before(turn: Turn, start: int) -> bool:
    before = turn.question[:start]
    return "," in before and any(not is_empty_word(turn, word) for word in WORD.finditer(before))
