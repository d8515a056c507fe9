"""What a single line can be taken for: a label, a date, a page number, a title, a generic subheading."""

from __future__ import annotations

import re
from functools import cache

from rapportsvar.structure.lines import ends_sentence, item_body, key, plain
from rapportsvar.swedish.datafiles import data_lines

_LABELS = (
    r"datum|diarienummer|diarienr|dnr|ärendenummer|ärendenr|handläggare|nämnd|styrelse|förvaltning|version|"
    r"nämndbehandlad(?:/nämndbehandlas)?|nämndbehandlas|mottagare|avsändare|upprättad av|kontaktperson|"
    r"referens|beteckning|vår referens|er referens|dokumenttyp|dokumentnamn|fastställd(?: av)?|"
    r"beslutad(?: av)?|beslutsdatum|giltig(?: från)?|"
    r"författare|ansvarig|rapportör|telefon|e-post|kommun|organisation"
)
_LABEL = re.compile(rf"(?:{_LABELS})\s*:?", re.IGNORECASE)
_LABEL_VALUE = re.compile(rf"(?:{_LABELS})\s*:\s*(\S.*)", re.IGNORECASE)
_LABEL_LAST = re.compile(r"(?:diarienummer|dnr|handläggare|datum)\s*:$", re.IGNORECASE)
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[ -]+\d{2,4}|(?:den )?\d{1,2} [a-zå]{3,9}\.? \d{4}", re.IGNORECASE
)
_PAGE = re.compile(
    r"[-–|]?\s*(?:s(?:ida|idan|id)?\.?\s*)?\d{1,3}\s*(?:(?:\(|/|av|of)\s*\d{1,3}\s*\)?)?\s*[-–|]?|"
    r"page \d{1,3}(?: of \d{1,3})?",
    re.IGNORECASE,
)
_FIGURE_END = re.compile(r"(?:\d,\d+|\d \d{3}|\d\s*(?:tkr|mnkr|kr|%|procent|kronor))$", re.IGNORECASE)
_YEAR_END = re.compile(r"(?:19|20)\d\d\)?$")
_SECTION_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s")
_YEARS = re.compile(r"^[\d.]+\s|(?:19|20)\d\d")
"""What does not speak against a heading: ``4.3 Plan 2025–2026`` has fewer letters than digits."""
_NOT_TITLE = re.compile(
    r"(?:källa|not|obs|anm|anmärkning|kommentar)\b\s*[:!]|belopp i\b|\(?tkr\)?$|§",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://|www\.|\S@\S")
_CAPTION = re.compile(r"(?:diagram|figur|fig\.|tabell|bild|karta)\s*\d*\s*[:.]?\s", re.IGNORECASE)
_MEASURE = re.compile(
    r"(?:antal|andel|kostnad|genomsnitt|orsaker|utveckling|fördelning|snitt)[a-zåäö]*\b", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:är|har|hade|var|blev|blir|visar|visade|redovisar|prognosti[sc]erar|beräknas|bedöms|kommer|finns|"
    r"innebär|beror|uppgår|uppgick|pågår|minskar|ökar|anger|framgår|beslutar|föreslår|godkänner|avser|ligger|"
    r"genomförs|genomfördes|förväntas|saknas|följer|deltar|arbetar)\b",
    re.IGNORECASE,
)
# Words that no sentence ends with: what follows a page break belongs to them, however it begins.
_WAITS = re.compile(
    r"(?:\b(?:och|eller|samt|att|som|för|av|till|från|med|på|vid|om|under|över|inom|mellan|genom|enligt|den|det|de|en|ett|"
    r"är|har|kan|ska|kommer|inte|än|i|när|då|men|varav|denna|detta|dessa|sin|sina|nya|ca|cirka)|,|–|/)$",
    re.IGNORECASE,
)
_LEAD_VERB = re.compile(r"\b(?:beslutar|föreslår|att|följande|nedan)$", re.IGNORECASE)
_COUNT = re.compile(r"\(\d+ st\.?\)$")
_BRACKET_END = re.compile(r"\s*\([^()]*\)$|(?<=\s)(?:m\.\s?m|m\.\s?fl|etc|o\.\s?dyl|osv|o\.s\.v|mm)\.$")
_PERSON = re.compile(r"(?:[A-ZÅÄÖÉ][a-zåäöéü:.-]+(?:-[A-ZÅÄÖ][a-zåäö]+)?[ \xa0]){1,3}[A-ZÅÄÖÉ][\w:-]+")
_POST = re.compile(
    r"(?:chef|direktör|sekreterare|ledare|ordförande|controller|ekonom|strateg|handläggare|kamrer|samordnare|"
    r"utredare|jurist|rektor)(?:\b|,)",
    re.IGNORECASE,
)


@cache
def _subheadings() -> dict[str, str]:
    return {words: kind for words, kind in data_lines("subheadings.tsv")}


def subheading_kind(text: str) -> str:
    """Return ``strong``, ``weak`` or ``framing`` for a subheading that recurs in the genre, else nothing."""
    return _subheadings().get(generic_key(text), "")


def is_generic(text: str) -> bool:
    """Tell whether a line is a subheading such as ``Status`` or ``Utfall``."""
    return subheading_kind(text) in ("strong", "weak")


def is_label(text: str) -> bool:
    """Tell whether a line is a label whose value stands below: ``Datum:``, ``Diarienummer``."""
    bare = plain(text)
    return _LABEL.fullmatch(bare) is not None or _LABEL_LAST.search(bare) is not None


def is_label_value(text: str) -> bool:
    """Tell whether a line is a document's label with its value: ``Nämnd: Arbetsmarknadsnämnden``."""
    found = _LABEL_VALUE.fullmatch(plain(text))
    return found is not None and len(found.group(1)) <= 80


def is_colon_label(text: str) -> bool:
    """Tell whether a line is short and ends in a colon."""
    return text.endswith(":") and len(text) <= 40


def is_date(text: str) -> bool:
    """Tell whether a line is a date and nothing else."""
    return _DATE.fullmatch(plain(text)) is not None


def is_page_number(text: str) -> bool:
    """Tell whether a line is a page number and nothing else: ``7``, ``- 7 -``, ``Sida 3 (12)``."""
    return _PAGE.fullmatch(plain(text)) is not None


def is_caption(text: str) -> bool:
    """Tell whether a line calls itself a figure or a table: ``Diagram 3: ...``."""
    return _CAPTION.match(plain(text)) is not None


def is_measure(text: str) -> bool:
    """Tell whether a line begins as the name of a diagram does, with what is measured."""
    return _MEASURE.match(plain(text)) is not None


def is_counted(text: str) -> bool:
    """Tell whether a line ends by counting what follows: ``Uppdrag som väntar (3 st.)``."""
    return _COUNT.search(plain(text)) is not None


def waits(text: str) -> bool:
    """Tell whether a text breaks off in a word that no sentence ends with: more must follow."""
    return _WAITS.search(text) is not None


def leads_in(text: str) -> bool:
    """Tell whether a line hands over to a list: by a colon, a count or a verb that waits for its object."""
    bare = plain(text)
    return bare.endswith(":") or is_counted(bare) or _LEAD_VERB.search(bare) is not None


def is_person(text: str) -> bool:
    """Tell whether a line is a person's name."""
    return len(text) <= 50 and _PERSON.fullmatch(text) is not None


def is_post(text: str) -> bool:
    """Tell whether a line is the post that a person holds: ``Ekonomichef``, ``Direktör``."""
    return len(text) <= 60 and _POST.search(text) is not None


def has_verb(text: str) -> bool:
    """Tell whether a line holds one of the commonest finite verbs: a sentence rather than a title."""
    return _VERB.search(plain(text)) is not None


def generic_key(text: str) -> str:
    """Return the key under which generic subheadings are listed."""
    return key(text.rstrip(".:"))


def titlelike(text: str) -> bool:
    """Tell whether a line on its own could be a heading, by its looks alone."""
    bare = plain(text)
    if not 2 <= len(bare) <= 120 or not re.search(r"[A-Za-zÅÄÖåäö]{2}", bare):
        return False
    first = bare.lstrip("\"”'«»(")[:1]
    if not (first.isupper() or first.isdigit()):
        return False
    if (
        ends_sentence(_BRACKET_END.sub("", bare))
        or bare[-1] in ":;,-–&"
        or is_date(bare)
        or is_page_number(bare)
    ):
        return False
    if _FIGURE_END.search(bare) and not _YEAR_END.search(bare):
        return False
    if (
        _NOT_TITLE.match(bare)
        or _ADDRESS.search(bare)
        or is_label(bare)
        or is_label_value(bare)
        or " = " in bare
    ):
        return False
    if waits(bare):
        return False
    words = _YEARS.sub("", bare) if _SECTION_NUMBER.match(bare) else bare
    return bool(item_body(bare)) and sum(letter.isalpha() for letter in words) * 5 > len(words) * 2
