"""Passages: units of prose cut to size at the ends of sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapportsvar.model import CellPlace, Passage, Sentence, Span
from rapportsvar.structure.blocks import Kind, Unit
from rapportsvar.swedish.tokens import sentences

_LETTERS = re.compile(r"[^\W\d_]{2}")
_LITTLE = re.compile(r"[ \t\xa0]*(?:\r?\n|\r)?[ \t\xa0]*")
_MARK_CHARS = 8
_ALONE = (Kind.LABEL, Kind.NOTE)


@dataclass(frozen=True, slots=True)
class PassageSize:
    """How long passages are, in characters; set by measurement.

    Attributes:
        most_chars: A longer unit of prose is divided.
        aim_chars: What the parts of a divided unit come close to.
        fragment_chars: A shorter paragraph goes with the next one of its section, or with the one before.
        merge_chars: Paragraphs of one section are put together up to this size; 0: they are not.
        sentence_chars: A longer sentence is cut at a blank, since no model reads more.
        heading_chars: A heading as long as this is a statement, and a passage besides.
        cell_chars: A cell as long as this is divided into passages.
    """

    most_chars: int = 900
    aim_chars: int = 600
    fragment_chars: int = 40
    merge_chars: int = 0
    sentence_chars: int = 1600
    heading_chars: int = 60
    cell_chars: int = 300


@dataclass(slots=True)
class _Draft:
    """A passage in the making: atoms are what may not be divided, each with its sentences and pieces."""

    section: int
    kind: Kind
    atoms: list[_Atom]

    def chars(self) -> int:
        return sum(atom.chars for atom in self.atoms)


@dataclass(slots=True)
class _Atom:
    sentences: list[Span]
    pieces: list[Span]

    @property
    def chars(self) -> int:
        return sum(piece.length_chars for piece in self.pieces)


def make_passages(text: str, units: Sequence[Unit], size: PassageSize) -> list[Passage]:
    """Cut units of prose into passages."""
    drafts = [draft for unit in _gather(units, size) for draft in _drafts(text, unit, size)]
    return [_passage(text, draft) for draft in drafts]


def cell_passages(text: str, cell: Span, place: CellPlace, section: int, size: PassageSize) -> list[Passage]:
    """Cut a long cell into passages; its tags bound its sentences."""
    atoms = [
        _Atom([part], [part])
        for sentence in sentences(cell.of(text), cell.start)
        for part in _cut_long(text, sentence, size.sentence_chars)
    ]
    groups = _balance(atoms, size)
    return [_passage(text, _Draft(section, Kind.PARAGRAPH, group), place) for group in groups]


def _gather(units: Sequence[Unit], size: PassageSize) -> list[Unit]:
    """Put fragments with their neighbours, and short paragraphs together where that is wanted."""
    gathered: list[Unit] = []
    for unit in units:
        last = gathered[-1] if gathered else None
        if last is not None and _goes_with(last, unit, size):
            last.items = last.items + unit.items
            last.kind = unit.kind if last.chars() - unit.chars() < size.fragment_chars else last.kind
        else:
            gathered.append(Unit(unit.kind, unit.section, list(unit.items), unit.leads))
    return gathered


def _goes_with(last: Unit, unit: Unit, size: PassageSize) -> bool:
    if last.section != unit.section or last.kind in _ALONE or unit.kind in _ALONE:
        return False
    together = last.chars() + unit.chars()
    if last.chars() < size.fragment_chars:
        return True
    if last.leads and last.kind is Kind.PARAGRAPH and unit.kind is Kind.PARAGRAPH:
        return together <= size.most_chars
    if unit.kind is not Kind.PARAGRAPH:
        return False
    if unit.chars() < size.fragment_chars:
        return together <= size.most_chars
    return last.kind is Kind.PARAGRAPH and together <= size.merge_chars


def _drafts(text: str, unit: Unit, size: PassageSize) -> list[_Draft]:
    atoms = [_atom(text, item) for item in unit.items]
    if sum(atom.chars for atom in atoms) <= size.most_chars:
        return [_Draft(unit.section, unit.kind, atoms)]
    if unit.kind is Kind.LIST:
        groups = _pack_items(text, atoms, unit.leads, size)
    else:
        groups = _balance([part for atom in atoms for part in _divide(text, atom, size)], size)
    return [_Draft(unit.section, unit.kind, group) for group in groups]


def _pack_items(text: str, atoms: list[_Atom], leads: bool, size: PassageSize) -> list[list[_Atom]]:
    """Whole items in groups of like size; an item that is too long alone is divided at its sentences."""
    if leads and len(atoms) > 1:
        first, second, *rest = atoms
        atoms = [_Atom(first.sentences + second.sentences, first.pieces + second.pieces), *rest]
    groups: list[list[_Atom]] = []
    run: list[_Atom] = []
    for atom in atoms:
        if atom.chars <= size.most_chars:
            run.append(atom)
            continue
        groups += [*_even(run, size), *_balance(_divide(text, atom, size), size)]
        run = []
    return groups + _even(run, size)


def _even(atoms: list[_Atom], size: PassageSize) -> list[list[_Atom]]:
    """As few groups as the limit allows, none much shorter than the rest."""
    total = sum(atom.chars for atom in atoms)
    return _balance(atoms, size, total / max(1, -(-total // size.most_chars)))


def _balance(atoms: list[_Atom], size: PassageSize, aim: float = 0) -> list[list[_Atom]]:
    """Divide atoms in order into groups of like size, none above the limit unless one atom is."""
    total = sum(atom.chars for atom in atoms)
    if total <= size.most_chars:
        return [atoms] if atoms else []
    aim = aim or total / max(2, round(total / size.aim_chars))
    groups: list[list[_Atom]] = [[]]
    length = 0
    for atom in atoms:
        over = length + atom.chars / 2 > aim and atom.chars >= size.fragment_chars
        full = over or length + atom.chars > size.most_chars
        if groups[-1] and full:
            groups.append([])
            length = 0
        groups[-1].append(atom)
        length += atom.chars
    return groups


def _atom(text: str, item: list[Span]) -> _Atom:
    """Find the sentences of an item; its pieces are read as one text."""
    return _Atom(_sentences(text, item), list(item))


def _divide(text: str, atom: _Atom, size: PassageSize) -> list[_Atom]:
    """One atom a sentence."""
    parts = []
    for sentence in atom.sentences:
        for part in _cut_long(text, sentence, size.sentence_chars):
            pieces = [
                Span(max(piece.start, part.start), min(piece.end, part.end))
                for piece in atom.pieces
                if piece.start < part.end and part.start < piece.end
            ]
            parts.append(_Atom([part], pieces))
    return parts


def _sentences(text: str, pieces: Sequence[Span]) -> list[Span]:
    """Sentences of a text whose pieces lie apart; a sentence may reach over the gap."""
    if len(pieces) == 1:
        piece = pieces[0]
        return _with_marks(text, sentences(_one_line(piece.of(text)), piece.start))
    joined = " ".join(_one_line(piece.of(text)) for piece in pieces)
    starts, at = [], 0
    for piece in pieces:
        starts.append(at)
        at += piece.length_chars + 1
    found = []
    for span in sentences(joined):
        first = _original(pieces, starts, span.start)
        found.append(Span(first, _original(pieces, starts, span.end - 1) + 1))
    return _with_marks(text, found)


def _with_marks(text: str, found: list[Span]) -> list[Span]:
    """Give a mark that stands as a sentence to the one that it opens: ``- 4. Att uppdra ...``."""
    joined: list[Span] = []
    for span in found:
        if joined and joined[-1].length_chars <= _MARK_CHARS and not _LETTERS.search(joined[-1].of(text)):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _original(pieces: Sequence[Span], starts: Sequence[int], at: int) -> int:
    place = max(number for number, start in enumerate(starts) if start <= at)
    return min(pieces[place].start + at - starts[place], pieces[place].end - 1)


def _one_line(text: str) -> str:
    """Line breaks as blanks, character for character: they end no sentence here."""
    return text.replace("\n", " ").replace("\r", " ").replace("\x0c", " ")


def _cut_long(text: str, sentence: Span, most: int) -> list[Span]:
    """Cut a stretch that no sentence end divides, at blanks."""
    parts = []
    start = sentence.start
    while sentence.end - start > most:
        cut = text.rfind(" ", start + most // 2, start + most)
        opened, closed = text.rfind("<", start, cut + 1), text.rfind(">", start, cut + 1)
        if opened > closed and opened > start + most // 2:
            cut = opened  # not inside a tag
        if cut < 0:
            cut = start + most
        parts.append(_trim(text, start, cut))
        start = cut
    parts.append(_trim(text, start, sentence.end))
    return [part for part in parts if part.end > part.start]


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _passage(text: str, draft: _Draft, cell: CellPlace | None = None) -> Passage:
    found = [sentence for atom in draft.atoms for sentence in atom.sentences]
    pieces = _touching(text, [piece for atom in draft.atoms for piece in atom.pieces])
    span = Span(draft.atoms[0].pieces[0].start, draft.atoms[-1].pieces[-1].end)
    return Passage(span, tuple(pieces), tuple(Sentence(sentence) for sentence in found), draft.section, cell)


def _touching(text: str, pieces: list[Span]) -> list[Span]:
    """Put pieces together that have at most one line break between them."""
    joined: list[Span] = []
    for piece in pieces:
        if joined and _LITTLE.fullmatch(text, joined[-1].end, piece.start):
            joined[-1] = Span(joined[-1].start, piece.end)
        else:
            joined.append(piece)
    return joined
