"""The slots of a question that a follow-up fills anew: municipality, time and sex, with its preposition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rapportsvar.model import Period
from rapportsvar.retrieval.measured import MEN, WOMEN
from rapportsvar.retrieval.question import Understanding
from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.language import language
from rapportsvar.swedish.periods import find_periods, year_period

COMPARING = (
    r"(?:högre än|lägre än|fler än|färre än|mer än|mindre än"
    r"|jämfört med|i jämförelse med|än|mot|compared (?:to|with)|than)\s+"
)
_PLACE_LEAD = re.compile(
    rf"(?P<than>\b{COMPARING})?(?P<prep>(?<!\w)(?:i|från|för|hos|inom|av|på|till|in|for|of)\s+)?$",
    re.IGNORECASE,
)
_SAYS = (
    r"(?:,\s*|(?<!\w))enligt\s+"
    r"\w*(?:rapporten|uppföljningen|redovisningen|berättelsen|bokslutet|prognosen)\s+"
)
"""Which report says so belongs to the time that it is of: ``enligt delårsrapporten augusti 2019``."""
_TIME_LEAD = re.compile(
    rf"(?P<than>\b{COMPARING})?"
    rf"(?P<prep>(?:{_SAYS})?(?<!\w)(?:(?:i|under|för|från|år|per|vid|vintern|sommaren|in|during|for)\s+)+|{_SAYS})?$",
    re.IGNORECASE,
)
_COUNT = r"\d{1,2}|ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|one|two|three|four|five"
_STEP = re.compile(
    rf"""(?<!\w)(?:(?P<before>(?:året|åren)\ (?:innan|före|dessförinnan)|(?:det\ )?föregående\ år(?:et)?
        |förra\ året
        |fjolåret|i\ fjol|the\ year\ before|last\ year|året\ tidigare)
    | (?P<two>i\ förfjol|förrförra\ året)
    | (?P<same>samma\ år|det\ året(?!\ (?:innan|före|efter|där|dess|tidigare))|the\ same\ year)
    | (?P<after>året\ (?:efter|därpå|därefter)|(?:nästa|följande|kommande)\ år|the\ year\ after|next\ year)
    | (?:för\ )?(?P<back>{_COUNT})\ (?:år|years?)\ (?:sen|sedan|tidigare|innan|före|dessförinnan|ago|earlier)
    | (?P<ahead>{_COUNT})\ år\ (?:efter|senare|framåt))(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_SPOKEN = re.compile(r"förra|fjol|nästa|last year|next year|kommande", re.IGNORECASE)
_NUMBERS = {
    "ett": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8, "nio": 9, "tio": 10,
    "one": 1, "three": 3, "four": 4, "five": 5, "two": 2,
}  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SEX = re.compile(rf"(?:{WOMEN.pattern}|{MEN.pattern})", re.IGNORECASE)
_SEXES = re.compile(rf"{_SEX.pattern}(?:\s+(?:och|respektive|eller|and|or)\s+{_SEX.pattern})?", re.IGNORECASE)
_END = re.compile(r"[\s?!.,;:]*$")


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot where it stands.

    Attributes:
        kind: ``place``, ``area`` (wider than a municipality), ``time`` or ``sex``.
        start: Where its preposition begins, or itself.
        inner: Where it begins itself.
        end: Where it ends.
        text: Itself as written.
        name: The municipality in its basic form, otherwise ``text``.
        prep: Its preposition with a blank, or nothing.
        compared: It is what something is compared with: ``än i fjol``.
        step: Years from the year spoken of; None where it is not counted so.
        period: What a time means.
    """

    kind: str
    start: int
    inner: int
    end: int
    text: str
    name: str
    prep: str = ""
    compared: bool = False
    step: int | None = None
    period: Period | None = None

    @property
    def phrase(self) -> str:
        """The slot with its preposition."""
        text = self.text if self.text[1:2].isdigit() else self.text[:1].lower() + self.text[1:]
        return self.prep.lower() + text


def read_slots(text: str, understanding: Understanding) -> list[Slot]:
    """Find the slots of a question, in order and without overlap."""
    found: list[Slot] = []
    for slot in (*_places(text, understanding), *_areas(text), *_times(text), *_sexes(text)):
        if all(slot.end <= other.start or other.end <= slot.start for other in found):
            found.append(slot)
    return sorted(found, key=lambda slot: slot.start)


def of_kind(slots: Sequence[Slot], *kinds: str) -> list[Slot]:
    """Return the slots of some kinds."""
    return [slot for slot in slots if slot.kind in kinds]


def year_of(slots: Sequence[Slot]) -> int | None:
    """Return the last year that is written out, of those that nothing is compared with if there is one."""
    times = of_kind(slots, "time")
    for some in ([slot for slot in times if not slot.compared], times):
        years = [int(y) for slot in some for y in _YEAR.findall(slot.text)]
        if years:
            return years[-1]
    return None


def newest_year(slots: Sequence[Slot], understanding: Understanding) -> int | None:
    """Return the year of the newest report of the municipalities named, or of all."""
    names = {slot.name for slot in of_kind(slots, "place")}
    infos = list(understanding.indexed.reports.values())
    named = [i for i in infos if i.municipality in names] or infos
    return max((i.year for i in named if i.year), default=None)


def substituted(base: str, new: Slot, understanding: Understanding) -> str:
    """Put a slot of a new question in the place of the same in an earlier one, or add it."""
    old = read_slots(base, understanding)
    if new.compared:
        year = _counted(new, old)
        return added(
            base, f"jämfört med {new.prep if new.kind == 'place' else ''}{year or new.text}", last=True
        )
    if new.kind == "area":
        own = of_kind(old, "place")
        versus = f" jämfört med {own[-1].name}" if own else ""
        return _over(base, own[-1], f"i {new.text}{versus}") if own else added(base, f"i {new.text}")
    if new.kind == "place":
        return _place_put(base, new, of_kind(old, "place", "area"))
    if new.kind == "time":
        return _time_put(base, new, old, understanding)
    own = of_kind(old, "sex")
    sex = new.text.lower()
    return (
        _over(base, own[-1], own[-1].prep + sex)
        if own
        else added(base, f"{_among(base)} {sex}", understanding)
    )


def added(base: str, words: str, understanding: Understanding | None = None, *, last: bool = False) -> str:
    """Add words at the end of a question, before a place and a time that stand there."""
    end = _END.search(base)
    stop = end.start() if end else len(base)
    if understanding is not None and not last:
        for slot in reversed(read_slots(base, understanding)):
            if (
                slot.end == stop
                and slot.kind in ("place", "time")
                and slot.start > 0
                and slot.prep + slot.kind != "place"
            ):
                stop = len(base[: slot.start].rstrip())
    tail = base[stop:]
    gap = " " if tail and not tail.startswith((" ", "?", ".", "!", ",")) else ""
    return f"{base[:stop].rstrip()} {words}{gap}{tail}"


def without(text: str, slots: Sequence[Slot]) -> str:
    """Take slots with their prepositions out of a text."""
    for slot in sorted(slots, key=lambda s: -s.start):
        text = f"{text[: slot.start].rstrip()} {text[slot.end :].lstrip()}"
    return text.strip()


def _place_put(base: str, new: Slot, old: Sequence[Slot]) -> str:
    if not old:
        return added(base, f"i {new.name}")
    last = old[-1]
    genitive = (
        last.kind == "place" and not last.prep and last.text.endswith("s") and not last.name.endswith("s")
    )
    name = new.name + ("s" if genitive and not new.name.endswith(("s", "x", "z")) else "")
    return _over(base, last, f"{last.prep}{name}")


def _time_put(base: str, new: Slot, old: Sequence[Slot], understanding: Understanding) -> str:
    times = of_kind(old, "time")
    year = _counted(new, old)
    if year is None and new.step is not None and not _SPOKEN.search(new.text):
        newest = newest_year(old, understanding)
        year = newest + new.step if newest else None
    if not times:
        return added(base, str(year) if year else new.phrase)
    last = times[-1]
    spoken_of = year_of([last])
    if year is None and (new.text.isdigit() or re.match(r"samma|motsvarande", new.text, re.IGNORECASE)):
        year = year_of([new])
    if year is not None:
        same_form = spoken_of and re.search(r"[^\W\d]", last.text)
        put = _YEAR.sub(str(year), last.text) if same_form else str(year)
        prep = (
            last.prep if same_form or (last.prep.strip() in ("under", "år", "för", "i") and spoken_of) else ""
        )
        return _over(base, last, prep + put)
    has_year = _YEAR.search(new.text) or new.step is not None or re.search(r"\bår\b|fjol|\båret", new.text)
    return _over(base, last, new.phrase + (f" {spoken_of}" if spoken_of and not has_year else ""))


def _among(base: str) -> str:
    return "among" if language(base) == "en" else "bland"


def _counted(new: Slot, old: Sequence[Slot]) -> int | None:
    """Return the year that ``året innan`` means after a question that names a year."""
    year = year_of(old)
    return year + new.step if year is not None and new.step is not None else None


def _over(base: str, slot: Slot, words: str) -> str:
    return f"{base[: slot.inner - len(slot.prep)]}{words}{base[slot.end :]}"


def _places(text: str, understanding: Understanding) -> list[Slot]:
    found = []
    for mention in understanding.gazetteer.municipalities(text, loose=True):
        start, end = mention.span.start, mention.span.end
        found.append(_slot("place", text, start, end, mention.name, _PLACE_LEAD))
    return found


def _areas(text: str) -> list[Slot]:
    return [_slot("area", text, m.start(), m.end(), m.group(), _PLACE_LEAD) for m in _wider().finditer(text)]


def _times(text: str) -> list[Slot]:
    found = []
    for match in _STEP.finditer(text):
        slot = _slot("time", text, match.start(), match.end(), match.group(), _TIME_LEAD)
        found.append(_with_step(slot, match))
    anywhen = year_period(2000)
    for mention in find_periods(text, reference=anywhen):
        start, end = mention.span.start, mention.span.end
        slot = _slot("time", text, start, end, text[start:end], _TIME_LEAD)
        found.append(slot)
    return found


def _with_step(slot: Slot, match: re.Match[str]) -> Slot:
    count = match["back"] or match["ahead"]
    steps = 0 if match["same"] else 1 if match["after"] else -2 if match["two"] else -1
    if count:
        number = int(count) if count.isdecimal() else _NUMBERS[count.lower()]
        steps = -number if match["back"] else number
    return Slot(
        "time", slot.start, slot.inner, slot.end, slot.text, slot.name, slot.prep, slot.compared, steps
    )


def _sexes(text: str) -> list[Slot]:
    lead = re.compile(
        r"(?P<than>\b(?:än|mot|jämfört med)\s+)?(?P<prep>(?<!\w)(?:bland|för|hos|av|med|among|for)\s+)?$",
        re.IGNORECASE,
    )
    return [_slot("sex", text, m.start(), m.end(), m.group(), lead) for m in _SEXES.finditer(text)]


def _slot(kind: str, text: str, start: int, end: int, name: str, lead: re.Pattern[str]) -> Slot:
    window = text[max(0, start - 60) : start]
    before = lead.search(window)
    prep = (before["prep"] or "") if before else ""
    compared = bool(before and before["than"])
    begin = start - (len(window) - before.start()) if before and before.group() else start
    return Slot(kind, begin, start, end, text[start:end], name, prep, compared)


@cache
def _wider() -> re.Pattern[str]:
    names = sorted((f[1] for f in data_lines("follow_ups.tsv") if f[0] == "compared"), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
