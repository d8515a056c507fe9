"""What a question takes along from the one before: place, board, year, and what the talk is about."""

from __future__ import annotations

import re

from rapportsvar.retrieval.conversation.pronouns import stands_before_noun
from rapportsvar.retrieval.conversation.slots import (
    Slot,
    added,
    of_kind,
    read_slots,
    substituted,
    without,
    year_of,
)
from rapportsvar.retrieval.conversation.topics import is_sound, topic_of
from rapportsvar.retrieval.conversation.turns import (
    LEANING,
    POINTING,
    Turn,
    bare_of_nouns,
    is_thin,
    shares,
)
from rapportsvar.retrieval.conversation.wording import WORD, bare, is_verb, leads_noun, phrases
from rapportsvar.swedish.dictionary import dictionary
from rapportsvar.swedish.words import stopwords

AS_FOR = "när det gäller"
SOME = re.compile(
    r"^(?:och\s+|men\s+)?(?P<many>hur\s+(?:många|stor\s+(?:andel|del))|vilka(?=\s+(?:är|var|blev|har)\b))"
    r"\s+(?P<verb>\w+)\b(?!\s+(?:det|de|den)\b)",
    re.IGNORECASE,
)
"""Some of those asked about before: ``Hur många är kvinnor?``"""
_ACTOR = re.compile(r"(?<!\w)(?P<it>kommunen|nämnden)(?P<s>s?)(?!\w)", re.IGNORECASE)
_LAST_FILLERS = re.compile(r"\s+(?:då|egentligen|liksom)(?=\W*$)", re.IGNORECASE)
_LOCATIVE = re.compile(r"(?<!\w)(?:på|inom|bland|hos|vid|i)\s+(?!kommun|år\b|snitt|fjol)[a-zåäö][\w-]*\w")
_DEFINITE = re.compile(r"\w{4,}(?:en|et|an|na|on|rn)$")
_THIS_YEAR = re.compile(r"(?<!\w)i år(?!\w)(?!\s*\d)", re.IGNORECASE)
_OWN_SUBJECT = re.compile(
    r"(?:hur\s+många|vilk[ae]\w*)\s+(?P<noun>[\w-]+)"
    r"|vad\s+(?:menas\s+med|betyder|räknas\s+som|står)\s+(?P<term>[\w-]+)",
    re.IGNORECASE,
)
_IN_QUESTION = re.compile(
    r"(?:rör|handlar|gäller)\s+det(?:\s+sig)?(?:\s+om)?\b"
    r"|\b(?:(?:hög|läg|stör|min|säm|bäs|fle|mes|vär)(?:s?t|re)|bättre|färre|färst)\W*$",
    re.IGNORECASE,
)


def with_context(turn: Turn, text: str, *, leans: bool = False) -> str:
    """Give a question the place, board and year of the one before, where it names none of its own.

    Args:
        turn: The question beside the one before.
        text: The question, as asked or as far as it is written out.
        leans: It points at what the talk is about in a way that could not be written out; that is told
            at the end then, as for a question that names one thing at most.
    """
    if not text:
        return ""
    own = text == turn.question
    if own and not bare_of_nouns(turn) and of_kind(turn.new, "place") and not shares(turn):
        return text
    if leans or (own and _leans(turn)):
        around = _surroundings(turn)
        text = _LAST_FILLERS.sub("", text)
        text = added(text, around, turn.understanding) if around else text
    text = _actor_named(turn, text)
    return _with_year(turn, _with_place(turn, _with_board(turn, text)))


def where(turn: Turn) -> str:
    """Return where what was asked about is: ``på äldreboendena``; nothing where that is not told."""
    match = _LOCATIVE.search(without(turn.base, turn.old))
    return match.group() if match and _DEFINITE.search(match.group()) else ""


def _leans(turn: Turn) -> bool:
    """Tell whether a question means something only beside the one before."""
    text = turn.question
    if any(stands_before_noun(text, match.start()) for match in POINTING.finditer(text)):
        return True
    some = SOME.match(text)
    if bare_of_nouns(turn) or _IN_QUESTION.search(text) or (some and is_verb(some["verb"])):
        return True
    return is_thin(turn) and not (_has_own_subject(turn) or _names_something(turn))


def _has_own_subject(turn: Turn) -> bool:
    """Tell whether it names what it asks for: ``Hur många bibliotek finns det``, ``Vad menas med SIP``."""
    text = bare(turn.question)
    asked = _OWN_SUBJECT.match(text)
    if not asked or LEANING.search(text):
        return False
    noun: str = asked["noun"] or asked["term"]
    return not is_verb(noun) and noun.lower() not in stopwords()


def _names_something(turn: Turn) -> bool:
    """Tell whether it names something by its name: ``Vad gör man åt Björkskolan?``."""
    words = [match.group() for match in WORD.finditer(without(turn.question, turn.new))]
    return any(word[:1].isupper() and not word.isupper() for word in words[1:])


def _surroundings(turn: Turn) -> str:
    """Say where what was asked about is, or what it is: ``när det gäller hemtjänsten``."""
    place = where(turn)
    if place and not _IN_QUESTION.search(turn.question):
        return place
    topic = topic_of(turn.base)
    np = topic.np if is_sound(topic.np) else _names_in(turn)
    thing = without(np, read_slots(np, turn.understanding))
    thing = re.sub(r"^(?:en|ett)\s+", "", " och ".join(thing.split(f" {AS_FOR} ")[:2]))
    return f"{AS_FOR} {thing}" if thing else ""


def _names_in(turn: Turn) -> str:
    """Return the nouns and names of the question before, one after the other, at most three."""
    words = [match.group() for match in WORD.finditer(without(turn.base, turn.old))][1:]
    kept = [word for word in words if not (is_verb(word) or leads_noun(word) or _is_small(word.lower()))]
    nouns = [word for word in kept if word[:1].isupper() or _is_noun(word.lower())]
    return " och ".join((nouns or kept)[:3])


def _is_small(word: str) -> bool:
    return word in stopwords() | phrases("particle") or dictionary().is_infinitive(word)


def _is_noun(word: str) -> bool:
    return dictionary().is_noun(dictionary().lemma(word) or word)


def _actor_named(turn: Turn, text: str) -> str:
    """Write ``Lindsjö kommun`` for ``kommunen``, ``socialnämnden`` for ``nämnden``."""
    places = {slot.name for slot in of_kind(turn.old, "place")}
    boards = {mention.name for mention in turn.understanding.gazetteer.boards(turn.base, loose=True)}
    named = {
        "kommunen": [f"{p} kommun" for p in places if not p.startswith("Region")],
        "nämnden": sorted(boards),
    }

    def name(match: re.Match[str]) -> str:
        known = named[match["it"].lower()]
        own = of_kind(turn.new, "place") and match["it"].lower() == "kommunen"
        return (
            known[0] + match["s"]
            if len(known) == 1 and not own and known[0].split()[0] not in text
            else match.group()
        )

    return _ACTOR.sub(name, text)


def _with_board(turn: Turn, text: str) -> str:
    boards = turn.understanding.gazetteer.boards(turn.base, loose=True)
    if len(boards) != 1 or turn.understanding.gazetteer.boards(text, loose=True):
        return text
    if not (shares(turn) or is_thin(turn)) or text != turn.question:
        return text
    return added(text, f"i {boards[0].name}", turn.understanding)


def _with_place(turn: Turn, text: str) -> str:
    if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.lower()) for word in phrases("whole")):
        return text
    if of_kind(read_slots(text, turn.understanding), "place", "area"):
        return text
    names = list(dict.fromkeys(slot.name for slot in of_kind(turn.old, "place")))
    return added(text, f"i {' och '.join(names)}", turn.understanding) if names else text


def _with_year(turn: Turn, text: str) -> str:
    if _THIS_YEAR.search(text):
        return text
    trending = any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.lower()) for word in phrases("trend"))
    times = [slot for slot in of_kind(turn.old, "time") if not slot.compared]
    there = of_kind(read_slots(text, turn.understanding), "time")
    if trending or not times or (there and year_of(there)):
        return text
    year = year_of(times)
    if not there:
        phrase = times[-1].phrase.lstrip(", ")
        return added(text, phrase if not year or str(year) in phrase else f"{phrase} {year}")
    if any(slot.step is not None and not slot.compared for slot in there) and year:
        return (
            substituted(text, there[-1], turn.understanding)
            if year_of(there)
            else _counted(text, there[-1], year)
        )
    return added(text, str(year)) if year and not any(slot.compared for slot in there) else text


def _counted(text: str, slot: Slot, year: int) -> str:
    return f"{text[: slot.start]}{year + (slot.step or 0)}{text[slot.end :]}"
