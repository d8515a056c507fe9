"""A new question beside the one before: what it says of its own, and what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rapportsvar.retrieval.conversation.slots import Slot, added, read_slots, substituted, without
from rapportsvar.retrieval.conversation.wording import WORD, folded, is_supine, is_verb, lowered, phrases
from rapportsvar.retrieval.question import Understanding
from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.dictionary import dictionary
from rapportsvar.swedish.words import fold, stopwords

FRAGMENT_WORDS = 8
ASKING = re.compile(
    r"^(?:hur|vad|var|när|varför|vem|vems|vilk\w+|vart|varifrån|vadå"
    r"|how|what|when|why|who|where|which|is|are|did|does|do|has|have|can)\b",
    re.IGNORECASE,
)
POINTING = re.compile(
    r"(?<!\w)(?:detta|det här|det där|den här|den där|denna|dessa|dem|dom|det|den|de"
    r"|it|them|they|this)(?!\w)",
    re.IGNORECASE,
)
LEANING = re.compile(
    r"(?<!\w)(?:ändå|också|även|då|istället|i stället|sådana|såna|sådan|samma|dessutom|däremot"
    r"|andra|övriga|fler|varav|själva|totalt)(?!\w)|^(?:och|men)\b",
    re.IGNORECASE,
)
_FOR_IT = re.compile(r"(?<=\w)\s+(?:för|av|på|i|till|hos)\s+(?:den|det|dem|dom|de)$", re.IGNORECASE)
_WHAT_SORT = re.compile(r"vad\s+\w+\s+det\s+för\s", re.IGNORECASE)
LAST_MARKS = re.compile(r"[\s?!.,;:]+$")


@dataclass(frozen=True, slots=True)
class Turn:
    """A new question beside the one that it follows."""

    question: str
    base: str
    new: tuple[Slot, ...]
    old: tuple[Slot, ...]
    understanding: Understanding


def turn_of(said: str, base: str, understanding: Understanding) -> Turn:
    """Put a question beside the one before it."""
    new, old = (tuple(read_slots(text, understanding)) for text in (said, base))
    return Turn(said, base, new, old, understanding)


def rest_of(turn: Turn) -> tuple[str, tuple[str, ...]]:
    """What a question says apart from slots, modifiers, leads and fillers, as a key; and the modifiers."""
    text = key_of(without(turn.question, turn.new))
    kept = [folded("modifier")[m.group()] for m in _modifiers().finditer(text)]
    text = key_of(_modifiers().sub(" ", text)) if kept else text
    return ("" if text in folded("filler") else _without_leads(text)), tuple(kept)


@cache
def _modifiers() -> re.Pattern[str]:
    longest = sorted(folded("modifier"), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")


def key_of(text: str) -> str:
    """Return the words of a text without fillers and marks, for looking up."""
    words = [fold(m.group()) for m in WORD.finditer(text)]
    plain = " ".join(words)
    kept = [w for w in words if w not in folded("filler")]
    return " ".join(kept) if kept else plain


def _without_leads(text: str) -> str:
    if text in aspects() or text in folded("amount"):
        return text
    words = text.split()
    for count in range(min(6, len(words)), 0, -1):
        if " ".join(words[:count]) in folded("lead") and words[count:][:1] != ["for"]:
            return _without_leads(" ".join(words[count:]))
    return text


def says_nothing(question: str) -> bool:
    """Tell whether a question is fillers and leads only: ``Och?``."""
    return not _without_leads(key_of(question)) or key_of(question) in folded("filler")


@cache
def aspects() -> dict[str, tuple[str, ...]]:
    """Map the phrases that ask for another side to what is written for them."""
    return {fold(fields[1]): fields[2:] for fields in data_lines("follow_ups.tsv") if fields[0] == "aspect"}


def fragment(turn: Turn) -> str:
    """Return what a fragment names, as written; nothing for a whole question."""
    text = LAST_MARKS.sub("", without(turn.question, turn.new)).strip()
    text = _FOR_IT.sub("", _without_written_leads(text))
    words = [m.group() for m in WORD.finditer(text)]
    if not words or len(words) > FRAGMENT_WORDS or ASKING.match(text):
        return ""
    verbs = [n for n, word in enumerate(words) if is_verb(word) and (n == 0 or not word[:1].isupper())]
    if any(n < len(words) - 1 or len(words) > 2 for n in verbs) or POINTING.fullmatch(text):
        return ""
    if is_verb(words[0]) or all(word.lower() in stopwords() for word in words):
        return ""
    self_standing = (
        not turn.question.rstrip().endswith("?") and len(words) > 3 and not LEANING.search(turn.question)
    )
    return "" if self_standing else text


def _without_written_leads(text: str, *, first: bool = True) -> str:
    """Take leads from the front and fillers from the end, keeping the letters of what is left."""
    words = text.split()
    while words and fold(words[-1].strip(",?")) in folded("filler"):
        words.pop()
    for count in range(min(6, len(words)), 0, -1):
        leads = _plain(words[:count]) in folded("lead").keys() | folded("filler").keys()
        if leads and not _WHAT_SORT.match(" ".join(words)):
            return _without_written_leads(" ".join(words[count:]), first=False)
    left = " ".join(words).strip(" ,")
    return lowered(left) if first else left


def _plain(words: Sequence[str]) -> str:
    return " ".join(fold(word.strip(",.:;–-")) for word in words)


def is_empty_word(turn: Turn, word: re.Match[str]) -> bool:
    """Tell whether a word of the question names no thing: a slot, a verb, a stop word, ``hur stort``."""
    low = word.group().lower()
    inside = any(slot.start <= word.start() < slot.end for slot in turn.new)
    inside = inside or turn.question[: word.start()].lower().endswith("hur ")
    verb = is_verb(low) or is_supine(low)
    return inside or verb or low in stopwords() or fold(low) in folded("filler")


def _content(turn: Turn, text: str, slots: Sequence[Slot]) -> set[str]:
    terms = turn.understanding.analyzer.terms(without(text, slots))
    return {term.key for term in terms if not term.part or term.weight >= 0.4}


def shares(turn: Turn) -> bool:
    """Tell whether the question and the one before have a word or part of one in common."""
    return bool(_content(turn, turn.question, turn.new) & _content(turn, turn.base, turn.old))


def is_thin(turn: Turn) -> bool:
    """Tell whether a question names one thing at most."""
    words = list(WORD.finditer(turn.question))
    named = [
        word
        for before, word in zip([None, *words], words, strict=False)
        if not (is_empty_word(turn, word) or _names_no_thing(word.group().lower()))
        and not (before and _is_idiom(before.group(), word.group()))
    ]
    return len(named) <= 1


def _names_no_thing(word: str) -> bool:
    return word in phrases("actor") or _is_infinitive(word)


def _is_idiom(preposition: str, noun: str) -> bool:
    """Tell whether a noun without an article says how rather than what: ``i tid``, ``på plats``."""
    low = noun.lower()
    return (
        preposition.lower() in phrases("preposition")
        and noun == low
        and dictionary().lemma(low) in (low, None)
    )


def bare_of_nouns(turn: Turn) -> bool:
    """Tell whether a question names nothing: ``Hur många hölls 2022?``, ``Vad tänker nämnden göra?``."""
    words = (word for word in WORD.finditer(turn.question) if word.group().lower() not in phrases("actor"))
    return all(is_empty_word(turn, word) or _is_infinitive(word.group()) for word in words)


def _is_infinitive(word: str) -> bool:
    return dictionary().is_infinitive(word.lower()) and not dictionary().is_noun(word.lower())


def moved(turn: Turn, modifiers: Sequence[str], slots: Sequence[Slot] | None = None) -> str:
    """Fill the slots of the base anew."""
    base = turn.base
    places = [
        slot for slot in (turn.new if slots is None else slots) if slot.kind == "place" and not slot.compared
    ]
    for slot in turn.new if slots is None else slots:
        if slot not in places[1:]:
            base = substituted(base, slot, turn.understanding)
    for slot in places[1:]:
        base = base.replace(places[0].name, f"{places[0].name} och {slot.name}", 1)
    return with_modifiers(base, modifiers)


def with_modifiers(base: str, modifiers: Sequence[str]) -> str:
    """Put modifiers (``per invånare``) at the end."""
    for modifier in modifiers:
        base = added(base, modifier, last=True)
    return base
