"""What a question is about, as words that can be put into another question.

``Hur hög var sjukfrånvaron i Åsbro 2022?`` is about ``sjukfrånvaron i Åsbro 2022``; what is so is
``sjukfrånvaron i Åsbro 2022 var så hög``. Rules over word order: a Swedish question has its verb first or
second, its subject after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapportsvar.retrieval.conversation.wording import (
    SUPINE,
    after_small_words,
    bare,
    definite,
    from_preposition,
    is_verb,
    leads_noun,
    lowered,
    phrases,
    says_what_happens,
    subject_split,
    verb_place,
    without_verbs,
)
from rapportsvar.swedish.dictionary import dictionary
from rapportsvar.swedish.words import stopwords

_COPULA = r"(?:är|var|blev|blir|is|was|are|were)"
_HOW = re.compile(
    r"^(?:hur|how)\s+(?P<adj>(?!många\b|mycket\b|many\b|much\b|det\b)\w+)"
    rf"\s+(?P<cop>{_COPULA})\s+(?P<np>(?!det\b).+)$",
    re.I,
)
_HOW_IT = re.compile(
    r"^hur\s+(?P<v>(?:är|var|ser|såg|går|gick|blev|blir|ligger|låg|står)\s+det(?:\s+(?:ut|till))?"
    r"|har\s+det\s+(?:gått|sett\s+ut))"
    r"\s+(?P<prep>för|med|i|på|inom|bland|hos)\s+(?P<np>.+)$",
    re.I,
)
_HOW_LOOKS = re.compile(r"^hur\s+(?P<v>ser|såg)\s+(?P<np>.+?)\s+ut(?P<rest>\s.+)?$", re.I)
_HOW_GOES = re.compile(r"^hur\s+(?P<v>går|gick)\s+(?P<np>(?!det\b).+)$", re.I)
_WHAT = re.compile(
    rf"^(?:vad|vilken|vilket|vilka|vem|what|which|who)\s+(?P<cop>{_COPULA})\s+(?P<np>(?!det\b).+)$", re.I
)
_HOW_MUCH_MORE = re.compile(
    r"^hur\s+mycket\s+(?P<more>\w{2,}re|mer|back|plus|minus|över|under)\s+(?P<v>\w+)\s+(?P<rest>.+)$", re.I
)
_THERE_IS = re.compile(
    r"^hur\s+(?:mycket|många)\s+(?P<np>.+?)\s+(?P<v>är|var|blev|blir|finns|fanns)\s+det\s+"
    r"(?P<rest>(?:i|på|inom|bland|hos|vid|för|med)\s.+)$",
    re.I,
)
_HOW_GREAT = re.compile(
    r"^hur\s+(?P<adj>stor[at]?|hög[at]?|lång[at]?|låg[at]?)\s+(?P<rest>(?!del\b|andel\b).+)$", re.I
)
_COUNT = re.compile(
    r"^(?P<q>hur\s+många|hur\s+stor\s+(?:andel|del)(?=\s+av)|hur\s+mycket"
    r"|(?:vilken|vilket|vilka|which|how\s+many|how\s+much))"
    r"\s+(?P<rest>.+)$",
    re.I,
)
_V2 = re.compile(
    r"^(?:hur\s+(?:mycket|ofta|länge|snabbt|långt)|hur|när|var|varför|vad"
    r"|på\s+vilket\s+sätt|vem|vilka|vart|varifrån|why|when|how)\s+(?P<v2>.+)$",
    re.I,
)
_SHORT = re.compile(
    r"\b(?:gå|går|gick|gått|ligg\w+|låg)\b.*\b(?:back|minus)\b|\bmycket (?:back|minus)\b"
    r"|\b(?:dra|drar|drog|gå|går|gick)\b.*\böver\b",
    re.I,
)
_OVER = re.compile(r"\b(?:gå|går|gick|gått|ligg\w+|låg)\b.*\bplus\b|\bmycket plus\b", re.I)
_NAMES_BALANCE = re.compile(r"underskott|överskott|minus|plus|avvikelse|resultat", re.I)
_PERSON = re.compile(
    r"(?:\w+ )?\w*(?:chef|ordförande|direktör|rektor|ledare|samordnare|ansvarig)\w*", re.IGNORECASE
)
_FILLED = re.compile(r"\s+för\s+(?:något|nåt|någonting)(?!\w)", re.I)
_THAT = re.compile(r"^\S+\s+det\s+(?:om\s+|in\s+)?(?P<that>att\s+.+)$", re.I)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about.

    Attributes:
        np: As a noun phrase, with place and time: ``sjukfrånvaron i Åsbro 2022``.
        group: Those counted or listed: ``de barn som placerades``; otherwise ``np``.
        v2: What is so, verb first: ``var sjukfrånvaron så hög``. May be empty.
        clause: What is so, subject first. May be empty.
        negated: ``v2`` with ``inte`` in it. May be empty.
        is_clause: It tells of something that happens, rather than of a thing.
    """

    np: str
    group: str
    v2: str = ""
    clause: str = ""
    is_clause: bool = False
    negated: str = ""


def topic_of(question: str) -> Topic:
    """Tell what a question is about."""
    text = bare(question)
    topic = _topic_of(text)
    np = _trimmed(topic.np)
    if topic.is_clause and is_sound(np):
        np = _balance(text, np)
    return replace(topic, np=np, group=_trimmed(topic.group))


def _balance(text: str, np: str) -> str:
    """``Hur mycket går hemtjänsten back?`` is about the deficit of ``hemtjänsten``."""
    for pattern, noun in ((_SHORT, "underskottet"), (_OVER, "överskottet")):
        if pattern.search(text) and not _NAMES_BALANCE.search(np):
            return f"{noun} för {np}"
    return np


def is_sound(np: str) -> bool:
    """Tell whether a topic can be put into a sentence: it begins like a thing, and no verb is left over."""
    first, *rest = np.split() or [""]
    low = first.lower()
    if low in ("det", "den", "de"):
        second = rest[0] if rest else ""
        if not second.islower() or second in stopwords() or is_verb(second):
            return False
    elif low in phrases("preposition") | {"", "dem", "sig", "så"}:
        return False
    verbs = sum(is_verb(word) and word.islower() and not word.endswith("as") for word in rest)
    return verbs <= sum(word in ("som", "att") for word in rest)


def is_person(np: str) -> bool:
    """Tell whether a topic is somebody by office: ``socialchefen i Åsbro``."""
    return _PERSON.match(np) is not None


def _trimmed(np: str) -> str:
    """Leave out what is left of a verb: ``åtgärderna ge 2021``, ``minuset för gymnasiet på``."""
    words = np.split()
    kept = [
        word
        for before, word in zip(["", *words], words, strict=False)
        if word not in phrases("infinitive") or before in ("att", "och")
    ]
    while len(kept) > 1 and kept[-1].lower() in phrases("preposition"):
        kept.pop()
    return " ".join(kept)


def _topic_of(text: str) -> Topic:
    for pattern, make in (
        (_HOW, _of_how),
        (_HOW_IT, _of_how_it),
        (_HOW_LOOKS, _of_looks),
        (_HOW_GOES, _of_goes),
        (_WHAT, _of_what),
    ):
        match = pattern.match(text)
        if match:
            return make(match)
    there = _THERE_IS.match(text)
    if there:
        return _of_there(there)
    for pattern, find in ((_HOW_MUCH_MORE, _of_more), (_HOW_GREAT, _of_great), (_COUNT, _of_count)):
        match = pattern.match(text)
        found = find(match) if match else None
        if found:
            return found
    match = _V2.match(text)
    if match and is_verb(match["v2"].split()[0]):
        return _of_v2(match["v2"], much="mycket" in text.lower()[:11])
    first = text.split()[0] if text.split() else ""
    return _of_v2(lowered(text)) if is_verb(first) else Topic(lowered(text), lowered(text))


def _of_how(match: re.Match[str]) -> Topic:
    np, verb, adjective = match["np"], match["cop"], match["adj"]
    so = "så" if re.fullmatch(r"är|var|blev|blir", verb, re.I) else "so"
    return Topic(np, np, f"{verb} {np} {so} {adjective}", f"{np} {verb} {so} {adjective}")


def _of_how_it(match: re.Match[str]) -> Topic:
    np, words = match["np"], match["v"].split()
    where = np if match["prep"].lower() in ("för", "med") else f"verksamheten {match['prep']} {np}"
    verb, rest = words[0], " ".join(words[2:])
    end = _joined(rest, f"{match['prep']} {np}")
    return Topic(where, where, f"{verb} det så {end}", f"det {verb} så {end}", is_clause=True)


def _of_looks(match: re.Match[str]) -> Topic:
    np = match["np"] + (match["rest"] or "")
    return Topic(np, np, f"{match['v']} {np} ut så", f"{np} {match['v']} ut så")


def _of_goes(match: re.Match[str]) -> Topic:
    np = match["np"]
    return Topic(np, np, f"{match['v']} {np} så", f"{np} {match['v']} så")


def _of_what(match: re.Match[str]) -> Topic:
    np = _FILLED.sub("", match["np"])
    return Topic(np, np, f"{match['cop']} {np} så", f"{np} {match['cop']} så")


def _of_there(match: re.Match[str]) -> Topic:
    """``Hur mycket sjukfrånvaro var det bland lärarna``."""
    noun, verb, rest = match["np"], match["v"], match["rest"]
    many = "så många" if "många" in match.group().lower()[:10] else "så mycket"
    said = f"{verb} det {many} {noun} {rest}", f"det {verb} {many} {noun} {rest}"
    np = f"{noun if 'många' in many else definite(noun)} {rest}"
    return Topic(np, np, *said)


def _of_more(match: re.Match[str]) -> Topic | None:
    """``Hur mycket lägre har kostnaden varit 2020``."""
    verb, rest = match["v"], match["rest"]
    if not is_verb(verb) or not _has_subject(verb, rest):
        return None
    subject, after = subject_split(rest)
    more = f"så mycket {match['more']}"
    words = after.split()
    stop = next((n for n, word in enumerate(words, 1) if SUPINE.match(word)), 0)
    said, left = " ".join(words[:stop]), " ".join(words[stop:])
    np = _joined(subject, from_preposition(left.partition(" än ")[0]))
    v2, clause = _joined(verb, subject, said, more, left), _joined(subject, verb, said, more, left)
    return Topic(np, np, v2, clause, is_clause=True)


def _of_great(match: re.Match[str]) -> Topic | None:
    """``Hur stort underskott hade grundskolan 2024``."""
    words = match["rest"].split()
    place = verb_place(words)
    if not place:
        return None
    noun, verb, after = " ".join(words[:place]), words[place], " ".join(words[place + 1 :])
    if not _has_subject(verb, after):
        return None
    subject, rest = subject_split(after)
    words = rest.split()
    stop = next((n for n, word in enumerate(words) if not says_what_happens(word.lower())), len(words))
    left = words[stop:]
    if left and left[0].lower() in phrases("particle") and _ends_there(left[1:]):
        stop += 1  # "räknar nämnden med i år"
    said, rest = " ".join(words[:stop]), " ".join(words[stop:])
    great = f"{said} så {match['adj'].lower()} {noun}".strip()
    np = _joined(definite(noun), "för", subject, rest)
    return Topic(
        np, np, _joined(verb, subject, great, rest), _joined(subject, verb, great, rest), is_clause=True
    )


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _ends_there(words: Sequence[str]) -> bool:
    return not words or words[0].lower() in phrases("preposition") or words[0][0].isdigit()


def _of_count(match: re.Match[str]) -> Topic | None:
    """``Hur många barn placerades 2021``, ``Vilka åtgärder har nämnden beslutat om``."""
    words = match["rest"].split()
    place = verb_place(words)
    first = words[0].lower()
    participle = "många" in match["q"].lower() and first.endswith(("ade", "da", "ta"))
    if first in phrases("verb") or (
        not participle and (is_verb(first) and not dictionary().is_noun(dictionary().lemma(first) or ""))
    ):
        return _of_those(words) if "många" in match["q"].lower() else None
    if not place:
        whole = match["rest"].removeprefix("av ")
        return Topic(whole, whole)
    noun, verb, after = " ".join(words[:place]), words[place], " ".join(words[place + 1 :])
    if verb.lower() in ("finns", "fanns"):
        after = re.sub(r"^det\s*", "", after)
    of_all = noun.lower().startswith("av ")  # "hur stor andel av eleverna klarade målet"
    subject, rest = subject_split(after) if not of_all and _has_subject(verb, after) else ("", after)
    said = _joined(subject, verb, rest)
    many = match["q"].lower().startswith(("hur många", "how many"))
    plural = many or match["q"].lower() in ("vilka", "which")
    group = f"{'de ' if plural and noun.split()[0].lower() != 'de' else ''}{noun} som {said}"
    if verb.lower() in ("fanns", "finns") and not subject:
        group = f"{noun} {rest}".strip()
        counted = f"antalet {group}" if many else group
        return (
            Topic(counted, group, f"{verb} det så många {group}", f"det {verb} så många {group}")
            if many
            else Topic(group, group)
        )
    if match["q"].lower().startswith("hur stor"):
        group = group.removeprefix("av ")
        share = _joined(verb, subject, "så stor andel", noun, rest)
        return Topic(f"andelen {noun} som {said}", group, share, f"så stor andel {noun} {said}")
    if not many:
        these = (
            (f"{verb} dessa {noun} {rest}", f"dessa {noun} {verb} {rest}")
            if plural and not subject
            else ("", "")
        )
        return Topic(group, group, *these)
    v2 = _joined(verb, subject, "så många", noun, rest)
    clause = f"{subject} {verb} så många {noun} {rest}".strip() if subject else f"så många {noun} {said}"
    return Topic(f"antalet {noun} som {said}", group, v2, " ".join(clause.split()), is_clause=False)


def _of_those(words: Sequence[str]) -> Topic | None:
    """``Hur många är långtidsarbetslösa``, ``Hur många har fått praktik``: nothing names those counted."""
    verb, after = words[0], " ".join(words[1:])
    if not after or words[1].lower() in ("det", "de", "som"):
        return None
    if verb.lower() in ("är", "var"):
        return Topic(
            f"antalet {after}", f"de {after}", f"{verb} så många {after}", f"så många {verb} {after}"
        )
    subject, rest = subject_split(after) if _has_subject(verb, after) else ("", after)
    said = _joined(subject, verb, rest)
    v2 = _joined(verb, subject, "så många", rest)
    clause = f"{subject} {verb} så många {rest}" if subject else f"så många {verb} {rest}"
    return Topic(f"antalet som {said}", f"de som {said}", v2, clause)


def _has_subject(verb: str, after: str) -> bool:
    """Tell whether a subject follows the verb: a name or a definite noun, not an object or a complement."""
    words = after.split()
    if not words or words[0].lower() in phrases("preposition") | phrases("particle") or words[0][0].isdigit():
        return False
    first = words[0]
    if first[:1].isupper() or first.lower() in ("man", "vi", "de", "det", "den"):
        return True
    subject, _ = subject_split(after)
    nouns = (w for w in subject.split() if not (leads_noun(w) or w.endswith("-") or w.lower() == "och"))
    last = next(nouns, first).lower()
    ends = last.endswith(("en", "et", "an", "on", "na", "n")) and dictionary().lemma(last) != last
    return ends and not last.endswith(("ens", "anden"))


def _of_v2(text: str, *, much: bool = False) -> Topic:
    that = _THAT.match(text)
    if that:
        inner = that["that"].removeprefix("att ")
        subject = re.split(r"\s(?=(?:ska|skulle|har|hade|kan|kunde|inte)\b)", inner)[0]
        return Topic(subject, subject, text, inner, is_clause=True)
    verb, _, after = text.partition(" ")
    there = re.match(r"det\s+(?:någon|något|några|ens\s+)?\s*(?P<np>.+)$", after, re.I)
    if verb.lower() in ("finns", "fanns", "blir", "blev") and there:
        return Topic(there["np"], there["np"], text, f"det {verb} {after[4:]}", is_clause=True)
    if not _starts_subject(after) or SUPINE.match(after.split()[0]):
        np = after_small_words(without_verbs(after), "preposition")
        return Topic(np or after, np or after, text, "", is_clause=False)
    subject, rest = subject_split(after)
    so = "så mycket" if much and verb.lower().startswith("kosta") else ""
    np = _thing(subject, rest)
    said, asked = _joined(subject, verb, so, rest), _joined(verb, subject, so, rest)
    negated = _joined(verb, subject, "inte", so, rest)
    return Topic(np, np, asked, said, is_clause=True, negated=negated)


def _starts_subject(after: str) -> bool:
    first = after.split()[0].lower() if after.split() else ""
    return bool(first) and first not in phrases("preposition") | phrases("conjunction") | phrases("particle")


def _thing(subject: str, rest: str) -> str:
    """Return the thing that a sentence is about: its subject, or what a municipality or board does it to."""
    actor = (
        re.fullmatch(r"man|vi|de|ni|det|[A-ZÅÄÖ][^\W\d_]+(?<!et)(?<!en)(?:s? kommun)?|Region \w+", subject)
        is not None
    )
    actor = (
        actor
        or re.search(r"(?:nämnden|kommunen|förvaltningen|styrelsen)(?:\s+i\s+\S+)?$", subject) is not None
    )
    remainder = without_verbs(rest) if actor else from_preposition(rest)
    if not actor or not remainder or remainder.split()[0][:1].isdigit():
        return _joined(subject, remainder)
    thing = after_small_words(remainder, "preposition", "particle")
    if subject.lower() in ("man", "vi", "de", "ni", "det", "kommunen", "nämnden"):
        return thing
    return _placed(thing, subject)


def _placed(thing: str, subject: str) -> str:
    where = f"i {subject}"
    match = re.search(r"\s(?:(?:under|i|år|för|vintern|sommaren|våren|hösten)\s)?(?:19|20)\d\d\S*$", thing)
    return f"{thing[: match.start()]} {where}{thing[match.start() :]}" if match else f"{thing} {where}"
