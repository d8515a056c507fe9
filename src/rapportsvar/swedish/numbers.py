"""Numbers with their units in Swedish text and in table cells, and how numbers are written.

Linear in the length of the text: one compiled pattern walks it from left to right, and each number is looked
at with a bounded number of characters around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

BLANK = " \u00a0\u2009\u202f\u2007"
"""Blanks that stand between thousands: space, no-break space, thin, narrow no-break and figure space."""

MONEY_FACTORS = {"kr": 1.0, "tkr": 1e3, "mnkr": 1e6, "mdkr": 1e9}

LOOK_CHARS = 24
"""How many characters before a number can tell that it is a code or a date."""


class NumberKind(StrEnum):
    """What a run of digits is. Only ``number`` is an amount."""

    NUMBER = "number"
    YEAR = "year"
    DATE = "date"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    Attributes:
        start: Where it starts, its sign included.
        end: Where it ends, its unit included.
        value: In its unit: 26.4 for ``26,4 miljoner kronor``.
        unit: ``kr``, ``tkr``, ``mnkr``, ``mdkr``, ``%``, ``dagar`` ...; None where none stands there.
        text: The words themselves.
        kind: An amount, or a year, a date, a code.
        in_words: True for ``fem`` and ``ett femtital``.
    """

    start: int
    end: int
    value: float
    unit: str | None
    text: str
    kind: NumberKind = NumberKind.NUMBER
    in_words: bool = False


_UNIT_FORMS: tuple[tuple[str, str], ...] = (
    (r"procentenhet(?:er)?|p\.?e\.", "procentenheter"),
    (r"%-enheter", "procentenheter"),
    (r"%|procent", "%"),
    (r"mdkr|mdr\s?kr|miljard(?:er)?\s+(?:kronor|kr)", "mdkr"),
    (r"mnkr|mkr|mnk|milj\.?\s?(?:kronor|kr)|miljon(?:er)?\s+(?:kronor|kr)|mn\s?kr", "mnkr"),
    (r"tkr|kkr|tusen\s?(?:kronor|kr)|tusentals\s+kronor", "tkr"),
    (r"(?:kronor|kr)\s?(?:/|per)\s?(?:invånare|inv)", "kr/invånare"),
    (r"kronor|kr", "kr"),
    (r"kwh\s?/\s?(?:m²|m2|kvm|m)", "kWh/m²"),
    (r"gwh", "GWh"),
    (r"mwh", "MWh"),
    (r"kwh", "kWh"),
    (r"m²|m2|kvm|kvadratmeter", "m²"),
    (r"hektar|ha", "hektar"),
    (r"vårddygn|dygn", "dygn"),
    (r"(?:arbets|kalender|sjuk)?dag(?:ar)?", "dagar"),
    (r"veck(?:or|a)", "veckor"),
    (r"månad(?:er)?|mån", "månader"),
    (r"år", "år"),
    (r"tim(?:mar|me)?", "timmar"),
    (r"minut(?:er)?|min", "minuter"),
    (r"årsarbetare|åa", "årsarbetare"),
    (r"personer|pers", "personer"),
    (r"hushåll", "hushåll"),
    (r"stycken|st", "antal"),
    (r"kilometer|km", "km"),
    (r"ton", "ton"),
)
_UNIT = re.compile(
    rf"(?:{'|'.join(f'(?P<u{i}>{form})' for i, (form, _) in enumerate(_UNIT_FORMS))})(?![\wåäö])",
    re.IGNORECASE,
)
_MILLION = re.compile(
    r"(?:miljon(?:er)?|(?P<milliard>miljard(?:er)?)|(?P<thousand>tusen))(?![\wåäö])", re.IGNORECASE
)
_AFTER_MONEY = re.compile(
    r"\s*(?:$|[.,;:)!?/–-]|(?:för|från|fram|högre|lägre|mer|mindre|jämfört|och|eller|per|mot|under|över|i|inom|till|på"
    r"|om|som|vilket|varav|därav|netto|brutto|då|utöver|samt|är|var|blir|har|kan|bättre|sämre)(?![\wåäö])"
    r"|[^\W\d_]{2,30}(?:ats|its|tts|des|tes|ades)(?![\wåäö]))",
    re.IGNORECASE,
)

_GROUPED = rf"\d{{1,3}}(?:[{BLANK}]\d{{3}})+(?!\d)"
_DOTTED = r"\d{1,3}(?:\.\d{3}){2,}(?!\d)"
_DIGITS = re.compile(rf"(?<![\d])(?P<whole>{_DOTTED}|{_GROUPED}|\d+)(?P<part>[.,]\d+)?")
_DATE = re.compile(
    r"(?:19|20)\d\d-\d\d-\d\d(?!\d)"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[-–](?:19|20)\d\d(?:0[1-9]|1[0-2]))?(?!\d|,\d)"
    r"|(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?![\d/,.]*\d)"
    r"|(?:[01]?\d|2[0-4])[.:][0-5]\d(?=\s*(?:–|-)\s*\d\d?[.:]\d\d)"
)
_YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[-–/]\s?(?:(?:19|20)\d\d|\d\d))?(?!\d)")
_MONTHS = (
    r"jan(?:uari)?|feb(?:ruari)?|mars?|apr(?:il)?|maj|juni?|juli?|aug(?:usti)?|sept?(?:ember)?"
    r"|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTH_AFTER = re.compile(rf"\s*(?:{_MONTHS})(?![\wåäö])", re.IGNORECASE)
_CODE_BEFORE = re.compile(
    r"(?:§{1,2}|kap(?:itel|\.)?|nr\.?|nummer|åk|årskurs(?:erna)?|bilaga|tabell|diagram|figur|sida|sid\.|s\.|punkt"
    r"|mål|aktivitet|dnr|vk|konto|tel(?:efon)?\.?:?|kl\.?|klockan|version|steg|fas|mix|not)\s*$",
    re.IGNORECASE,
)
_WORD_JOINED = re.compile(r"[^\W\d_][-–_:]?$")
_CODE_AFTER = re.compile(r":[ae]\b|[-–]?[^\W\d_]|[-–]\d{2,}[ -]\d|[-–]\d{4}\b|\.[^\W\d_]|\s?§|_\d")
_PHONE = re.compile(r"0\d{1,3}\s?[-–/]\s?\d{2,3}(?:[ \u00a0]?\d{2,3}){1,3}(?!\d)")
_YEAR_SLASH = re.compile(r"(?<!\d)(?:19|20)\d\d/$")
"""What stands before the second part of a reference: ``KS 2023/`` before ``302``."""
_ORDINAL_LINE = re.compile(r"(?:\d{1,2}\.){1,4}\d{0,2}\)?(?=\s+[A-ZÅÄÖ*])|\d{1,2}\)(?=\s)")
_REFERENCE = re.compile(r"(?:19|20)\d\d(?:[-–/:.]\d+)*")
_SIGN = re.compile(rf"(?P<sign>[-−–+])(?P<gap>[{BLANK}]?)$")
"""A minus before the number; with a blank after it only where nothing it could join stands before it."""
_MINUS_WORD = re.compile(r"\bminus\s+$", re.IGNORECASE)


def find_numbers(text: str) -> list[Number]:
    """Return all numbers in ``text``, in order, in digits and in words, also those that are no amounts."""
    found = [*_in_digits(text), *_in_words(text)]
    found.sort(key=lambda number: (number.start, -number.end))
    kept: list[Number] = []
    for number in found:
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return kept


def parse_values(cell_text: str) -> tuple[float, ...]:
    """Return the numbers that a table cell states: two for ``1,7/6,3``, none for text, ``I.U.`` or ``-``.

    Numbers in brackets after the first are left out, and so is a sentence that happens to hold numbers.
    """
    cell = cell_text.strip(BLANK + "\t\r\n")
    sole = _sole_value(cell)
    if sole is not None:
        return sole
    outside = _BRACKETS.sub(" ", cell)
    if len(outside) > 80:
        return ()
    amounts = [n for n in _in_digits(outside) if n.kind is NumberKind.NUMBER]
    rest = len(_WORDS.findall(_cut_out(outside, amounts)))
    starts = bool(amounts) and not _WORDS.search(outside[: amounts[0].start])
    if not amounts or rest > (4 if starts else 2) * len(amounts):
        return ()
    return tuple(number.value for number in amounts)


def read_unit(text: str) -> tuple[str, int] | None:
    """Return the unit that ``text`` begins with and its length in characters, or None."""
    match = _UNIT.match(text)
    if match is None:
        return None
    name = next(
        _UNIT_FORMS[int(group[1:])][1] for group, found in match.groupdict().items() if found is not None
    )
    return name, match.end()


def to_unit(value: float, source: str, target: str) -> float:
    """Return ``value`` in another unit of money.

    Raises:
        ValueError: The two units do not measure the same.
    """
    if source == target:
        return value
    if source not in MONEY_FACTORS or target not in MONEY_FACTORS:
        raise ValueError(f"{source} cannot be written in {target}")
    return value * MONEY_FACTORS[source] / MONEY_FACTORS[target]


def format_number(value: float, decimals: int = 0) -> str:
    """Write ``value`` as Swedish does: no-break spaces between thousands, a decimal comma, a true minus."""
    written = f"{abs(value):,.{decimals}f}".replace(",", "\u00a0").replace(".", ",")
    negative = value < 0 and any(char in "123456789" for char in written)
    return f"−{written}" if negative else written


_BRACKETS = re.compile(r"\([^()]{0,200}\)")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_PAIR = re.compile(r"\s*/\s*")
_SOLE = re.compile(
    rf"(?:[≥≤<>~±]|ca\.?|>=|<=)?\s*(?P<sign>[-−–+]?)[{BLANK}]?(?P<whole>{_DOTTED}|{_GROUPED}|\d+)(?P<part>[.,]\d+)?"
    rf"(?:[{BLANK}]?(?P<unit>[^\W\d_%][^\d()]{{0,24}}|%))?(?:\s*\([^()]*[^\d()][^()]*\))?"
)


def _sole_value(cell: str) -> tuple[float, ...] | None:
    """Read a cell that is one number, or several with slashes between; None where it is anything else."""
    parts = _PAIR.split(_MARKS.sub("", cell).strip())
    if len(parts) > 4 or len(cell) > 120:
        return None
    if len(parts) == 2 and _DATE.fullmatch("/".join(parts)) and len(parts[0]) + len(parts[1]) > 2:
        return ()
    matches = [_SOLE.fullmatch(part) for part in parts]
    values: list[float] = []
    for match in matches:
        if match is None or not _is_unit(match["unit"]):
            return None
        alone = match["unit"] is None and match["part"] is None
        if alone and (_DATE.fullmatch(match["whole"]) or _PADDED.fullmatch(match["whole"])):
            return ()
        values.append(_value(match["whole"], match["part"] or "", match["sign"], match["unit"] or ""))
    return tuple(values)


_PADDED = re.compile(r"0\d+")
"""A number filled out with a nought is a code: ``SN 2023/0302``."""
_MARKS = re.compile(r"(?:\s*[⁰¹²³⁴-⁹]+⁾?|\s*\*{1,3}\)?)$")


def _is_unit(written: str | None) -> bool:
    if not written:
        return True
    unit = read_unit(written.strip())
    return (unit is not None and unit[1] == len(written.strip())) or bool(_MILLION.fullmatch(written.strip()))


def _cut_out(text: str, numbers: list[Number]) -> str:
    parts, last = [], 0
    for number in numbers:
        parts.append(text[last : number.start])
        last = number.end
    return " ".join([*parts, text[last:]])


def _in_digits(text: str) -> Iterator[Number]:
    position = 0
    while match := _DIGITS.search(text, position):
        special = _special(text, match.start())
        number = special or _amount(text, match)
        yield number
        position = max(number.end, match.end() if special is None else number.end)


def _special(text: str, start: int) -> Number | None:
    """Read a date, a phone number, a year or a number of a list at ``start``, if one stands there."""
    line_start = text[max(0, start - LOOK_CHARS) : start].rpartition("\n")[2].strip(" -•\t") == "" and (
        start < LOOK_CHARS or "\n" in text[max(0, start - LOOK_CHARS) : start]
    )
    if line_start and (match := _ORDINAL_LINE.match(text, start)):
        return _other(text, match, NumberKind.CODE)
    joined = _WORD_JOINED.search(text[max(0, start - 2) : start])
    if joined and (match := _REFERENCE.match(text, start)):
        return _other(text, match, NumberKind.CODE)
    for pattern, kind in ((_PHONE, NumberKind.CODE), (_DATE, NumberKind.DATE), (_YEARS, NumberKind.YEAR)):
        match = pattern.match(text, start)
        if match and not (kind is NumberKind.YEAR and _is_amount_after_all(text, match)):
            return _other(text, match, kind)
    return None


def _is_amount_after_all(text: str, match: re.Match[str]) -> bool:
    """Tell whether what looks like a year has a unit or decimals (``2000 kr``)."""
    after = text[match.end() : match.end() + LOOK_CHARS]
    unit = read_unit(after.lstrip(BLANK))
    if unit is not None and unit[0] not in ("år", "månader"):
        return len(match.group()) == 4
    return len(match.group()) == 4 and bool(re.match(r"[.,]\d|[-–]?[^\W\d_]", after))


def _other(text: str, match: re.Match[str], kind: NumberKind) -> Number:
    digits = re.match(r"\d+", match.group())
    value = float(digits.group()) if digits else 0.0
    return Number(match.start(), match.end(), value, None, match.group(), kind)


def _amount(text: str, match: re.Match[str]) -> Number:
    before = text[max(0, match.start() - LOOK_CHARS) : match.start()]
    start, sign = _signed(before, match.start())
    end = match.end()
    unit, end = _unit_after(text, end)
    kind = NumberKind.NUMBER if unit else _kind(text, before, match)
    if unit and _WORD_JOINED.search(before) and not before.endswith((":", "–", "_")):
        kind = NumberKind.CODE
    value = _value(match["whole"], match["part"] or "", sign, unit or "")
    scaled = _MILLION.match(text, _skip_blank(text, match.end())) if unit is None else None
    if scaled and kind is not NumberKind.CODE:
        value, kind = (
            value * (1e9 if scaled["milliard"] else 1e3 if scaled["thousand"] else 1e6),
            NumberKind.NUMBER,
        )
        end = scaled.end()
    return Number(start, end, value, unit, text[start:end], kind)


def _skip_blank(text: str, position: int) -> int:
    return position + 1 if text[position : position + 1] in tuple(BLANK) else position


def _unit_after(text: str, end: int) -> tuple[str | None, int]:
    place = _skip_blank(text, end)
    window = text[place : place + 40]
    found = read_unit(window)
    if found is not None:
        return found[0], place + found[1]
    scale = _MILLION.match(window)
    if scale and not scale["thousand"] and _AFTER_MONEY.match(window, scale.end()):
        return ("mdkr" if scale["milliard"] else "mnkr"), place + scale.end()
    return None, end


def _kind(text: str, before: str, match: re.Match[str]) -> NumberKind:
    after = text[match.end() : match.end() + LOOK_CHARS]
    if _MONTH_AFTER.match(after) and match["part"] is None and len(match["whole"]) <= 2:
        return NumberKind.DATE
    if _CODE_BEFORE.search(before) or _WORD_JOINED.search(before) or _CODE_AFTER.match(after):
        return NumberKind.CODE
    if _PADDED.fullmatch(match.group()) or _YEAR_SLASH.search(before):
        return NumberKind.CODE
    return NumberKind.NUMBER


def _signed(before: str, start: int) -> tuple[int, str]:
    """Return where the number starts with its sign, and the sign."""
    word = _MINUS_WORD.search(before)
    if word:
        return start - (len(before) - word.start()), "-"
    match = _SIGN.search(before)
    if match is None:
        return start, ""
    outer = before[: match.start()]
    free = not outer or outer[-1] in BLANK + "\t\n\r(/≤≥<>;:,"
    if match["gap"]:
        free = not outer.strip() or outer.rstrip(BLANK)[-1] in "\t\n(:"
    if not free:
        return start, ""
    return start - (len(before) - match.start()), match["sign"]


def _value(whole: str, part: str, sign: str, unit: str) -> float:
    digits = re.sub(rf"[{BLANK}]", "", whole)
    if digits.count(".") > 1:
        digits = digits.replace(".", "")
    if (
        part.startswith(".")
        and len(part) == 4
        and len(digits) <= 3
        and unit in MONEY_FACTORS
        and digits != "0"
    ):
        digits, part = digits + part[1:], ""
    value = float(digits + part.replace(",", "."))
    return -value if sign in ("-", "−", "–") and value else value


_UNITS_IN_WORDS = {
    "noll": 0, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8, "nio": 9, "tio": 10,
    "elva": 11, "tolv": 12, "tretton": 13, "fjorton": 14, "femton": 15, "sexton": 16, "sjutton": 17,
    "arton": 18, "nitton": 19,
}  # fmt: skip
_TENS = {
    "tjugo": 20, "trettio": 30, "fyrtio": 40, "femtio": 50, "sextio": 60, "sjuttio": 70, "åttio": 80,
    "nittio": 90,
}  # fmt: skip
_ONES = {"en": 1, "ett": 1, **{word: value for word, value in _UNITS_IN_WORDS.items() if 0 < value < 10}}
_WORD_VALUES: dict[str, int] = {
    **_UNITS_IN_WORDS,
    **_TENS,
    **{ten + one: tens + ones for ten, tens in _TENS.items() for one, ones in _ONES.items()},
    "hundra": 100,
    "tusen": 1000,
    **{one + "hundra": 100 * value for one, value in _ONES.items()},
    **{one + "tusen": 1000 * value for one, value in {**_ONES, **_UNITS_IN_WORDS, **_TENS}.items()},
    "dussin": 12,
    **{ten[:-1] + "tal": tens for ten, tens in _TENS.items() if ten.endswith("io")},
    **{ten + "tal": tens for ten, tens in {"tio": 10, **_TENS, "hundra": 100, "tusen": 1000}.items()},
    "femtontal": 15,
    **{
        ten + "tals": tens
        for ten, tens in {"tio": 10, **_TENS, "femton": 15, "hundra": 100, "tusen": 1000}.items()
        if ten not in ("hundra", "tusen")
    },
}
_IN_WORDS = re.compile(
    rf"(?<![\wåäö-])(?:(?:ett\s+)?(?P<word>{'|'.join(sorted(_WORD_VALUES, key=len, reverse=True))})"
    r"|(?P<one>en|ett)(?=\s+(?:miljon|miljard|tusen)))(?![\wåäö-])",
    re.IGNORECASE,
)


def _in_words(text: str) -> Iterator[Number]:
    for match in _IN_WORDS.finditer(text):
        value = float(_WORD_VALUES[match["word"].lower()]) if match["word"] else 1.0
        unit, end = _unit_after(text, match.end())
        scaled = _MILLION.match(text, _skip_blank(text, match.end())) if unit is None else None
        if scaled:
            value *= 1e9 if scaled["milliard"] else 1e3 if scaled["thousand"] else 1e6
            end = scaled.end()
        yield Number(match.start(), end, value, unit, text[match.start() : end], in_words=True)
