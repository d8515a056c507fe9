"""Follow-up questions: what a question takes from earlier ones is written out, so that it can stand alone.

Earlier questions are read from the first on, each standing on the one before. A question then either fills a
slot of that one anew (``Och i Uppsala då?``), asks for another side of it (``Varför?``), points at it (``Vad
kostar det?``), puts another thing in its place (``Och hemtjänsten?``), or is a question of its own,
which takes place, board and year where it names none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapportsvar.retrieval.conversation.context import AS_FOR, with_context
from rapportsvar.retrieval.conversation.openings import Opening, opening_of, without_reaction
from rapportsvar.retrieval.conversation.pointing import by_pointing
from rapportsvar.retrieval.conversation.slots import added, read_slots, substituted, without
from rapportsvar.retrieval.conversation.swap import is_measure, replaced
from rapportsvar.retrieval.conversation.topics import Topic, is_person, topic_of
from rapportsvar.retrieval.conversation.turns import (
    ASKING,
    LAST_MARKS,
    POINTING,
    Turn,
    aspects,
    bare_of_nouns,
    fragment,
    is_empty_word,
    is_thin,
    key_of,
    moved,
    rest_of,
    says_nothing,
    turn_of,
    with_modifiers,
)
from rapportsvar.retrieval.conversation.wording import WORD, bare, folded, lowered, phrases
from rapportsvar.retrieval.question import Understanding
from rapportsvar.retrieval.scope import refusal

TURNS_MAX = 12
CHARS_MAX = 600
_AT_HOME = re.compile(r"(?<!\w)(?:i|inom|av|hos) kommunen(?!\w)|(?<!\w)kommunens(?!\w)", re.IGNORECASE)
_WIDER = re.compile(r"i (?:(?!jämfört)[\w-]+ ){1,5}jämfört med (?P<own>[A-ZÅÄÖ][\w-]+)")
_MEASURE = re.compile(r"\w{3,}(?:n|t|na)")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question written out.

    Attributes:
        standalone: The question with what it takes from earlier ones.
        carried: What it takes, in words for the interface: ``Lindsjö``, ``2022``, ``sjukfrånvaron``.
    """

    standalone: str
    carried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Before:
    """The question before, written out, and the one that tells what the talk is about.

    After ``Varför?`` these are two: ``Vad kostar det?`` asks for the thing, not for its cause.
    """

    asked: str
    about: str
    leans: bool = False
    """The question asked is about the same as the one before, but is no question of that kind."""


def standalone_question(question: str, history: Sequence[str], understanding: Understanding) -> str:
    """Write a follow-up question out; ``history`` holds earlier questions, oldest first."""
    return follow_up(question, history, understanding).standalone


def follow_up(question: str, history: Sequence[str], understanding: Understanding) -> FollowUp:
    """Write a follow-up question out and tell what it takes from earlier ones."""
    before = _Before("", "")
    for earlier in history[-TURNS_MAX:]:
        said = _cleaned(earlier)
        if refusal(said, chars_max=CHARS_MAX) is None:
            before = _written(said, before, understanding)
    said = _cleaned(question)
    if not before.asked or not said or len(said) > CHARS_MAX:
        return FollowUp(question)
    written = _written(said, before, understanding).asked
    if written == said:
        return FollowUp(question)
    return FollowUp(written, _carried(said, written, before.asked, understanding))


def _cleaned(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


def _carried(said: str, written: str, base: str, understanding: Understanding) -> tuple[str, ...]:
    """Name the slots, and otherwise the subject, that stand in ``written`` and not in what was said."""
    names = [
        slot.name
        for slot in read_slots(base, understanding)
        if slot.name in written and slot.name not in said
    ]
    subject = _without_tail(topic_of(without(base, read_slots(base, understanding))).np)
    return tuple(dict.fromkeys([*names, *([subject] if subject and subject in written else [])]))


def _home(base: str, said: str) -> str:
    """Go back from a wider area to the municipality that it was compared with: ``i kommunen``."""
    return _WIDER.sub(r"i \g<own>", base) if _AT_HOME.search(said) else base


def _without_tail(text: str) -> str:
    return LAST_MARKS.sub("", text).strip()


def _written(said: str, before: _Before, understanding: Understanding) -> _Before:
    if not before.asked:
        return _Before(said, said)
    opening = opening_of(said)
    if opening:
        return _opened(opening, before, understanding)
    said = without_reaction(said)
    bases = (_home(base, said) for base in (before.asked, before.about))
    asked, about = (turn_of(said, base, understanding) for base in bases)
    refilled = _by_slots(about if POINTING.search(said) else asked)
    if refilled:
        return _Before(_tidy(refilled), _tidy(_by_slots(about) or refilled))
    aspect = _by_aspect(about)
    if aspect:
        return _Before(_tidy(aspect), moved(about, (), [slot for slot in about.new if not slot.compared]))
    measure = is_measure(fragment(asked))
    other = _by_measure(about) or _by_thing(about if before.leans or measure else asked)
    if other:
        return _Before(_tidy(other), _tidy(_by_measure(about) or _by_thing(about) or other))
    pointed = by_pointing(about)
    if pointed:  # what is pointed at is still what the talk is about
        return _Before(_tidy(pointed), moved(about, (), [slot for slot in about.new if not slot.compared]))
    written = _tidy(with_context(about, said))
    if is_thin(about) and bare_of_nouns(about):
        return _Before(written, _tidy(moved(about, ())), leans=True)
    return _Before(written, written, leans=is_thin(about))


def _opened(opening: Opening, before: _Before, understanding: Understanding) -> _Before:
    """``Tillbaka till gymnasiet, hur stort var underskottet?``: what it is about is told first."""
    slots = read_slots(opening.thing, understanding)
    rest = opening.question
    named = {slot.kind for slot in read_slots(rest, understanding)}
    for slot in slots:
        if slot.kind == "place" and "place" not in named:
            rest = added(rest, f"i {slot.name}", understanding)
        if slot.kind == "time" and "time" not in named:
            rest = added(rest, slot.text)
    if opening.is_aside and not slots:
        return _Before(_tidy(rest), _tidy(rest))
    if slots:
        return _written(rest, before, understanding)
    told = added(rest, f"{AS_FOR} {lowered(opening.thing)}", understanding)
    written = _tidy(with_context(turn_of(rest, before.about, understanding), told))
    return _Before(written, written)


# another slot, another side


def _by_slots(turn: Turn) -> str:
    """``Och i Uppsala då?``, ``Männen 2019?``, ``Per invånare?``."""
    rest, modifiers = rest_of(turn)
    how_much = re.match(r"(?:hur|vad|vilken|vilket|how|what)\b", bare(turn.base), re.IGNORECASE) is not None
    told = rest and not (how_much and rest in folded("amount") and (turn.new or modifiers))
    if told or not (turn.new or modifiers or says_nothing(turn.question)):
        return ""
    return moved(turn, modifiers)


def _by_aspect(turn: Turn) -> str:
    """``Varför?``, ``Vem är ansvarig?``, ``Är det bättre än i fjol?``."""
    rest, modifiers = rest_of(turn)
    templates = aspects().get(rest) or aspects().get(
        re.sub(r"^(?:och|men|jaha|ok|okej|så)\s+", "", key_of(turn.question))
    )
    if not templates:
        return ""
    compared = [slot for slot in turn.new if slot.compared]
    others = [slot for slot in turn.new if not slot.compared]
    base = moved(turn, (), others)
    written = _filled(templates, topic_of(base))
    for slot in compared:
        written = substituted(written, slot, turn.understanding)
    return with_modifiers(written, modifiers)


def _filled(templates: Sequence[str], topic: Topic) -> str:
    if templates[0].startswith("Vilka berörs") and is_person(topic.np):
        return f"Vem är {topic.np}?"
    template = templates[-1] if topic.is_clause and topic.clause else templates[0]
    if ("{clause}" in template and not topic.clause) or ("{v2}" in template and not topic.v2):
        template = re.sub(r"\s*(?:att\s+)?\{(?:clause|v2)\}", f", {AS_FOR} {{np}}", template)
    if "{negated}" in template and not topic.negated:
        template = f"Varför inte, {AS_FOR} {{np}}?"
    filled = template.format(
        np=topic.np, group=topic.group, clause=topic.clause, v2=topic.v2, negated=topic.negated
    )
    return re.sub(r"\b(\w{3,}) för \1\b", r"\1", filled)


# another thing in the place of the one asked about


def _by_thing(turn: Turn) -> str:
    """``Och för Barn och familj?``, ``elevassistenterna?``, ``Och budgeten?``."""
    thing = fragment(turn)
    if not thing:
        return ""
    slots = [slot for slot in turn.new if slot.text not in thing]
    return replaced(moved(turn, (), slots), thing, turn.understanding, typed=turn.question)


def _by_measure(turn: Turn) -> str:
    """``Vad är prognosen?``, ``Vad beror underskottet på?``: the measure of what was asked about."""
    text = turn.question
    nouns = [m for m in WORD.finditer(text) if not (is_empty_word(turn, m) or _acts(text, m))]
    if (
        not ASKING.match(bare(text))
        or len(nouns) != 1
        or not _MEASURE.fullmatch(nouns[0].group())
        or not is_measure(nouns[0].group())
    ):
        return ""
    word = nouns[0]
    if text[: word.start()].lower().endswith(" för "):
        return ""  # "vad har nämnden för budget": the board is asked about
    np = topic_of(moved(turn, (), [slot for slot in turn.new if not slot.compared])).np
    head, _, rest = np.partition(" ")
    if is_measure(head):
        np = rest if rest[:1].isupper() else re.sub(r"^(?:för|av|bland|på|i|inom)\s+(?!\d)", "", rest)
    if not np:
        return ""
    led = read_slots(f"i {np}", turn.understanding)
    prep = "i" if led and led[0].start == 0 else "för"
    return f"{without(text[: word.end()], turn.new)} {prep} {np}{_rest_without(turn, word.end())}"


def _acts(text: str, word: re.Match[str]) -> bool:
    """Tell whether a word says who does it: ``Vad gör nämnden åt underskottet``, not ``på förvaltningen``."""
    before = text[: word.start()].split()
    if not before or before[-1].lower() in phrases("preposition"):
        return False
    return word.group().lower() in phrases("actor")


def _rest_without(turn: Turn, start: int) -> str:
    return turn.question[start:] if not any(slot.end > start for slot in turn.new) else "?"


def _tidy(text: str) -> str:
    """One blank between words, a capital first, a question mark last."""
    plain = re.sub(r"\s+([?!.,])", r"\1", " ".join(text.split()))
    plain = re.sub(r"(?<=\w)[.,;:]*\?+$|[.,;:]+$", "", plain)
    plain = re.sub(r"(?<=\w) (?:då|egentligen|liksom)$", "", plain)
    return plain[:1].upper() + plain[1:] + ("" if plain.endswith("?") else "?")
