"""Words of a question: which are verbs, which stand before a noun, where a subject ends.

Rules over forms and the dictionary; where a word may be two things, the one that questions to reports mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.dictionary import dictionary
from rapportsvar.swedish.words import fold

WORD = re.compile(r"[^\W_]+(?:[-:'’/.,][^\W_]+)*-?")
SUPINE = re.compile(r"\w{2,}(?:at|it|ats|its|tts|dd|tt|pt|kt|gt|änt|ört|ällt)$", re.I)
_VERB_WITHIN = 16
"""Words of a question among which its verb is looked for."""
_CLEFT = re.compile(r"^(?P<asked>vad|vem|vilka|hur\s+många)\s+(?:är|var)\s+det\s+som\s+", re.I)


def bare(question: str) -> str:
    """Return a question without its mark and the words that lead it in."""
    text = re.sub(r"[\s?!.]+$", "", " ".join(question.split()))
    text = re.sub(r"^(?:och|men|så|jaha|ok|okej|jo|hej)[,\s]+(?=\w)", "", text, flags=re.I)
    return _CLEFT.sub(r"\g<asked> ", text)


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
    words = dictionary()
    lemma = words.lemma(low) or ""
    if low.endswith("dde") and len(low) > 4:  # "trodde", "nådde"
        return not words.is_noun(lemma)
    if low.endswith("s") and len(low) > 3 and words.is_infinitive(lemma):  # "byggs", "märks"
        return not words.is_noun(lemma)
    if not low.endswith(("ade", "ades", "tes", "des", "ar", "as", "er", "te", "de", "es")):
        return False
    return words.is_infinitive(lemma) and not (low.endswith(("ar", "er")) and words.is_noun(lemma))


def is_supine(word: str) -> bool:
    """Tell whether a word is what follows ``har``: ``hjälpt``, ``minskat``."""
    return SUPINE.match(word) is not None and dictionary().is_infinitive(dictionary().lemma(word) or "")


def subject_split(rest: str) -> tuple[str, str]:
    """Split what follows the verb into the subject and the remainder."""
    words = rest.split()
    end = 0
    while end < len(words) and leads_noun(words[end]) and end + 1 < len(words):
        end += 1
    end = min(end + 1, len(words))
    while end < len(words):
        low = words[end].lower()
        pair = low in phrases("preposition") | {"och"} and end + 1 < len(words)
        joined = words[end - 1].endswith("-") or _is_named(words[end - 1], words[end])
        if pair and (low in ("och", "för", "av") or words[end + 1][:1].isupper()):
            end += 1
            while end + 1 < len(words) and leads_noun(words[end]):
                end += 1
        elif not joined:
            break
        end += 1
    return " ".join(words[:end]), " ".join(words[end:])


def _is_named(noun: str, name: str) -> bool:
    """Tell whether a noun is followed by its name: ``enheten Barn och unga``."""
    return noun[:1].islower() and name[:1].isupper() and noun.lower() not in phrases("verb")


def leads_noun(word: str) -> bool:
    """Tell whether a word stands before a noun: an article, a number, an adjective, a genitive."""
    low = word.lower()
    genitive = low.endswith(("ens", "ets", "nas", "ernas", "ans")) and len(low) > 5
    if low in phrases("determiner") or (genitive and not dictionary().is_infinitive(low.removesuffix("s"))):
        return True
    if word[:1].isupper() and low.endswith("s") and len(low) > 4:
        return not dictionary().is_noun(low)
    lemma = dictionary().lemma(low) or ""
    return low.endswith("a") and dictionary().is_adjective(lemma) and not dictionary().is_noun(lemma)


def from_preposition(rest: str) -> str:
    """Leave out what a thing is said to be: ``klar`` in ``är ombyggnaden klar 2022``."""
    words = rest.split()
    while words and words[0].lower() not in phrases("preposition") and not words[0][0].isdigit():
        words.pop(0)
    return " ".join(words)


def after_small_words(text: str, *roles: str) -> str:
    """Leave out words of some roles, such as prepositions, at the beginning; one word stays."""
    small = frozenset[str]().union(*map(phrases, roles))
    words = text.split()
    while len(words) > 1 and words[0].lower() in small:
        words.pop(0)
    return " ".join(words)


def without_verbs(rest: str) -> str:
    """Leave out what happens to a thing, at the beginning: ``minskat`` in ``minskat i Åsbro``."""
    words = rest.split()
    while words and says_what_happens(words[0].lower()):
        words.pop(0)
    return " ".join(words)


def says_what_happens(word: str) -> bool:
    """Tell whether a word is a supine, an infinitive or a particle: ``minskat``, ``bygga``, ``över``."""
    if word in phrases("particle") - phrases("preposition"):
        return True
    if dictionary().is_noun(word) and word not in phrases("infinitive"):
        return False
    return (
        word in phrases("infinitive")
        or SUPINE.match(word) is not None
        or (dictionary().is_infinitive(word) and word not in phrases("determiner"))
    )


def verb_place(words: Sequence[str]) -> int:
    """Return the place of the finite verb after a noun; 0 where there is none."""
    return next(
        (
            n
            for n, w in enumerate(words[1:_VERB_WITHIN], 1)
            if is_verb(w) and words[n - 1].lower() not in phrases("preposition")
        ),
        0,
    )


def definite(noun: str) -> str:
    """Write ``underskottet`` for ``underskott``; a noun that is not known stays."""
    head, blank, last = noun.rpartition(" ")
    return f"{head}{blank}{dictionary().definite(last.lower()) or last}"
