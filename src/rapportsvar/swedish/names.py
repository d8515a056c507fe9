"""Names of municipalities, regions and boards, found in running text and in questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from rapportsvar.model import Span
from rapportsvar.swedish.datafiles import data_lines

_WORD = re.compile(r"[^\W_]+(?:[-'’:][^\W_]+)*-?")
_FOLD = str.maketrans("åäöéèüáàçñø", "aaoeeuaacno")
_KOMMUN = frozenset({"kommun", "kommuns", "stad", "stads"})
# Words that stand before "kommun" with a capital letter without being names.
_NO_NAME = frozenset(
    {
        "andel", "annan", "annans", "antal", "av", "budget", "den", "denna", "din", "egen", "ekonomi",
        "eller", "en", "er", "från", "för", "hela", "helägd", "i", "ingen", "inom", "kommun",
        "landsting", "liten", "min", "någon", "och", "per", "region", "respektive", "resultat", "riket",
        "samma", "samt", "som", "stat", "statlig", "stor", "svensk", "svenska", "sveriges", "till",
        "total", "totala", "totalt", "utfall", "varje", "vi", "vilken", "vår", "vårs",
        "dagens", "europas", "landets", "morgondagens", "nordens", "stad", "stads", "världens", "årets",
    }
)  # fmt: skip
# Endings of names that end in s themselves: Hofors, Borås, Höganäs, Munkfors, Mönsterås.
_OWN_S = ("fors", "ås", "näs", "hus", "nas", "as")
_MUNICIPAL = frozenset({"kommun", "kommuns"})
_CITY = frozenset({"stad", "stads"})
# Words that are part of a name of two words, before or after the other: Norra Ulvsunda, Ulvsunda Norra.
_DIRECTIONS = frozenset(
    {"norra", "södra", "östra", "västra", "nya", "gamla", "stora", "lilla", "övre", "nedre"}
)
_PLACE = frozenset({"i", "från", "till", "inom", "hos"})
_NO_BOARD = frozenset({"nämnden", "nämndens", "facknämnden", "facknämndens"})
_LONGEST_WORDS = 9
_SHORT_NAME_CHARS = 4
_SHORT_REGION_CHARS = 5
"""Shorter ones are parts of something: ``Region Syd``."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name where it stands.

    Attributes:
        span: The name, with ``kommun`` if it stands beside it.
        name: In its basic form: ``Uppsala``, ``socialnämnden``.
        kind: ``kommun``, ``region`` or ``board``.
        certain: False for a name that is also an ordinary word, and for an abbreviation of several boards.
    """

    span: Span
    name: str
    kind: str
    certain: bool


@dataclass(frozen=True, slots=True)
class _Form:
    """One way of writing a name: its words, and when it counts."""

    words: tuple[str, ...]
    name: str
    kind: str
    certain: bool = True
    needs_kommun: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    low: str


@dataclass
class _Book:
    """Forms by their first word, the longest first."""

    forms: dict[str, list[_Form]] = field(default_factory=dict)

    def add(self, form: _Form) -> None:
        """Enter a form, unless it is there."""
        listed = self.forms.setdefault(form.words[0], [])
        if form not in listed:
            listed.append(form)
            listed.sort(key=lambda other: -len(other.words))

    def at(self, words: list[_Word], place: int, folded: bool) -> Iterator[_Form]:
        """Yield the forms that stand at a place, the longest first."""
        first = words[place].low.translate(_FOLD) if folded else words[place].low
        for form in self.forms.get(first, ()):
            if len(form.words) == 1 or _matches(form, words[place : place + len(form.words)], folded):
                yield form


class Gazetteer:
    """Finds names by looking up each word; linear in the text.

    Args:
        extra_municipalities: Names known from elsewhere, such as the metadata of an index; of these, regions
            are known by their short names, too.
        extra_boards: Names of boards in the definite form.
    """

    def __init__(self, extra_municipalities: Iterable[str] = (), extra_boards: Iterable[str] = ()) -> None:
        self._plain: dict[str, _Book] = {"place": _Book(), "board": _Book()}
        self._loose: dict[str, _Book] = {"place": _Book(), "board": _Book()}
        self._short: dict[str, list[str]] = {}
        for name, genitive, _, kind, ambiguous in data_lines("municipalities.tsv"):
            self._add_place(name, genitive.split(","), kind, ambiguous == "1")
        for name in extra_municipalities:
            kind = "region" if name.lower().startswith("region ") else "kommun"
            self._add_place(re.sub(r"s? kommun$", "", name), [], kind, False)
            if kind == "region":
                self._add_short_region(name)
        for fields in data_lines("boards.tsv"):
            self._add_board(fields[0], fields[1], fields[2].split(","))
        for name in extra_boards:
            self._add_board(name.lower(), re.sub(r"(?:en|n)$", "", name.lower()), [])

    def municipalities(self, text: str, *, loose: bool = False) -> list[Mention]:
        """Return the municipalities and regions named in a text, in order.

        Args:
            text: What to look through.
            loose: For questions: small letters, and a and o for å, ä and ö, are taken for what they mean.
        """
        words = _words(text)
        found: list[Mention] = []
        place = 0
        while place < len(words):
            mention, used = self._place_at(text, words, place, loose)
            if mention is not None:
                found.append(mention)
            place += max(1, used)
        return found

    def boards(self, text: str, *, loose: bool = False) -> list[Mention]:
        """Return the boards named in a text, in order; abbreviations count in capitals only."""
        words = _words(text)
        found: list[Mention] = []
        place = 0
        while place < len(words):
            mention, used = self._board_at(words, place, loose)
            if mention is not None:
                found.append(mention)
            place += max(1, used)
        return found

    def _add_place(self, name: str, longer: list[str], kind: str, ambiguous: bool) -> None:
        forms = [_Form(_split(name), name, kind, not ambiguous)]
        if not name.endswith(("s", "x", "z")):
            forms.append(_Form(_split(f"{name}s"), name, kind, not ambiguous))
        for other in longer:
            stem = re.sub(r" (?:kommun|stad)$", "", other)
            if stem != other and stem not in (name, f"{name}s"):
                forms.append(_Form(_split(stem), name, kind, True, needs_kommun=True))
            elif stem == other and len(other) > 4:
                forms += [_Form(_split(other), name, kind), _Form(_split(f"{other}s"), name, kind)]
        for form in forms:
            self._plain["place"].add(form)
            self._loose["place"].add(_folded(form))

    def _add_short_region(self, name: str) -> None:
        """``i Skåne`` is Region Skåne where reports are of it, unless a municipality has the name."""
        short = name[len("Region ") :]
        words = _split(short)
        if not words or len(short) < _SHORT_REGION_CHARS:
            return
        taken = any(form.words == words for form in self._plain["place"].forms.get(words[0], ()))
        if taken:
            return
        for written in dict.fromkeys([short, f"{short.removesuffix('s')}s"]):
            form = _Form(_split(written), name, "region")
            self._plain["place"].add(form)
            self._loose["place"].add(_folded(form))

    def _add_board(self, name: str, indefinite: str, short: list[str]) -> None:
        base = name.lower()
        endings = {base, f"{base}s", indefinite.lower(), f"{indefinite.lower()}s"}
        for written in endings:
            form = _Form(_split(written), base, "board")
            self._plain["board"].add(form)
            self._loose["board"].add(_folded(form))
        for letters in filter(None, (letters.strip() for letters in short)):
            names = self._short.setdefault(letters, [])
            if base not in names:
                names.append(base)

    def _place_at(self, text: str, words: list[_Word], place: int, loose: bool) -> tuple[Mention | None, int]:
        book = self._loose["place"] if loose else self._plain["place"]
        for form in book.at(words, place, loose):
            mention, used = _checked(words, place, form, loose)
            if mention is not None:
                return mention, used
        return _unknown_place(text, words, place)

    def _board_at(self, words: list[_Word], place: int, loose: bool) -> tuple[Mention | None, int]:
        book = self._loose["board"] if loose else self._plain["board"]
        for form in book.at(words, place, loose):
            last = words[place + len(form.words) - 1]
            return Mention(Span(words[place].start, last.end), form.name, "board", True), len(form.words)
        word = words[place]
        listed = self._short.get(word.text.removesuffix("s") if word.text not in self._short else word.text)
        if listed:
            return Mention(Span(word.start, word.end), listed[0], "board", len(listed) == 1), 1
        return _unknown_board(words, place)


def _split(name: str) -> tuple[str, ...]:
    return tuple(word.low for word in _words(name))


def _words(text: str) -> list[_Word]:
    return [
        _Word(found.group(), found.start(), found.end(), found.group().lower())
        for found in _WORD.finditer(text)
    ]


def _folded(form: _Form) -> _Form:
    words = tuple(word.translate(_FOLD) for word in form.words)
    return _Form(words, form.name, form.kind, form.certain, form.needs_kommun)


def _matches(form: _Form, words: list[_Word], folded: bool) -> bool:
    if len(words) < len(form.words) or any(right.start - left.end > 2 for left, right in pairwise(words)):
        return False
    lows = (word.low.translate(_FOLD) if folded else word.low for word in words)
    return all(low == other for low, other in zip(lows, form.words, strict=True))


def _checked(words: list[_Word], place: int, form: _Form, loose: bool) -> tuple[Mention | None, int]:
    """Let a form count if its letters and its neighbours allow it."""
    used = len(form.words)
    first, last = words[place], words[place + used - 1]
    after = words[place + used] if place + used < len(words) else None
    seat = after is not None and after.low in _KOMMUN and after.start - last.end <= 2
    capital = first.text[:1].isupper()
    if not seat:
        if form.needs_kommun or (not capital and (not loose or len(form.words[0]) < _SHORT_NAME_CHARS)):
            return None, 0
        if not form.certain and not (capital and _in_place(words, place)):
            return None, 0
    elif not capital and not loose:
        return None, 0
    end = after.end if seat and after is not None else last.end
    certain = seat or form.certain
    return Mention(Span(first.start, end), form.name, form.kind, certain), used + seat


def _in_place(words: list[_Word], place: int) -> bool:
    return place > 0 and words[place - 1].low in _PLACE


def _unknown_place(text: str, words: list[_Word], place: int) -> tuple[Mention | None, int]:
    """``Björkviks kommun``, ``Region Södervik``: a name that no list holds."""
    region = _unknown_region(text, words, place)
    if region is not None:
        return region, 2
    for used in (2, 1):  # "Ulvsunda Norra kommun" before "Norra kommun"
        named = words[place : place + used]
        seat = _seat_after(text, words, place + used)
        if len(named) < used or not seat or not _is_name(text, named, seat[0]):
            continue
        written = " ".join(word.text.title() if word.text.isupper() else word.text for word in named)
        name = basic_form(written)
        genitive = name != written
        if seat[0].low in _CITY and len(seat) == 1 and not genitive:
            continue  # "Vår stad" is no name
        whole = Span(named[0].start, seat[-1].end)
        return Mention(whole, name, "kommun", genitive or len(seat) == 2), used + len(seat)
    return None, 0


def _unknown_region(text: str, words: list[_Word], place: int) -> Mention | None:
    """``Region Södervik``; but ``Region Syd`` and ``Region Mitt`` are parts of an authority."""
    named = words[place : place + 2]
    if len(named) < 2 or named[0].text not in ("Region", "REGION") or not _is_beside(text, *named):
        return None
    name = named[1]
    if len(name.text) < 5 or not name.text[:1].isupper() or name.low in _NO_NAME | _DIRECTIONS:
        return None
    if name.text.isupper() != named[0].text.isupper():
        return None
    written = basic_form(name.text.title() if name.text.isupper() else name.text)
    return Mention(Span(named[0].start, name.end), f"Region {written}", "region", False)


def _seat_after(text: str, words: list[_Word], place: int) -> list[_Word]:
    """Return what stands after a name: ``kommun``, ``stad``, or ``stads kommun``."""
    after = words[place : place + 2]
    if len(after) == 2 and after[0].low in _CITY and after[1].low in _MUNICIPAL and _is_beside(text, *after):
        return after
    return after[:1] if after and after[0].low in _MUNICIPAL | _CITY else []


def _is_name(text: str, named: list[_Word], seat: _Word) -> bool:
    """Tell whether words that no list holds are written as a name and may be one."""
    if not all(_is_beside(text, left, right) for left, right in pairwise([*named, seat])):
        return False
    if any(not word.text[:1].isupper() or word.low in _NO_NAME or len(word.text) < 3 for word in named):
        return False
    if any(word.text.isupper() != seat.text.isupper() for word in named):
        return False
    return len(named) == 1 or any(word.low.removesuffix("s") in _DIRECTIONS for word in named)


def _is_beside(text: str, left: _Word, right: _Word) -> bool:
    return text[left.end : right.start] in (" ", "\xa0")


def basic_form(word: str) -> str:
    """Take the genitive s from a name that no list holds: ``Björkviks`` is ``Björkvik``, ``Hofors`` stays."""
    if word.endswith("s") and not word.endswith(_OWN_S) and len(word) > 3:
        return word[:-1]
    return word


def _unknown_board(words: list[_Word], place: int) -> tuple[Mention | None, int]:
    """``lärandenämnden``, ``vård- och lärandenämndens``: any word that ends as the name of a board does."""
    for used in (5, 3, 1):
        if place + used > len(words) or used > _LONGEST_WORDS:
            continue
        group = words[place : place + used]
        last = group[-1]
        if not last.low.endswith(("nämnden", "nämndens")) or last.low in _NO_BOARD:
            continue
        joined = all(
            word.low == "och" if number % 2 else word.low.endswith("-")
            for number, word in enumerate(group[:-1])
        )
        if joined and not any(right.start - left.end > 2 for left, right in pairwise(group)):
            name = " ".join(word.low for word in group).removesuffix("s")
            return Mention(Span(group[0].start, last.end), name, "board", True), used
    return None, 0
