"""Questions that point at what was asked about: ``det``, ``dem``, ``där`` are written out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapportsvar.retrieval.conversation.context import SOME, where, with_context
from rapportsvar.retrieval.conversation.pronouns import pronoun_in
from rapportsvar.retrieval.conversation.slots import Slot, of_kind, read_slots, without, year_of
from rapportsvar.retrieval.conversation.swap import is_measure
from rapportsvar.retrieval.conversation.topics import Topic, is_person, is_sound, topic_of
from rapportsvar.retrieval.conversation.turns import Turn, moved
from rapportsvar.retrieval.conversation.wording import definite, is_verb, leads_noun

_OF_THEM = re.compile(r"\bav (?:dem|dom|de|dessa)\b|\bof (?:them|these|those)\b", re.IGNORECASE)
_SEVERAL = ("de", "dem", "dom", "dessa", "them", "they")
_THERE = re.compile(r"(?<!\w)(?:där|dit|there)(?!\w)", re.IGNORECASE)
_PERSONAL = re.compile(r"(?<!\w)(?:hon|han|hen|honom|henne)(?!\w)", re.IGNORECASE)
_HOW_MANY = r"^(?:(?:och|men)\s+)?(?P<many>hur\s+många)\s+"
_COUNTED_IT = re.compile(rf"{_HOW_MANY}(?P<verb>\w+)\s+det\b(?!\s+(?:är|var)?\W*$)", re.IGNORECASE)
"""``Hur många ska det bli till jul?``"""
_COUNTED_BY = re.compile(rf"{_HOW_MANY}\w+\s+(?:de|man|vi|ni|kommunen|nämnden|regionen)\s+\w", re.IGNORECASE)
"""``Hur många har de anställt?``"""
_KNOWN = re.compile(
    r"\b(?:upptäck|märk|beslut|bestäm|konstater|uppmärksamm|rapporter|anmäl|klar)\w*\s+$"
    r"|^vems\s+fel\s+\w+\s+$",
    re.IGNORECASE,
)
"""Before a ``det`` that means that something is so: ``När upptäcktes det?``"""
_BEFORE_THAT = ("med", "om", "på", "till", "with", "about")
_EVENT = re.compile(r"(?!(?:när|vem|vad|vilk\w+|hur\s+(?:hög|stor|ser|många))\b)", re.IGNORECASE)
"""A question that says itself that something is so."""


def by_pointing(turn: Turn) -> str:
    """``Vad gör man åt det?``, ``Hur många av dem är ungdomar?``, ``Hur många bor där?``.

    Returns:
        The question written out; nothing where it points at nothing.
    """
    moving = [slot for slot in turn.new if not slot.compared and slot.kind != "sex"]
    topic = topic_of(moved(turn, (), moving))
    text = _before_that_year(turn)
    group = _less(topic.group, moving, turn)
    counted = _of_those(turn, text, group) or _counted(text, group, topic)
    if counted:
        return with_context(turn, counted)
    someone = _PERSONAL.search(text)
    if someone and is_person(topic.np):
        office, _, rest = topic.np.partition(" ")
        who = f"{definite(office)} {rest}".strip()
        return with_context(turn, text[: someone.start()] + who + text[someone.end() :])
    pronoun = pronoun_in(turn, text)
    if not pronoun:
        return _there(turn, text, topic.np)
    several = pronoun.group().lower() in _SEVERAL
    if not is_sound(topic.np) or (several and not _is_several(group)):
        return with_context(turn, text, leans=True)  # "de" are people that nobody has named
    whole = several or "kosta" in text
    thing = group if whole else _less(_pointed_at(topic, text, pronoun, turn), moving, turn)
    return with_context(turn, text[: pronoun.start()] + thing + text[pronoun.end() :])


def _of_those(turn: Turn, text: str, group: str) -> str:
    """``Hur många är kvinnor?``, ``Vilken av dem är störst?``."""
    some = SOME.match(text)
    if some and is_verb(some["verb"]) and group.startswith("de "):
        return f"{text[: some.end('many')]} av {group}{text[some.end('many') :]}"
    if _is_several(group):
        written = _OF_THEM.sub(lambda match: f"{match.group().split()[0]} {group}", text, count=1)
        return written if written != text else ""
    return ""


def _counted(text: str, group: str, topic: Topic) -> str:
    """``Hur många ska det bli?``, ``Hur många har de anställt?``: what is counted is named."""
    things = group.removeprefix("de ")
    by = _COUNTED_BY.match(text)
    if by and group.startswith("de "):
        return f"{text[: by.end('many')]} {things.partition(' som ')[0]}{text[by.end('many') :]}"
    it = _COUNTED_IT.match(text)
    if it and topic.np.startswith(("antalet ", "mängden ")):
        return f"{text[: it.end('many')]} {things} {text[it.start('verb') :]}"
    return ""


def _there(turn: Turn, text: str, np: str) -> str:
    match = _THERE.search(text)
    if not match:
        return ""
    new = [slot for slot in turn.new if not slot.compared]
    place = where(turn) or ("" if is_measure(np) else f"i {_less(np, new, turn)}")
    return with_context(turn, text[: match.start()] + place + text[match.end() :])


def _is_several(group: str) -> bool:
    first = next((word.lower() for word in group.split() if not leads_noun(word)), "")
    return group.startswith("de ") or first.endswith(("ar", "er", "or", "na", "barn", "elever"))


def _pointed_at(topic: Topic, text: str, pronoun: re.Match[str], turn: Turn) -> str:
    """Return what ``det`` means: a thing, or that something is so (``med att Återbruket har flyttat``)."""
    it = pronoun.group().lower() in ("det", "detta", "it", "this")
    if not (it and topic.is_clause and topic.clause):
        return topic.np
    before = text[: pronoun.start()]
    if _KNOWN.search(before) and not text[pronoun.end() :].strip(" ?!."):
        return f"det att {topic.clause}"
    told = before.lower().split()[-1:]
    is_that = bool(told) and told[0] in _BEFORE_THAT
    return f"att {topic.clause}" if is_that and _EVENT.match(turn.base) else topic.np


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
