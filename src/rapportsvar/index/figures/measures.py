"""What a figure is called: labels and captions without numbering, units and marks of footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapportsvar.index.entries import JOIN, plain
from rapportsvar.index.keyword import PART_MARK
from rapportsvar.swedish.numbers import BLANK

NEUTRAL = frozenset({"antal", "andel", "total", "totalt", "summa", "procent", "tkr", "mnkr", "kr"})
"""Words that two names of one measure may differ by."""
LABEL_CHARS = 1_000
MEASURE_CHARS = 240

SEX_LABELS = {"kvinnor": "kvinnor", "flickor": "kvinnor", "män": "män", "pojkar": "män"}
SEX = {
    "kvinnor": re.compile(r"\b(?:kvinn(?:or|orna)|flick(?:or|orna)|tjejer)\b", re.IGNORECASE),
    "män": re.compile(r"\b(?:män|männen|pojk(?:ar|arna)|killar)\b", re.IGNORECASE),
}

_UNIT = (
    r"tkr|kkr|mnkr|mkr|kr|kronor|mdkr|procent|%|antal|st|dagar|belopp i [\w ]{2,20}"
    r"|i (?:tkr|mnkr|kr|procent|%)"
)
_TAIL = re.compile(
    rf"(?:[{BLANK}]*[(\[](?:{_UNIT})[)\]]|,?[{BLANK}]*(?:[,:]|\bi)[{BLANK}]+(?:{_UNIT})|[{BLANK}]+%)$",
    re.IGNORECASE,
)
# One way only to divide a run, and it begins where the run does: a row of stars would else take for ever.
_MARKS = re.compile(r"(?<![¹²³⁰⁴-⁹*:;,.–-])(?:[¹²³⁰⁴-⁹]⁾?|\*\)?|[:;,.–-])+$")
_NUMBERING = re.compile(
    r"^(?:(?:tabell|diagram|bilaga)\s+\d+[.:]?|\d{1,2}(?:\.\d{1,2})*[.)]?)\s+(?=[^\W\d_])"
    r"(?!(?:år|dagar|dygn|månader|timmar)\b)",
    re.IGNORECASE,
)
_CODE = re.compile(r"\d{1,5}")
_GENERIC = re.compile(
    r"(?:(?:summa|totalt?|övriga?|övrigt|varav|därav|avgår:?|externa|interna|verksamhetens|totala"
    r"|årets|periodens)\s+)*"
    r"(?:summa|totalt?|övriga?|övrigt|intäkter|kostnader|inkomster|utgifter|bruttokostnader"
    r"|nettokostnad(?:er)?"
    r"|netto"
    r"|personalkostnader|lokalkostnader|kapitalkostnader|driftkostnader|avskrivningar|köp av verksamhet"
    r"|bidrag"
    r"|(?:netto|drift|budget)?resultat\w*"
    r"|res\.f\..*|budget|utfall|prognos|avvikelse|över-?/?underskott"
    r"|underskott"
    r"|överskott|män|kvinnor|antal|andel|nettoutgift|kommunbidrag|ledning|stab|förvaltning\w*|ramjustering\w*)",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"tabell|tkr|mnkr|belopp|bilaga|drifts?(?:redovisning|budget|sammandrag|bokslut)?|investerings?redovisning|årets"
    r"|resultat(?:et|räkning)?|ekonomi(?:n|sk|skt|ska)?|utfall(?:et)?|redovisning|uppföljning(?:en)?|nyckeltal|volymer"
    r"|budget|prognos(?:en)?|sammanfattning|inledning|årsredovisning|bokslut|helår|analys|verksamhetsmått|hushållning"
    r"|(?:delårs|månads)(?:rapport|bokslut|uppföljning|prognos)|verksamhetsberättelse|verksamhet|god|ställning|netto"
    r"|nettoresultat|läget|korthet|och|av|per|för|med|i|efter|nämnden|\d+",
    re.IGNORECASE,
)
"""Headings that name a kind of table or report: the one above them says whose it is."""
_AMOUNT = re.compile(
    r"(?:[+±–−-]\s?)?(?:\d[\d ,.]*|en|ett|två|tre|fyra|fem|tio)\s?"
    r"(?:%|procent(?:enhet(?:er)?)?|kr|kronor|krona|tkr|mnkr|mkr|miljon(?:er)?(?: kronor)?)",
    re.IGNORECASE,
)
"""By how much something changes, ``en procent``: what changes stands before it."""
_WORD = re.compile(r"\w+")
_OF_WHOLE = re.compile(r"(?:-\s*)?(?:varav|därav)\b", re.IGNORECASE)
_UNIT_IN_TITLE = re.compile(r"\bi procent\b|[,:(]\s*(?:procent|%)|\(%\)", re.IGNORECASE)
_TITLE_CHARS = 120


def clean_label(label: str) -> str:
    """Return a label without numbering, unit and marks: ``Sjukfrånvaro`` for ``1.2 Sjukfrånvaro, %``."""
    words = _NUMBERING.sub("", plain(label[:LABEL_CHARS]))
    before = ""
    while words != before:
        before = words
        words = _TAIL.sub("", _MARKS.sub("", words)).strip(BLANK)
    return (words or plain(label[:LABEL_CHARS]))[:MEASURE_CHARS]


def name_key(terms: Sequence[str]) -> str:
    """Return what is equal for names of the same words: ``Placeringskostnader``, ``Kostnad för placeringar``.

    Args:
        terms: Index terms, in which the parts of a compound follow it with a mark before them.
    """
    words: list[list[str]] = []
    for term in terms:
        if not term.startswith(PART_MARK):
            words.append([term])
        elif words:
            words[-1].append(term.removeprefix(PART_MARK))
    keys = {key for word in words for key in (word[1:] or word)}
    return " ".join(sorted(keys - NEUTRAL or keys))


def is_generic(label: str) -> bool:
    """Tell whether a label says nothing without the heading that it stands under."""
    named = clean_label(label)
    return bool(_GENERIC.fullmatch(named) or _OF_WHOLE.match(label) or _AMOUNT.fullmatch(label.strip()))


def names_only_kind(heading: str) -> bool:
    """Tell whether a heading says what kind of table stands under it, but not of what."""
    return all(_KIND.fullmatch(word) for word in _WORD.findall(clean_label(heading)))


def unit_of_heading(title: str) -> str:
    """Return ``%`` where a heading or caption says that its table is in per cent."""
    return "%" if len(title) <= _TITLE_CHARS and _UNIT_IN_TITLE.search(title) else ""


def sex_of(words: str) -> str:
    """Return the one sex that words name; empty for none or both."""
    named = [sex for sex, pattern in SEX.items() if pattern.search(words)]
    return named[0] if len(named) == 1 else ""


def sex_of_labels(labels: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the sex that a label by itself names, and the labels without it."""
    cleaned = [SEX_LABELS.get(clean_label(label).lower().removeprefix("varav "), "") for label in labels]
    if len(labels) < 2 or not any(cleaned):
        return "", tuple(labels)
    kept = tuple(label for label, sex in zip(labels, cleaned, strict=True) if not sex)
    return next(sex for sex in cleaned if sex), kept or tuple(labels)


def measure_of(labels: Sequence[str], heading: str, *, heading_says: bool) -> str:
    """Name what a row measures.

    Args:
        labels: Of the row, outermost first.
        heading: What stands over the table.
        heading_says: True where the heading, not the label, tells what is measured.
    """
    named = [label for label in labels if clean_label(label) and not _CODE.fullmatch(clean_label(label))]
    if not named:
        return clean_label(heading)
    path = [clean_label(named[-1])]
    for outer in [*reversed(named[:-1]), heading]:
        if not is_generic(path[0]) and not heading_says:
            break
        outer = clean_label(heading) if heading_says and not is_generic(path[0]) else clean_label(outer)
        heading_says = heading_says and outer != clean_label(heading)
        if outer and outer.lower() != path[0].lower():
            path.insert(0, outer)
    return JOIN.join(path)[:MEASURE_CHARS]
