"""Putting another thing in the place of the one that a question is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rapportsvar.retrieval.conversation.slots import Slot, added, read_slots
from rapportsvar.retrieval.conversation.topics import topic_of
from rapportsvar.retrieval.conversation.wording import WORD, bare, is_supine, is_verb, phrases, subject_split
from rapportsvar.retrieval.question import Understanding

_ALIKE = (
    {"för", "av", "till", "med", "om", "gällande", "avseende"},
    {"i", "på", "inom", "vid", "hos", "bland"},
    {"bland", "för", "hos"},
)
_ENDS = frozenset(["som", "att", "när", "där", "eller", "men", "än", "jämfört", "totalt", "respektive"])
_ACTORS = frozenset(["man", "vi", "de", "det", "den", "ni", "dem", "kommunen", "nämnden", "ut"])
_OF_WHOM = re.compile(
    r"^(?:och\s+|men\s+)?hur\s+(?:många|stor\s+(?:andel|del))\s+av\s.+\s(?:är|var)\s+(?P<what>[\w-]+(?:\s[\w-]+)?)\W*$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:och\s+|men\s+)?(?:hur\s+(?:ser|såg|många|mycket|stor\s+(?:andel|del)(?:\s+av)?|\w+)"
    r"|vilk\w+|vad|varför|när|vem|var|ökade|minskade|har|how\s+\w+|what)"
    r"\s+(?:(?:är|var|blev|blir|ser|såg|har|hade|is|was|were|are)\s+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A noun phrase of a question that another thing may replace."""

    start: int
    end: int
    prep: str
    text: str


def replaced(base: str, thing: str, understanding: Understanding, *, typed: str = "") -> str:
    """Put ``thing`` (``för Barn och familj``, ``elevassistenterna``) where it belongs in ``base``.

    ``typed`` is the question that names it: a word with a capital there may be a name, though it is known.
    """
    prep, noun = _parted(thing)
    spots = _spots(base, understanding)
    after = [spot for spot in spots if spot.prep]
    if prep:
        return _with_prep(base, prep, noun, after, understanding)
    head = next((spot for spot in spots if not spot.prep), None)
    alike = max(spots, key=lambda spot: _likeness(spot.text, noun, understanding), default=None)
    if alike and _likeness(alike.text, noun, understanding) > 0:
        return _put(base, alike, noun)
    if is_measure(noun):
        if head and is_measure(head.text):
            return _put(base, head, noun)
        return _measured(base, noun)
    of_whom = _OF_WHOM.search(base)
    if of_whom:
        return f"{base[: of_whom.start('what')]}{noun}{base[of_whom.end('what') :]}"
    name = noun[:1].upper() + noun[1:]
    named = next((spot for spot in spots if _is_name(spot.text)), None)
    if named and name in typed:
        return _put(base, named, name)
    if after:  # "hemtjänsten" in "åt underskottet för hemtjänsten"
        return _put(base, next((spot for spot in after if not is_measure(spot.text)), after[0]), noun)
    if head and not is_measure(head.text):
        return _put(base, head, noun)
    return added(base, f"för {noun}", understanding)


def _is_name(text: str) -> bool:
    return any(word[:1].isupper() for word in text.split())


def is_measure(text: str) -> bool:
    """Tell whether a phrase names what is measured (``sjukfrånvaron``) and not whose it is."""
    words = WORD.findall(text.lower())
    return any(word.endswith(_measures()) for word in words[:2])


@cache
def _measures() -> tuple[str, ...]:
    return tuple(phrases("measure"))


def _parted(thing: str) -> tuple[str, str]:
    first, _, rest = thing.partition(" ")
    return (first.lower(), rest) if first.lower() in phrases("preposition") and rest else ("", thing)


def _with_prep(base: str, prep: str, noun: str, after: Sequence[_Spot], understanding: Understanding) -> str:
    same = [spot for spot in after if spot.prep == prep]
    near = [spot for spot in after if any(prep in group and spot.prep in group for group in _ALIKE)]
    for spot in (*same, *near, *after):
        return f"{base[: spot.start]}{prep} {noun}{base[spot.end :]}"
    head = next((spot for spot in _spots(base, understanding) if not spot.prep), None)
    if head and not is_measure(head.text) and prep in ("för", "med"):
        return _put(base, head, noun)
    return added(base, f"{prep} {noun}", understanding)


def _measured(base: str, noun: str) -> str:
    """``Hur gick det för hemtjänsten?``, ``Och budgeten?``: ``Vad var budgeten för hemtjänsten?``."""
    past = re.search(r"\b(?:var|blev|gick|hade|fick|\w+ade|\w+ades|\w+te|was)\b", bare(base)) is not None
    topic = topic_of(base)
    return f"Vad {'var' if past else 'är'} {noun} för {topic.group}?"


def _put(base: str, spot: _Spot, noun: str) -> str:
    prep = f"{base[spot.start : spot.start + len(spot.prep)]} " if spot.prep else ""
    return f"{base[: spot.start]}{prep}{noun}{base[spot.end :]}"


def _likeness(old: str, new: str, understanding: Understanding) -> int:
    """Count the words, parts or endings that two phrases share."""
    mine = {t.key for t in understanding.analyzer.terms(new)}
    theirs = {t.key for t in understanding.analyzer.terms(old)}
    ends = {key[-6:] for key in mine if len(key) > 6} & {key[-6:] for key in theirs if len(key) > 6}
    return 2 * len(mine & theirs) + len(ends)


def _spots(base: str, understanding: Understanding) -> list[_Spot]:
    """Return the noun phrases of a question: its first one, then those after prepositions; no slots."""
    slots = read_slots(base, understanding)
    found: list[_Spot] = []
    opening = _OPENING.match(base)
    start = opening.end() if opening else 0
    words = [m for m in WORD.finditer(base) if m.start() >= start]
    place = _head(base, words, slots, found)
    while place < len(words):
        if words[place].group().lower() in phrases("preposition") and not _inside(
            words[place].start(), slots
        ):
            stop = _stop(words, place + 1, slots)
            if stop > place + 1:
                text = base[words[place + 1].start() : words[stop - 1].end()]
                found.append(
                    _Spot(words[place].start(), words[stop - 1].end(), words[place].group().lower(), text)
                )
            place = max(stop, place + 1)
        elif is_verb(words[place].group()):
            place = _subject(base, words, place + 1, slots, found)
        else:
            place += 1
    return found


def _subject(
    base: str, words: Sequence[re.Match[str]], place: int, slots: Sequence[Slot], found: list[_Spot]
) -> int:
    """Enter the subject that follows the verb of ``Hur många platser har Kvarnen``."""
    if place >= len(words) or words[place].group().lower() in phrases("preposition") | _ACTORS:
        return place
    return _head(base, words, slots, found, first=place)


def _head(
    base: str, words: Sequence[re.Match[str]], slots: Sequence[Slot], found: list[_Spot], first: int = 0
) -> int:
    """Enter the first noun phrase from a place on; return the place after it."""
    while first < len(words) and (
        is_verb(words[first].group()) or words[first].group().lower() in ("det", "ut")
    ):
        first += 1
    stop = _stop(words, first, slots)
    if stop <= first:
        return first
    text = base[words[first].start() : words[stop - 1].end()]
    subject, _ = subject_split(text)
    end = words[first].start() + len(subject)
    found.append(_Spot(words[first].start(), end, "", subject))
    return stop


def _stop(words: Sequence[re.Match[str]], place: int, slots: Sequence[Slot]) -> int:
    while place < len(words):
        word = words[place].group()
        low = word.lower()
        if low in phrases("preposition") or low in _ENDS or _inside(words[place].start(), slots):
            break
        if (
            low in ("ut", "över", "upp", "inte")
            or is_supine(low)
            or (is_verb(low) and not word[:1].isupper())
        ):
            break
        place += 1
    return place


def _inside(place: int, slots: Sequence[Slot]) -> bool:
    return any(slot.start <= place < slot.end for slot in slots)
