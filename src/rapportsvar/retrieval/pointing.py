"""Questions that point at what was asked about (``det``, ``där``), and those that take its place only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapportsvar.retrieval.slots import Slot, added, of_kind, read_slots, substituted, without, year_of
from rapportsvar.retrieval.swap import is_measure
from rapportsvar.retrieval.topics import is_verb, phrases, topic_of
from rapportsvar.retrieval.turns import LEANING, POINTING, Turn, bare_of_nouns, is_thin, moved, shares
from rapportsvar.swedish.words import stopwords

_OF_THEM = re.compile(r"\bav (?:dem|dom|de|dessa)\b|\bof (?:them|these|those)\b", re.IGNORECASE)
_SEVERAL = ("de", "dem", "dom", "dessa", "them", "they")
_THERE = re.compile(r"(?<!\w)(?:där|dit|there)(?!\w)", re.IGNORECASE)
_EMPTY_IT = re.compile(
    r"(?<!\w)(?:(?:finns|fanns|finnas|funnits|rör|handlar|handlade|gäller|stämmer)\s+det"
    r"|(?:går|gick|ser|såg|blir|blev|är|var|står|ligger|har|hur)\s+det\s+(?:ut\s+|till\s+|gått\s+)?"
    r"(?:med|för|i|på|inom|någon|något|några|många|vanligt|så|som"
    r"|(?:fler|färre|mer|mycket)(?!\s+(?:än|jämfört|mot)\b|\W*$))"
    r"|det\s+(?:finns|fanns|att)|(?:det|den|de)\s+(?:som|att)|is there|are there)(?!\w)",
    re.IGNORECASE,
)
_DEMONSTRATIVE = re.compile(
    r"(?<!\w)(?:den|det|de|dessa|denna|detta)\s+(?:här\s+|där\s+)?(\w+)", re.IGNORECASE
)
_ACTOR = re.compile(r"(?<!\w)(?P<it>kommunen|nämnden)(?P<s>s?)(?!\w)", re.IGNORECASE)
_LOCATIVE = re.compile(r"(?<!\w)(?:på|inom|bland|hos|vid|i)\s+(?!kommun|år\b|snitt|fjol)[a-zåäö][\w-]*\w")
_SOME = re.compile(
    r"^(?:och\s+|men\s+)?(?P<many>hur\s+(?:många|stor\s+(?:andel|del))|vilka(?=\s+(?:är|var|blev|har)\b))\s+(?P<verb>\w+)\b(?!\s+(?:det|de|den)\b)",
    re.IGNORECASE,
)
_IN_QUESTION = re.compile(
    r"(?:rör|handlar|gäller)\s+det(?:\s+sig)?(?:\s+om)?\b"
    r"|\b(?:(?:hög|läg|stör|min|säm|bäs|fle|mes|vär)(?:s?t|re)|bättre|färre|färst)\W*$",
    re.IGNORECASE,
)


def by_pointing(turn: Turn) -> str:
    """``Vad gör man åt det?``, ``Hur många av dem är ungdomar?``, ``Hur många bor där?``."""
    moving = [slot for slot in turn.new if not slot.compared and slot.kind != "sex"]
    topic = topic_of(moved(turn, (), moving))
    text = _before_that_year(turn)
    group = _less(topic.group, moving, turn)
    some = _SOME.match(text)
    if some and is_verb(some["verb"]) and group.startswith("de "):
        return with_context(turn, f"{text[: some.end('many')]} av {group}{text[some.end('many') :]}")
    if _OF_THEM.search(text):
        return with_context(turn, _OF_THEM.sub(lambda m: f"{m.group().split()[0]} {group}", text, count=1))
    hidden = _EMPTY_IT.sub(lambda m: "\x00" * len(m.group()), text)
    match = next((m for m in POINTING.finditer(hidden) if not _before_noun(hidden, m.start())), None)
    if match:
        several = match.group().lower() in _SEVERAL or "kosta" in text
        thing = group if several else _less(topic.np, moving, turn)
        return with_context(turn, text[: match.start()] + thing + text[match.end() :])
    match = _THERE.search(text)
    if not match:
        return ""
    return with_context(turn, text[: match.start()] + _at(turn, topic.np) + text[match.end() :])


def _at(turn: Turn, np: str) -> str:
    """Say where what was asked about is: ``på äldreboendena``."""
    where = _LOCATIVE.search(without(turn.base, turn.old))
    if where:
        return where.group()
    return "" if is_measure(np) else f"i {_less(np, [slot for slot in turn.new if not slot.compared], turn)}"


def _before_that_year(turn: Turn) -> str:
    """Write ``än året innan`` for ``än i fjol`` after a question that names a year."""
    text = turn.question
    for slot in turn.new:
        if slot.compared and slot.step == -1 and year_of(turn.old):
            text = f"{text[: slot.inner - len(slot.prep)]}året innan{text[slot.end :]}"
    return text


def _less(thing: str, slots: Sequence[Slot], turn: Turn) -> str:
    """Leave out of a noun phrase the slots that the question fills itself."""
    return without(thing, of_kind(read_slots(thing, turn.understanding), *{slot.kind for slot in slots}))


def _before_noun(text: str, start: int) -> bool:
    """``den enheten``: the word points, but stands before what it points at."""
    match = _DEMONSTRATIVE.match(text, start)
    if not match:
        return False
    word = match[1].lower()
    return (
        word.endswith(("en", "et", "na", "an", "erna", "orna"))
        and not is_verb(word)
        and word not in stopwords()
    )


def with_context(turn: Turn, text: str) -> str:
    """Give a question the place, board and year of the one before, where it names none of its own."""
    if not text:
        return ""
    own = text == turn.question
    if own and not bare_of_nouns(turn) and of_kind(turn.new, "place") and not shares(turn):
        return text
    pointed = own and any(_before_noun(text, m.start()) for m in POINTING.finditer(text))
    some = _SOME.match(text)
    elliptical = bare_of_nouns(turn) or _IN_QUESTION.search(text) or (some and is_verb(some["verb"]))
    leaning = is_thin(turn) and LEANING.search(text) and _LOCATIVE.search(without(turn.base, turn.old))
    vague = is_thin(turn) and any(word in phrases("vague") for word in text.lower().rstrip(" ?!.").split())
    if own and (pointed or vague or elliptical or leaning):
        text = added(text, _surroundings(turn), turn.understanding)
    text = _actor_named(turn, text)
    return _with_year(turn, _with_place(turn, _with_board(turn, text)))


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
    trending = any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.lower()) for word in phrases("trend"))
    times = of_kind(turn.old, "time")
    there = of_kind(read_slots(text, turn.understanding), "time")
    if trending or not times or (there and year_of(there)):
        return text
    year = year_of(times)
    if not there:
        return added(text, times[-1].phrase)
    if any(slot.step is not None and not slot.compared for slot in there) and year:
        return (
            substituted(text, there[-1], turn.understanding)
            if year_of(there)
            else _counted(text, there[-1], year)
        )
    return added(text, str(year)) if year and not any(slot.compared for slot in there) else text


def _counted(text: str, slot: Slot, year: int) -> str:
    return f"{text[: slot.start]}{year + (slot.step or 0)}{text[slot.end :]}"


def _surroundings(turn: Turn) -> str:
    """Where what was asked about is, or what it is: ``på äldreboendena``."""
    where = _LOCATIVE.search(without(turn.base, turn.old))
    if where and not _IN_QUESTION.search(turn.question):
        return where.group()
    np = topic_of(turn.base).np
    thing = without(np, read_slots(np, turn.understanding))
    return "när det gäller " + re.sub(r"^(?:en|ett)\s+", "", thing)
