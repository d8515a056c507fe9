"""The municipalities that a question names: as lists have them, with a slip, or in small letters."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from rapportsvar.model import Span
from rapportsvar.swedish.names import Gazetteer, Mention, basic_form
from rapportsvar.swedish.tokens import tokens
from rapportsvar.swedish.words import Analyzer, fold

NAME_CHARS_MIN = 5
"""A shorter name is too near to other words to be known with a slip in it."""
LONG_NAME_CHARS = 7
"""So long a name is known even where the dictionary has the word: ``upsala``."""
# "i storköpings kommun": a name in small letters, which no list holds; the dictionary knows "i vår kommun".
_SMALL_PLACE = re.compile(r"\b(?:i|från|hos|inom|för)\s+(([a-zåäöé][\w-]{3,})\s+kommun)\b")


@dataclass(slots=True)
class Places:
    """Finds municipalities in questions over one index.

    Attributes:
        indexed: Names of the municipalities that reports are of.
    """

    analyzer: Analyzer
    gazetteer: Gazetteer
    indexed: Collection[str]
    _by_letter: dict[str, list[tuple[str, str]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name in sorted(self.indexed):
            self._by_letter.setdefault(fold(name)[0], []).append((fold(name), name))

    def find(self, searched: str) -> list[Mention]:
        """Find the municipalities named, but for words that only look like one: ``anges`` is not Ånge's."""
        named = self.gazetteer.municipalities(searched, loose=True)
        found = [m for m in named if not self._is_a_word(m.span.of(searched), m.name)]
        taken = [m.span for m in found]
        found += [m for m in self._nearly(searched) if not any(m.span.overlap_chars(o) for o in taken)]
        taken = [m.span for m in found]
        for small in _SMALL_PLACE.finditer(searched):
            span = Span(*small.span(1))
            name = basic_form(small[2])
            known = self.analyzer.knows(small[2]) or self.analyzer.knows(name)
            if not known and not any(span.overlap_chars(other) for other in taken):
                found.append(Mention(span, name.title(), "kommun", True))
        return sorted(found, key=lambda mention: mention.span.start)

    def _nearly(self, searched: str) -> list[Mention]:
        """Find names of indexed municipalities with one slip in them: ``Upsala``."""
        found = []
        for token in tokens(searched):
            if not token.is_word or len(token.text) < NAME_CHARS_MIN:
                continue
            written = fold(basic_form(token.text))
            least = LONG_NAME_CHARS if self.analyzer.knows(token.text) else NAME_CHARS_MIN
            for folded_name, name in self._by_letter.get(written[0], ()):
                if len(name) >= least and OSA.distance(written, folded_name, score_cutoff=1) == 1:
                    found.append(Mention(Span(token.start, token.end), name, "kommun", False))
        return found

    def _is_a_word(self, written: str, name: str) -> bool:
        """Tell whether small letters without the name's marks are a word of their own."""
        other = not written.lower().startswith(name.lower()) and written[:1].islower()
        return other and " " not in written and self.analyzer.knows(written)
