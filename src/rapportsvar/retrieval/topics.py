"""What a question is about, as words that can be put into another question.

``Hur hög var sjukfrånvaron i Åsbro 2022?`` is about ``sjukfrånvaron i Åsbro 2022``; what is so is
``sjukfrånvaron i Åsbro 2022 var så hög``. Rules over word order: a Swedish question has its verb first or
second, its subject after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.dictionary import dictionary
from rapportsvar.swedish.words import fold

WORD = re.compile(r"[^\W_]+(?:[-:'’/.,][^\W_]+)*-?")
_COPULA = r"(?:är|var|blev|blir|is|was|are|were)"
_MODAL = r"|ska|skall|skulle|kan|kunde|måste|väntas|väntades|beräknas|beräknades"
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
_COUNT = re.compile(
    r"^(?P<q>hur\s+många|hur\s+stor\s+(?:andel|del)(?=\s+av)|hur\s+mycket"
    r"|(?:vilken|vilket|vilka|which|how\s+many|how\s+much))"
    r"\s+(?P<rest>.+)$",
    re.I,
)
_V2 = re.compile(
    r"^(?:hur\s+(?:mycket|ofta|länge|snabbt|långt)|hur|när|var|varför|vad"
    r"|på\s+vilket\s+sätt|vem|vilka|why|when|how)\s+(?P<v2>.+)$",
    re.I,
)
_SUPINE = re.compile(r"\w{2,}(?:at|it|ats|its|tts|dd|tt|pt|kt|gt|änt|ört|ällt)$", re.I)
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
    count = _COUNT.match(text)
    counted = _of_count(count) if count else None
    if counted:
        return counted
    match = _V2.match(text)
    if match and is_verb(match["v2"].split()[0]):
        return _of_v2(match["v2"], much="mycket" in text.lower()[:11])
    first = text.split()[0] if text.split() else ""
    return _of_v2(lowered(text)) if is_verb(first) else Topic(lowered(text), lowered(text))


def bare(question: str) -> str:
    """Return a question without its mark and the words that lead it in."""
    text = re.sub(r"[\s?!.]+$", "", " ".join(question.split()))
    return re.sub(r"^(?:och|men|så|jaha|ok|okej|jo|hej)[,\s]+(?=\w)", "", text, flags=re.I)


def lowered(text: str) -> str:
    """Write the first letter small unless the word is a name or an abbreviation."""
    word = text.split()[0] if text.split() else ""
    known = word.lower() in dictionary() and not dictionary().is_name(word.lower())
    plain = word[1:].islower() and (known or is_verb(word) or len(word) > 12)
    return text[:1].lower() + text[1:] if plain or len(word) == 1 else text


@cache
def phrases(role: str) -> frozenset[str]:
    """Return the phrases of one role in ``follow_ups.tsv``."""
    return frozenset(fields[1] for fields in data_lines("follow_ups.tsv") if fields[0] == role)


@cache
def folded(role: str) -> dict[str, str]:
    """Map the phrases of a role without their marks (``pa`` for ``på``) to what they are."""
    return {fold(phrase): phrase for phrase in phrases(role)}


def is_verb(word: str) -> bool:
    """Tell whether a word may be a finite verb."""
    low = word.lower().strip(",")
    if low in phrases("verb"):
        return True
    if low.endswith(("ade", "ades", "des", "tes")) and len(low) > 5:
        return not dictionary().is_noun(dictionary().lemma(low) or low)
    if not low.endswith(("ade", "ades", "tes", "des", "ar", "as", "er", "te", "de", "es")):
        return False
    words = dictionary()
    lemma = words.lemma(low) or ""
    return words.is_infinitive(lemma) and not (low.endswith(("ar", "er")) and words.is_noun(lemma))


def subject_split(rest: str) -> tuple[str, str]:
    """Split what follows the verb into the subject and the remainder."""
    words = rest.split()
    end = 0
    while end < len(words) and _leads_noun(words[end]) and end + 1 < len(words):
        end += 1
    end = min(end + 1, len(words))
    while end < len(words):
        low = words[end].lower()
        pair = low in ("och", "i", "för", "av", "på", "vid") and end + 1 < len(words)
        name = pair and (low in ("och", "för", "av") or words[end + 1][:1].isupper())
        joined = words[end - 1].endswith("-")
        if not (name or joined):
            break
        end += 2 if name else 1
    return " ".join(words[:end]), " ".join(words[end:])


def _leads_noun(word: str) -> bool:
    low = word.lower()
    if low in phrases("determiner") or (low.endswith(("ens", "ets", "nas", "ernas", "ans")) and len(low) > 5):
        return True
    if word[:1].isupper() and low.endswith("s") and len(low) > 4:
        return not dictionary().is_noun(low)
    lemma = dictionary().lemma(low) or ""
    return low.endswith("a") and dictionary().is_adjective(lemma) and not dictionary().is_noun(lemma)


def _of_how(match: re.Match[str]) -> Topic:
    np, verb, adjective = match["np"], match["cop"], match["adj"]
    so = "så" if re.fullmatch(r"är|var|blev|blir", verb, re.I) else "so"
    return Topic(np, np, f"{verb} {np} {so} {adjective}", f"{np} {verb} {so} {adjective}")


def _of_how_it(match: re.Match[str]) -> Topic:
    np, words = match["np"], match["v"].split()
    where = np if match["prep"].lower() in ("för", "med") else f"verksamheten {match['prep']} {np}"
    verb, rest = words[0], " ".join(words[2:])
    end = " ".join(filter(None, (rest, f"{match['prep']} {np}")))
    return Topic(where, where, f"{verb} det så {end}", f"det {verb} så {end}")


def _of_looks(match: re.Match[str]) -> Topic:
    np = match["np"] + (match["rest"] or "")
    return Topic(np, np, f"{match['v']} {np} ut så", f"{np} {match['v']} ut så")


def _of_goes(match: re.Match[str]) -> Topic:
    np = match["np"]
    return Topic(np, np, f"{match['v']} {np} så", f"{np} {match['v']} så")


def _of_what(match: re.Match[str]) -> Topic:
    np = _FILLED.sub("", match["np"])
    return Topic(np, np, f"{match['cop']} {np} så", f"{np} {match['cop']} så")


def _of_count(match: re.Match[str]) -> Topic | None:
    """``Hur många barn placerades 2021``, ``Vilka åtgärder har nämnden beslutat om``."""
    words = match["rest"].split()
    place = next(
        (
            n
            for n, w in enumerate(words[1:9], 1)
            if is_verb(w) and words[n - 1].lower() not in phrases("preposition")
        ),
        0,
    )
    first = words[0].lower()
    participle = "många" in match["q"].lower() and first.endswith(("ade", "da", "ta"))
    if first in phrases("verb") or (
        not participle and (is_verb(first) and not dictionary().is_noun(dictionary().lemma(first) or ""))
    ):
        return None
    if not place:
        whole = match["rest"]
        return Topic(whole, whole)
    noun, verb, after = " ".join(words[:place]), words[place], " ".join(words[place + 1 :])
    if verb.lower() in ("finns", "fanns"):
        after = re.sub(r"^det\s*", "", after)
    subject, rest = subject_split(after) if _has_subject(verb, after) else ("", after)
    said = " ".join(filter(None, (subject, verb, rest)))
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
        share = " ".join(filter(None, (verb, subject, "så stor andel", noun, rest)))
        return Topic(f"andelen {noun} som {said}", group, share, f"så stor andel {noun} {said}")
    if not many:
        these = (
            (f"{verb} dessa {noun} {rest}", f"dessa {noun} {verb} {rest}")
            if plural and not subject
            else ("", "")
        )
        return Topic(group, group, *these)
    v2 = " ".join(filter(None, (verb, subject, "så många", noun, rest)))
    clause = f"{subject} {verb} så många {noun} {rest}".strip() if subject else f"så många {noun} {said}"
    return Topic(f"antalet {noun} som {said}", group, v2, " ".join(clause.split()), is_clause=False)


def _has_subject(verb: str, after: str) -> bool:
    """Tell whether a subject follows the verb: a name or a definite noun, not an object or a complement."""
    words = after.split()
    if not words or words[0].lower() in phrases("preposition") | phrases("particle") or words[0][0].isdigit():
        return False
    first = words[0]
    if first[:1].isupper() or first.lower() in ("man", "vi", "de", "det", "den"):
        return True
    subject, _ = subject_split(after)
    nouns = (w for w in subject.split() if not (_leads_noun(w) or w.endswith("-") or w.lower() == "och"))
    last = next(nouns, first).lower()
    definite = last.endswith(("en", "et", "an", "on", "na", "n")) and dictionary().lemma(last) != last
    return definite and not last.endswith(("ens", "anden"))


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
    if not _starts_subject(after):
        np = _without_verbs(after)
        return Topic(np or after, np or after, text, "", is_clause=False)
    subject, rest = subject_split(after)
    so = "så mycket" if much and verb.lower().startswith("kosta") else ""
    np = _thing(subject, rest, said_to_be=re.fullmatch(_COPULA + _MODAL, verb, re.I) is not None)
    said, asked, negated = (
        " ".join(filter(None, parts))
        for parts in ((subject, verb, so, rest), (verb, subject, so, rest), (verb, subject, "inte", so, rest))
    )
    return Topic(np, np, asked, said, is_clause=True, negated=negated)


def _starts_subject(after: str) -> bool:
    first = after.split()[0].lower() if after.split() else ""
    return bool(first) and first not in phrases("preposition") | phrases("conjunction") | phrases("particle")


def _thing(subject: str, rest: str, *, said_to_be: bool) -> str:
    """Return the thing that a sentence is about: its subject, or what a municipality or board does it to."""
    actor = (
        re.fullmatch(r"man|vi|de|ni|det|[A-ZÅÄÖ][^\W\d_]+(?<!et)(?<!en)(?:s? kommun)?|Region \w+", subject)
        is not None
    )
    actor = (
        actor
        or re.search(r"(?:nämnden|kommunen|förvaltningen|styrelsen)(?:\s+i\s+\S+)?$", subject) is not None
    )
    remainder = _from_preposition(rest) if said_to_be and not actor else _without_verbs(rest)
    if not actor or not remainder or remainder.split()[0][:1].isdigit():
        return " ".join(filter(None, (subject, remainder)))
    words = remainder.split()
    while len(words) > 1 and words[0].lower() in phrases("preposition") | phrases("particle"):
        words.pop(0)
    thing = " ".join(words)
    if subject.lower() in ("man", "vi", "de", "ni", "det", "kommunen", "nämnden"):
        return thing
    return _placed(thing, subject)


def _from_preposition(rest: str) -> str:
    """Leave out what a thing is said to be: ``klar`` in ``är ombyggnaden klar 2022``."""
    words = rest.split()
    while words and words[0].lower() not in phrases("preposition") and not words[0][0].isdigit():
        words.pop(0)
    return " ".join(words)


def _placed(thing: str, subject: str) -> str:
    where = f"i {subject}"
    match = re.search(r"\s(?:(?:under|i|år|för)\s)?(?:19|20)\d\d\S*$", thing)
    return f"{thing[: match.start()]} {where}{thing[match.start() :]}" if match else f"{thing} {where}"


def _without_verbs(rest: str) -> str:
    words = rest.split()
    while words and _says_what_happens(words[0].lower()):
        words.pop(0)
    return " ".join(words)


def _says_what_happens(word: str) -> bool:
    """Tell whether a word is a supine, an infinitive or a particle: ``minskat``, ``bygga``, ``över``."""
    if word in phrases("particle") - phrases("preposition"):
        return True
    if dictionary().is_noun(word):
        return False
    return _SUPINE.match(word) is not None or (
        dictionary().is_infinitive(word) and word not in phrases("determiner")
    )
