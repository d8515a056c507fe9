"""Whose a report is: the municipality and the board."""

from __future__ import annotations

import re
from collections import Counter

from rapportsvar.model import Fact
from rapportsvar.structure.opening import Asked, labelled
from rapportsvar.swedish.names import Mention, basic_form

_BOARD_LABEL = re.compile(r"nämnd(?:/styrelse)?|styrelse", re.IGNORECASE)
# "Delår 2020" may end in June or in August: the text tells.
_BARE_PART = re.compile(r"delår\w*(?: år)? \d{4}", re.IGNORECASE)
_YEARLY = ("year", "several years")
_UNTIL = {"eight months": 8, "half": 6}
_OPENING_LINES = 40
_OPENING_CHARS = 160
# A noun in the definite form, "i", a name: "bildningsnämnden i Tranemora", "VUXENUTBILDNINGEN I LINDESALA".
_SEATED = re.compile(r"\b([^\W\d_]+(?:en|et|na|EN|ET|NA)) [iI] ([A-ZÅÄÖ][^\W\d_]{2,}(?:-[A-ZÅÄÖ][^\W\d_]+)*)")
_APART = re.compile(r"[\s,.|–-]")
_NO_SEAT = frozenset(
    {
        "balans", "enlighet", "europa", "fjol", "form", "förhållande", "frågan", "kommunen", "linje",
        "norden", "samband", "samverkan", "skolan", "stort", "sverige", "samarbete",
        "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
        "november", "december",
    }
)  # fmt: skip
_OVERALL_BOARDS = (
    "kommunfullmäktige",
    "kommunstyrelsen",
    "kommunstyrelsens arbetsutskott",
    "regionfullmäktige",
)
COUNTED_CHARS = 2_000_000
"""Of a text, where names are counted: a report of 500 pages has less, and counting takes three times as long
as all the rest of reading."""


def find_municipality(asked: Asked) -> Fact | None:
    """Return the municipality or region: from the opening, the file name, or by counting names."""
    for said in asked.opening:
        named = asked.names.municipalities(said.text)
        found = [mention for mention in named if mention.certain or _is_all(asked, said.text, mention)]
        if found:
            return Fact(_best_place(found), True, "opening", said.span)
    seat = _seat(asked, of_board=True)
    if seat:
        return seat
    titled = asked.names.municipalities(asked.property_title)
    if titled:
        return Fact(_best_place(titled), False, "property title")
    named = asked.names.municipalities(asked.file_words, loose=True)
    if named:
        return Fact(_best_place(named), named[0].certain, "file name")
    return _frequent_place(asked) or _seat(asked, of_board=False)


def _is_all(asked: Asked, line: str, place: Mention) -> bool:
    """Tell whether a line says nothing but a place, or a board and its place: ``Tallmyra kommun``."""
    spans = [place.span, *(mention.span for mention in asked.names.boards(line))]
    return sum(span.length_chars for span in spans) + len(_APART.findall(line)) >= len(line)


def _best_place(found: list[Mention]) -> str:
    own = [mention for mention in found if mention.kind == "kommun"]
    return (own or found)[0].name


def _seat(asked: Asked, *, of_board: bool) -> Fact | None:
    """The name after a board or a service of the opening: ``Socialnämnden i Hällåkra``.

    No list holds every name, and ``kommun`` need not stand beside it. A service stands in a village as well
    (``vuxenutbildningen i Lindesala``): its place is taken last, and if the text names it again.
    """
    for words in filter(None, (asked.title, *asked.opening)):
        boards = {mention.span.end for mention in asked.names.boards(words.text)}
        for found in _SEATED.finditer(words.text):
            name = _seat_name(found[2])
            again = len(re.findall(rf"\b{re.escape(name)}s?\b", asked.source.text, re.IGNORECASE)) > 1
            if name.lower() not in _NO_SEAT and (found.end(1) in boards if of_board else again):
                rule = "seat of a board" if of_board else "seat of a service"
                return Fact(name, of_board and again, rule, words.span)
    return None


def _seat_name(written: str) -> str:
    """Return a name as it is written in running text, ``Hammarlövs`` as ``Hammarlöv``."""
    name = "-".join(part.title() for part in written.split("-")) if written.isupper() else written
    return basic_form(name)


def _frequent_place(asked: Asked) -> Fact | None:
    """The name that the text uses most; sure only where it is called ``kommun`` often, and alone."""
    text = asked.source.text[:COUNTED_CHARS]
    found = asked.names.municipalities(text)
    seats = Counter(
        mention.name
        for mention in found
        if "kommun" in mention.span.of(text).lower() or "stad" in mention.span.of(text).lower()
    )
    counts = Counter(mention.name for mention in found if mention.kind == "kommun")
    if not counts:
        counts = Counter(mention.name for mention in found)
    if not counts:
        return None
    weights = {name: count + 2 * seats[name] for name, count in counts.items()}
    best = max(weights, key=lambda name: weights[name])
    alone = counts[best] * 10 >= sum(counts.values()) * 7
    first = next(mention for mention in found if mention.name == best)
    return Fact(best, alone and seats[best] >= 3, "most frequent name", first.span)


def find_board(asked: Asked) -> Fact | None:
    """Return the board: from the title, a label, a line of its own, the file name, or by counting names."""
    for rule in (
        _board_in_title,
        _board_by_label,
        _board_line,
        _board_in_property,
        _board_in_file,
        _frequent_board,
        _board_in_opening,
    ):
        fact = rule(asked)
        if fact is not None:
            return fact
    return None


def _board_in_title(asked: Asked) -> Fact | None:
    found = asked.names.boards(asked.title.text) if asked.title else []
    return Fact(found[0].name, found[0].certain, "title", asked.title.span) if found and asked.title else None


def _board_by_label(asked: Asked) -> Fact | None:
    value = labelled(asked, _BOARD_LABEL)
    found = asked.names.boards(value.text) if value else []
    return Fact(found[0].name, True, "label", value.span) if found and value else None


def _board_line(asked: Asked) -> Fact | None:
    """A line of the opening that is a board's name and little else."""
    for said in asked.opening:
        found = asked.names.boards(said.text)
        if (
            found
            and found[0].span.start == 0
            and len(said.text) <= sum(mention.span.length_chars for mention in found) + 30
            and found[0].certain
        ):
            return Fact(found[0].name, True, "opening", said.span)
    return None


def _board_in_property(asked: Asked) -> Fact | None:
    found = asked.names.boards(asked.property_title)
    return Fact(found[0].name, False, "property title") if found else None


def _board_in_file(asked: Asked) -> Fact | None:
    found = asked.names.boards(asked.file_words, loose=True)
    return Fact(found[0].name, found[0].certain, "file name") if found else None


def _frequent_board(asked: Asked) -> Fact | None:
    """The board that the text speaks of most; abbreviations do not count, they stand in lists of boards."""
    text = asked.source.text[:COUNTED_CHARS]
    found = [mention for mention in asked.names.boards(text) if not mention.span.of(text).isupper()]
    counts = Counter(mention.name for mention in found)
    own = Counter({name: count for name, count in counts.items() if name not in _OVERALL_BOARDS}) or counts
    if not own:
        return None
    (best, times), *rest = own.most_common(2)
    clear = times >= 10 and (not rest or times >= 2 * rest[0][1])
    if times < 3 or (best in _OVERALL_BOARDS and not clear):
        return None
    first = next(mention for mention in found if mention.name == best)
    return Fact(best, clear, "most frequent name", first.span)


def _board_in_opening(asked: Asked) -> Fact | None:
    for said in asked.opening:
        found = asked.names.boards(said.text)
        if found:
            return Fact(found[0].name, False, "opening", said.span)
    return None
