"""Which reports are one report in several versions: drafts, revisions, a cover letter that repeats it.

Two reports are versions of one where nothing that is known of them (municipality, board, year, period, months
in their names) speaks against it and they share enough of their wording: shingles of five words, numbers as
they stand, counted in the shorter of the two. So neither two years of a report nor two boards that share a
template are taken for versions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from rapportsvar.model import ReportInfo

Hashes = npt.NDArray[np.uint64]
OwnersOfLayer = tuple[Hashes, npt.NDArray[np.int32]]

SHINGLE_WORDS = 5
SAMPLE = 8
"""Of a long text one shingle of eight is kept, by its hash: the same ones in every report."""
WHOLE_UP_TO = 4000
SHARED_OF_ONE = 0.5
"""Share of the shorter report's shingles where municipality, board, kind and period are equal."""
SHARED = 0.6
SHARED_OF_OTHER_KIND = 0.8
SHARED_OF_LETTER = 0.35
"""A letter says things of its own, too: what is proposed, who is told."""
LEAST_SHINGLES = 15
COMMON_TO = 50
"""A shingle in more reports than this is boilerplate: it does not tell which to compare."""
VERSIONS_MAX = 20
"""A higher number is that of a week."""
OPENING_CHARS = 800

_WORD = re.compile(r"\w+")
_LETTERS = frozenset({"tjänsteskrivelse", "missiv", "följebrev", "tjänsteutlåtande"})
_LETTER_NAME = re.compile(r"tj[aä]nsteskrivelse|missiv|f[oö]ljebrev|tj[aä]nsteutl[aå]tande", re.IGNORECASE)
_NUMBER = r"(\d{1,2}(?:\.\d{1,2})?)(?![\d.]*\d)"
_NUMBERED = re.compile(rf"(?<![a-zåäö0-9])(?:version|ver|v|rev)[\s._-]?{_NUMBER}", re.IGNORECASE)
_VERSION = re.compile(rf"(?<![a-zåäö])version[ :]*{_NUMBER}", re.IGNORECASE)


def _any_of(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-zåäö])(?:{words})(?![a-zåäö])", re.IGNORECASE)


_REVISED = _any_of("reviderad|rättad|korrigerad|uppdaterad|rev")
_FINAL = _any_of("slutlig|slutversion|fastställd|antagen|justerad|beslutad")
_DRAFT = _any_of("utkast|preliminär|arbetsmaterial|prel|draft")
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_MOMENT = re.compile(
    rf"(?<![a-zåäö0-9])(?:({'|'.join(_MONTHS)})[a-zåäö]*|(?:tertial|t)[\s_-]?([123])|(?:kvartal|q|kv)[\s_-]?([1-4]))"
    r"(?![a-zåäö0-9])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a report when versions are looked for.

    Attributes:
        source: Its name.
        info: Its metadata.
        opening: How its text begins.
        hashes: Its shingles, sorted.
        sampled: They are a sample.
    """

    source: str
    info: ReportInfo
    opening: str
    hashes: Hashes
    sampled: bool

    @property
    def is_letter(self) -> bool:
        """It goes with a report and is none."""
        return self.info.kind in _LETTERS or bool(_LETTER_NAME.search(self.source.rsplit("/", 1)[-1]))


def shingles(text: str) -> tuple[Hashes, bool]:
    """Return the hashes of a text's shingles, sorted and each once, and whether they are a sample."""
    words = _WORD.findall(text.casefold())
    known: dict[str, int] = {}
    numbers = np.array([known.setdefault(word, _hash(word)) for word in words], np.uint64)
    count = len(numbers) - SHINGLE_WORDS + 1
    if count < 1:
        return np.zeros(0, np.uint64), False
    mixed = np.zeros(count, np.uint64)
    for place in range(SHINGLE_WORDS):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + numbers[place : place + count]
        mixed ^= mixed >> np.uint64(29)
    found: Hashes = np.unique(mixed)
    return (found, False) if len(found) <= WHOLE_UP_TO else (_sample(found), True)


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def _sample(hashes: Hashes) -> Hashes:
    sample: Hashes = hashes[hashes % np.uint64(SAMPLE) == 0]
    return sample


def families(reports: Sequence[Known], pairs: Iterable[tuple[int, int]] | None = None) -> list[list[str]]:
    """Return the reports that have versions, family by family, each with its newest first.

    Args:
        reports: All that may be of a family.
        pairs: Places of those to compare; without them, of those that share some rare shingle.
    """
    compared = [
        (_shared(reports[a], reports[b]), a, b)
        for a, b in (_candidates(reports) if pairs is None else sorted(pairs))
    ]
    compared.sort(key=lambda each: (reports[each[1]].info.year != reports[each[2]].info.year, -each[0]))
    together = {number: {number} for number in range(len(reports))}
    for share, a, b in compared:
        if together[a] is together[b] or share < _least(reports[a], reports[b]):
            continue
        if any(_differ(reports[one], reports[other]) for one in together[a] for other in together[b]):
            continue
        joined = together[a] | together[b]
        together.update(dict.fromkeys(joined, joined))
    found = {min(group): group for group in together.values() if len(group) > 1}
    return [
        [known.source for known in sorted((reports[n] for n in group), key=_age, reverse=True)]
        for _, group in sorted(found.items())
    ]


def _candidates(reports: Sequence[Known]) -> list[tuple[int, int]]:
    """Return the pairs that share some rare shingle and that nothing keeps apart."""
    owners: dict[int, list[int]] = {}
    for number, known in enumerate(reports):
        for value in _sample(known.hashes).tolist():
            owners.setdefault(value, []).append(number)
    together: set[tuple[int, int]] = set()
    years = [known.info.year for known in reports]
    for those in owners.values():
        if 1 < len(those) <= COMMON_TO:
            together.update(pair for pair in combinations(those, 2) if _near(years[pair[0]], years[pair[1]]))
    return sorted(pair for pair in together if not _differ(reports[pair[0]], reports[pair[1]]))


class Owners:
    """Which reports hold a shingle, of those by which reports to compare are found.

    Args:
        layers: Of each layer of an index its shingles, ascending, and the report that each stands in.
        taken_out: Reports that are left out.
    """

    def __init__(self, layers: Sequence[OwnersOfLayer], taken_out: Collection[int]) -> None:
        self._layers = layers
        self._taken_out = np.array(sorted(taken_out), np.int32)

    def beside(self, hashes: Hashes) -> set[int]:
        """Return the reports that share some rare one of these shingles."""
        found = []
        for own, reports in self._layers:
            first, last = (np.searchsorted(own, hashes, side) for side in ("left", "right"))
            counts = last - first
            begins = np.cumsum(counts) - counts
            places = np.repeat(first - begins, counts) + np.arange(int(counts.sum()))
            there = reports[places]
            live = ~np.isin(there, self._taken_out)
            found.append((np.repeat(np.arange(len(hashes)), counts)[live], there[live]))
        which, those = (np.concatenate(some) for some in zip(*found, strict=True))
        rare = np.bincount(which, minlength=len(hashes)) <= COMMON_TO
        return set(those[rare[which]].tolist())


def owners_of(shingles_of: Iterable[tuple[int, Hashes]]) -> OwnersOfLayer:
    """Return what :class:`Owners` takes of one layer, from the shingles of its reports by id."""
    hashes, reports = [np.zeros(0, np.uint64)], [np.zeros(0, np.int32)]
    for report, own in shingles_of:
        some = _sample(own)
        hashes.append(some)
        reports.append(np.full(len(some), report, np.int32))
    every, whose = np.concatenate(hashes), np.concatenate(reports)
    order = np.argsort(every, kind="stable")
    return every[order], whose[order]


def families_again(
    before: Sequence[Sequence[str]],
    ids: Mapping[str, int],
    new: Set[int],
    owners: Owners,
    known_of: Callable[[Set[int]], Mapping[int, Known]],
) -> list[list[str]]:
    """Return all families after some reports have come, changed or gone; only those near are found anew.

    Args:
        before: The families as they were.
        ids: Ids of all reports that there are, by source.
        new: Those that are new or changed.
        owners: Of the shingles of all reports.
        known_of: Returns what is known of some reports.
    """
    there = [[ids[source] for source in family if source in ids] for family in before]
    relatives = {key: family for family in there for key in family}
    todo = set(new)
    for family, own in zip(before, there, strict=True):
        if len(own) < len(family):
            todo.update(own)
    known: dict[int, Known] = {}
    pairs: set[tuple[int, int]] = set()
    seen: set[int] = set()
    while todo:
        known.update(known_of(todo - known.keys()))
        fresh = todo & known.keys()
        beside = {key: owners.beside(_sample(known[key].hashes)) - {key} for key in fresh}
        known.update(known_of(set().union(*beside.values()) - known.keys()))
        near = {(min(pair), max(pair)) for pair in _near_ones(beside, known)}
        pairs |= near
        seen |= todo
        met = {key for pair in near for key in pair}
        todo = met.union(*(relatives.get(key, ()) for key in met | fresh)) - seen
    order = sorted(seen & known.keys(), key=lambda key: known[key].source)
    place = {key: at for at, key in enumerate(order)}
    placed = [(min(place[a], place[b]), max(place[a], place[b])) for a, b in pairs]
    again = families([known[key] for key in order], placed)
    kept = [list(family) for family, own in zip(before, there, strict=True) if own and seen.isdisjoint(own)]
    return sorted([*kept, *again], key=min)


def _near_ones(beside: Mapping[int, set[int]], known: Mapping[int, Known]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that nothing keeps apart."""
    for key, others in beside.items():
        own = known[key]
        for other in others & known.keys():
            if _near(own.info.year, known[other].info.year) and not _differ(own, known[other]):
                yield key, other


def _near(one: int | None, other: int | None) -> bool:
    """Most pairs are of other years: to leave them out early keeps the pairs few."""
    return one is None or other is None or abs(one - other) <= 1


def _shared(one: Known, other: Known) -> float:
    """Return the share of the shorter one's shingles that stand in the other."""
    both = one.sampled or other.sampled
    first, second = (_sample(k.hashes) if both and not k.sampled else k.hashes for k in (one, other))
    shorter = min(len(first), len(second))
    if shorter * (SAMPLE if both else 1) < LEAST_SHINGLES:
        return 0.0
    return len(np.intersect1d(first, second, assume_unique=True)) / max(1, shorter)


def _least(one: Known, other: Known) -> float:
    """Return how much two reports must share."""
    if _identity(one.info) == _identity(other.info) and all(_identity(one.info)):
        return SHARED_OF_ONE
    if one.is_letter != other.is_letter:
        return SHARED_OF_LETTER
    if one.info.kind == other.info.kind:
        return SHARED
    return SHARED_OF_OTHER_KIND


def _identity(info: ReportInfo) -> tuple[str, str, str, str]:
    return info.municipality, info.board, info.kind, info.period


def _differ(one: Known, other: Known) -> bool:
    """Tell whether what is known of two reports says that they are of different things."""
    a, b = one.info, other.info
    pairs = [(a.municipality, b.municipality), (a.board, b.board)]
    if any(first and second and first != second for first, second in pairs):
        return True
    apart_years = abs(a.year - b.year) if a.year and b.year else 0
    if one.is_letter or other.is_letter:
        return apart_years > 1  # a letter is written when the period is over, and may name that day alone
    if apart_years:
        return True
    if a.period and b.period and a.period != b.period:
        return True
    first_, second_ = _moments(one), _moments(other)
    return bool(first_ and second_) and not first_ & second_


def _moments(known: Known) -> frozenset[str]:
    """Return months, tertials and quarters in name and title."""
    named = f"{known.source.rsplit('/', 1)[-1].rsplit('.', 1)[0].replace('_', ' ')} {known.info.title}"
    return frozenset(
        f"{place}{value[:3].lower()}"
        for found in _MOMENT.finditer(named)
        for place, value in enumerate(found.groups())
        if value
    )


def _age(known: Known) -> tuple[bool, int, float, bool, str, int, str]:
    """Order versions: letters are behind all, then what they say of themselves counts, then their days."""
    file = known.source.rsplit("/", 1)[-1].replace("_", " ")
    name = f"{file}\n{known.info.title}"
    said = f"{name}\n{known.opening[:OPENING_CHARS]}"
    standing = bool(_FINAL.search(name)) - bool(_DRAFT.search(name))
    marks = [*_NUMBERED.finditer(name), *_VERSION.finditer(said)]
    numbers = [number for mark in marks if (number := float(mark[1])) <= VERSIONS_MAX]
    revised = bool(_REVISED.search(said))
    return (
        not known.is_letter,
        standing,
        max(numbers, default=1.0),
        revised,
        known.info.date,
        len(known.hashes),
        known.source,
    )


def family_of(source: str, found: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return all versions of a report, the newest first; the report alone where it has no others."""
    return next((tuple(family) for family in found if source in family), (source,))
