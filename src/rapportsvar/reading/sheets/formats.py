"""Values of a spreadsheet as a Swedish Excel shows them, by codes of number formats (ECMA-376, 18.8.31)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from rapportsvar.swedish.periods import MONTHS

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '#,##0 "kr"', 6: '#,##0 "kr"',
    7: '#,##0.00 "kr"', 8: '#,##0.00 "kr"', 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy-mm-dd hh:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    41: '#,##0;-#,##0;"-"', 42: '#,##0 "kr";-#,##0 "kr";"-" "kr"', 43: '#,##0.00;-#,##0.00;"-"',
    44: '#,##0.00 "kr";-#,##0.00 "kr";"-" "kr"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "0.0E+0",
    49: "@",
}  # fmt: skip
"""Formats that have a number only, as a Swedish Excel shows them."""

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_EPOCH = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_(?:.)|\*(?:.)|\[([^\]]*)\]|(General)|(AM/PM|A/P)|([Ee][+-]|.)', re.IGNORECASE
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")
_CURRENCY = re.compile(r"\$([^-]*)")
_DATE = re.compile(r"y+|m+|d+|h+|s+|AM/PM|A/P", re.IGNORECASE)
_SIGNIFICANT = 10


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a section: its letters, and whether they stand for themselves."""

    text: str
    literal: bool


@dataclass(frozen=True, slots=True)
class _Section:
    parts: tuple[_Part, ...]
    condition: tuple[str, Decimal] | None
    elapsed: str

    @property
    def is_general(self) -> bool:
        """It shows a number as it is."""
        return any(part.text.lower() in {"general", "@"} for part in self.parts if not part.literal)

    @property
    def is_date(self) -> bool:
        """It shows a day or a time."""
        codes = "".join(
            part.text for part in self.parts if not part.literal and part.text.lower() != "general"
        )
        return bool(self.elapsed) or (
            bool(_DATE.search(codes)) and not any(c in "0#?" for c in codes.split(".")[0])
        )


def is_date(code: str) -> bool:
    """Tell whether a format shows days or times."""
    return _sections(code)[0].is_date


def shown(value: float, code: str, *, from_1904: bool = False) -> str:
    """Return a number as it is shown.

    Args:
        value: What the cell holds.
        code: The format: ``#,##0.0``, ``0 %``, ``yyyy-mm-dd``.
        from_1904: Days are counted from 1904, as old Macs did.
    """
    try:
        number = Decimal(repr(float(value)))
        section, number = _choose(_sections(code), number)
        if section.is_date:
            return _day(float(number), section, _EPOCH[from_1904])
        if section.is_general:
            return _around(section, general(float(number)))
        return _number(number, section)
    except (InvalidOperation, OverflowError, ValueError):
        return general(value)


def general(value: float) -> str:
    """Return a number without a format: ten digits that count, a comma before decimals."""
    number = Decimal(f"{value:.{_SIGNIFICANT}g}")
    if number and not -9 <= number.adjusted() <= 15:
        return f"{value:.6g}".replace(".", ",")
    written = f"{number.normalize():f}" if number else "0"
    return written.replace(".", ",")


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    made: list[_Section] = []
    parts: list[_Part] = []
    condition: tuple[str, Decimal] | None = None
    elapsed = ""
    for found in _TOKEN.finditer(code or "General"):
        quoted, escaped, bracket, _, _, plain = found.groups()
        if quoted is not None or escaped is not None:
            parts.append(_Part(quoted if quoted is not None else escaped, literal=True))
        elif bracket is not None:
            met, currency = _CONDITION.fullmatch(bracket), _CURRENCY.match(bracket)
            if met:
                condition = (met[1], Decimal(met[2]))
            elif currency:
                parts.append(_Part(currency[1], literal=True))
            elif bracket.lower().strip("hms") == "" and bracket:
                elapsed = bracket.lower()[0]
                parts.append(_Part(f"[{elapsed}]", literal=False))
        elif plain == ";":
            made.append(_Section(tuple(parts), condition, elapsed))
            parts, condition, elapsed = [], None, ""
        elif found[0][0] not in "_*":
            parts.append(_Part(found[0], literal=False))
        elif found[0][0] == "_":
            parts.append(_Part(" ", literal=True))
    made.append(_Section(tuple(parts), condition, elapsed))
    return tuple(made)


def _choose(sections: tuple[_Section, ...], number: Decimal) -> tuple[_Section, Decimal]:
    """Return the section for a number, and the number as that section shows it (its sign may be its own)."""
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None or _holds(number, *section.condition):
                return section, number
        return sections[-1], number
    numeric = sections[:3]
    if number < 0 and len(numeric) > 1:
        return numeric[1], -number
    if number == 0 and len(numeric) > 2:
        return numeric[2], number
    return numeric[0], number


def _holds(number: Decimal, sign: str, limit: Decimal) -> bool:
    return {
        "<": number < limit,
        ">": number > limit,
        "=": number == limit,
        "<=": number <= limit,
        ">=": number >= limit,
        "<>": number != limit,
    }[sign]


def _number(number: Decimal, section: _Section) -> str:
    codes = [(place, part.text) for place, part in enumerate(section.parts) if not part.literal]
    places = [place for place, text in codes if text in {"0", "#", "?"}]
    if not places:
        return _around(section, "")
    first, last = places[0], places[-1]
    inside = "".join(part.text for part in section.parts[first : last + 1])
    whole, _, decimals = inside.partition(".")
    trailing = 0
    while last + 1 + trailing < len(section.parts) and section.parts[last + 1 + trailing].text == ",":
        trailing += 1
    percents = sum(text == "%" for _, text in codes)
    number = number.scaleb(2 * percents - 3 * trailing)
    if any(text[0] in "Ee" and len(text) == 2 for _, text in codes):
        return f"{number:.{sum(c in '0#?' for c in decimals.split('E')[0])}E}".replace(".", ",")
    digits = _digits(number, whole, decimals)
    before = "".join(_own(part) for part in section.parts[:first])
    after = "".join(_own(part) for part in section.parts[last + 1 + trailing :])
    return f"{before}{digits}{after}".strip()


def _digits(number: Decimal, whole: str, decimals: str) -> str:
    most = sum(c in "0#?" for c in decimals)
    least = sum(c == "0" for c in decimals)
    rounded = number.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    if not rounded and "0" not in whole + decimals:
        return ""
    units, _, rest = f"{abs(rounded):f}".partition(".")
    while len(rest) > least and rest.endswith("0"):
        rest = rest[:-1]
    units = units.zfill(sum(c == "0" for c in whole))
    if "," in whole or re.search(r"[#0?][ \xa0][#0?]", whole):
        units = f"{int(units):,}".replace(",", " ") if units else units
    sign = "-" if rounded < 0 else ""
    return f"{sign}{units},{rest}" if rest else f"{sign}{units}"


def _own(part: _Part) -> str:
    """Return what a part of a format shows by itself."""
    return part.text if part.literal or part.text in "%+-() /:" else ""


def _around(section: _Section, words: str) -> str:
    """Put the letters of a section that stand for themselves around words."""
    shown_parts = []
    placed = False
    for part in section.parts:
        if part.literal or part.text in "%+-()":
            shown_parts.append(part.text)
        elif not placed:
            shown_parts.append(words)
            placed = True
    return "".join(shown_parts).strip()


def _day(serial: float, section: _Section, epoch: datetime) -> str:
    moment = epoch + timedelta(seconds=round(serial * 86400))
    codes: list[tuple[str, bool]] = []
    for part in section.parts:
        if not part.literal and codes and not codes[-1][1] and codes[-1][0][:1].lower() == part.text.lower():
            codes[-1] = (codes[-1][0] + part.text, False)
        else:
            codes.append((part.text, part.literal))
    half = any(text.upper() in {"AM/PM", "A/P"} for text, literal in codes if not literal)
    letters = ["" if literal else text.lower().strip("[]")[:1] for text, literal in codes]
    units = [letter for letter in letters if letter and letter in "ymdhs"]
    written, at = "", 0
    for (text, literal), letter in zip(codes, letters, strict=True):
        if literal or letter not in "ymdhs" or not letter:
            written += "" if not literal and text.upper() in {"AM/PM", "A/P"} else text
            continue
        before = units[at - 1] if at else ""
        after = units[at + 1] if at + 1 < len(units) else ""
        minutes = letter == "m" and (before == "h" or after == "s") and len(text) <= 2
        at += 1
        if text.startswith("["):
            written += str(int(serial * {"h": 24, "m": 1440, "s": 86400}[letter] + 1e-6))
        else:
            written += _piece(moment, "n" if minutes else letter, len(text))
    marker = (" em" if moment.hour >= 12 else " fm") if half else ""
    return f"{written.strip()}{marker}"


def _piece(moment: datetime, letter: str, length: int) -> str:
    month = MONTHS[moment.month - 1]
    weekday = WEEKDAYS[moment.weekday()]
    named = {"m": (month[:3], month), "d": (weekday[:3], weekday)}
    if length > 2 and letter in named:
        return named[letter][length > 3]
    if letter == "y":
        return f"{moment.year:04d}" if length > 2 else f"{moment.year % 100:02d}"
    number = {"m": moment.month, "d": moment.day, "h": moment.hour, "n": moment.minute, "s": moment.second}[
        letter
    ]
    return f"{number:0{min(length, 2)}d}"
