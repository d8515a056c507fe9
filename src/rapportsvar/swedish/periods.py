"""Periods in Swedish text: ``jan-aug 2020``, ``per den 31 augusti 2020``, ``tertial 2``, ``förra året``."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rapportsvar.model import Period, Span

MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
    "november", "december",
)  # fmt: skip
_SHORT = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "okt": 10,
    "nov": 11, "dec": 12,
}  # fmt: skip
_NUMBERS = {
    "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8, "nio": 9, "tio": 10, "tolv": 12,
}  # fmt: skip
_ORDER = {"första": 1, "andra": 2, "tredje": 3, "fjärde": 4, "sista": 0}
_TIMES = {
    "helår": (1, 12),
    "halvår1": (1, 6),
    "halvår2": (7, 12),
    "våren": (1, 6),
    "sommaren": (6, 8),
    "hösten": (7, 12),
}

_M = (
    r"(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|okt|nov|dec)(?![a-zåäö])\.?"
)
_MONTH = re.compile(rf"\b(?P<word>{_M})|\b(?:19|20)\d\d-?(?P<number>0[1-9]|1[0-2])(?!\d)", re.IGNORECASE)
_Y = r"(?:19[5-9]\d|20\d\d)(?![\d:]|[.,]\d)"
_OF_YEAR = rf"(?:[ \xa0]+(?:för[ ])?(?:år[ ]+)?(?P<{{0}}>{_Y}))"
_DASH = r"[ \xa0]*(?:[-–—]|till(?:[ ]och[ ]med)?|t\.?o\.?m\.?|tom)[ \xa0]*"
_PER = r"(?P<per{0}>(?:per|till[ ]och[ ]med|t\.?o\.?m\.?|tom)[ \xa0]+)?(?:den[ ]+)?"

_PATTERN = re.compile(
    rf"""(?<![\w/:.,-])(?:
      (?P<same>(?:samma|motsvarande)[ ](?:period|tid(?:punkt)?|månad)(?:en)?
            (?:[ ](?:av|under|i))?[ ](?:
            (?P<same_back>föregående[ ]år|förra[ ]året|i[ ]fjol|fjolåret|(?:året|år)[ ]innan|tidigare[ ]år)
            | (?P<same_year>{_Y})))
    | (?P<iso1>(?:19|20)\d\d-\d\d-\d\d)(?:[ ]*[-–][ ]*(?P<iso2>(?:19|20)\d\d-\d\d-\d\d))?
    | (?P<ym1>20\d\d(?:0[1-9]|1[0-2]))[ ]*[-–][ ]*(?P<ym2>20\d\d(?:0[1-9]|1[0-2]))
    | (?P<ym>20\d\d(?:0[1-9]|1[0-2]))
    | (?P<yb>{_Y})[ \xa0]+(?P<yb1>{_M}){_DASH}(?P<yb2>{_M})(?![ ]+(?:19|20)\d\d)
    | (?P<m1>{_M}){_OF_YEAR.format("m1y")}?{_DASH}(?P<m2>{_M}){_OF_YEAR.format("m2y")}?
    | (?P<dm1>\d{{1,2}}/\d{{1,2}}){_DASH}(?P<dm2>\d{{1,2}}/\d{{1,2}})(?!\d)
        (?:{_OF_YEAR.format("dmry")}|-(?P<dmrs>\d\d)(?!\d))?
    | {_PER.format("d")}(?P<day>\d{{1,2}})(?::[ea])?[ \xa0]+(?P<daym>{_M}){_OF_YEAR.format("dayy")}?
    | {_PER.format("s")}(?P<dm>\d{{1,2}}/\d{{1,2}})(?![\d/]|[ ]del|[ ]av[ ])
        (?:{_OF_YEAR.format("dmy")}|-(?P<dms>\d\d)(?!\d))?
    | {_PER.format("m")}(?:sista[ ])?(?P<m>{_M}){_OF_YEAR.format("my")}?
    | (?P<part>delår(?:et|srapport(?:en)?|sbokslut(?:et)?)?|halvår(?:et|srapport|sbokslut)?|
        tertial(?:et|rapport(?:en)?|uppföljning(?:en)?|bokslut(?:et)?)?|kvartal(?:et|srapport(?:en)?)?)
        (?:[ ](?P<partn>[1-4])(?!\d))?{_OF_YEAR.format("party")}?
    | (?P<ord>första|andra|tredje|fjärde|sista)[ ](?P<ordpart>halvåret|tertialet|kvartalet)
        {_OF_YEAR.format("ordy")}?
    | (?P<short>[QTH])(?P<shortn>[1-4])(?!\w)(?:[ -]?{_OF_YEAR.format("shorty")}|[ -]?(?P<shorty2>{_Y}))?
    | (?P<season>våren|hösten|sommaren|vårterminen|höstterminen){_OF_YEAR.format("seasony")}
    | (?P<whole>helår(?:et)?|bokslutsår(?:et)?){_OF_YEAR.format("wholey")}?
    | (?P<last>(?:de[ ])?(?:senaste|sista)[ ]
        (?P<lastn>\d{{1,2}}|två|tre|fyra|fem|sex|sju|åtta|nio|tio|tolv)[ ](?P<lastu>åren|månaderna))
    | (?P<rel>i[ ]förfjol|förrförra[ ]året|förra[ ]året|i[ ]fjol|fjolåret|föregående[ ]år|hittills[ ]i[ ]år|
        i[ ]år|detta[ ]år|innevarande[ ]år|nästa[ ]år|kommande[ ]år|nästkommande[ ]år|
        förra[ ]månaden|föregående[ ]månad)
    | (?:år[ ]+)?(?P<y1>{_Y})[ ]*[-–/][ ]*(?P<y2>{_Y}|\d\d(?![\d-]))(?![-/]\d)
    | (?:år[ ]+)?(?P<y>{_Y})(?!\w|-\d|/\d|[ \xa0]?(?:tkr|mnkr|kr|kronor|st|personer|%|procent|[ ]\d{{3}}))
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_PERSON = re.compile(r" [A-ZÅÄÖ][a-zåäö]")
_BACK = {
    "i förfjol": -2,
    "förrförra året": -2,
    "i år": 0,
    "hittills i år": 0,
    "detta år": 0,
    "innevarande år": 0,
}
_AHEAD = ("nästa år", "kommande år", "nästkommande år")


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """A period where it stands.

    Attributes:
        span: The words.
        period: What they mean; None where a year is missing and no reference tells it.
        label: The period in Swedish, or the words themselves.
        relative: True if the reference was needed: ``förra året``, ``augusti`` without a year.
    """

    span: Span
    period: Period | None
    label: str
    relative: bool


def find_periods(text: str, *, reference: Period | None = None) -> list[PeriodMention]:
    """Return the periods named in a text, in order.

    Args:
        text: What to look through.
        reference: What ``förra året`` and months without a year are counted from: a report's own period.
    """
    found = []
    for match in _PATTERN.finditer(text):
        mention = _mention(match, reference)
        if mention is not None:
            found.append(mention)
    return found


def format_period(period: Period) -> str:
    """Write a period in Swedish: ``januari–augusti 2020``, ``2020``, ``31 augusti 2020``."""
    first, last = period.first, period.last
    if first == last:
        return f"{first.day} {MONTHS[first.month - 1]} {first.year}"
    if first.day != 1 or last.day != _days(last.year, last.month):
        year = "" if first.year == last.year else f" {first.year}"
        return f"{first.day} {MONTHS[first.month - 1]}{year}–{last.day} {MONTHS[last.month - 1]} {last.year}"
    if first.month == 1 and last.month == 12:
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    start, end = MONTHS[first.month - 1], MONTHS[last.month - 1]
    if first.year != last.year:
        return f"{start} {first.year}–{end} {last.year}"
    return f"{end} {last.year}" if first.month == last.month else f"{start}–{end} {last.year}"


def months(year: int, first: int, last: int, last_year: int | None = None) -> Period:
    """Return whole months of a year, or from one year into another."""
    end = last_year or year
    return Period(date(year, first, 1), date(end, last, _days(end, last)))


def year_period(year: int) -> Period:
    """Return a whole year."""
    return months(year, 1, 12)


def shifted(period: Period, years: int) -> Period:
    """Move a period by whole years; the 29th of February becomes the 28th."""
    return Period(_moved(period.first, years), _moved(period.last, years))


def _moved(day: date, years: int) -> date:
    last = _days(day.year + years, day.month)
    was_last = day.day == _days(day.year, day.month)
    return date(day.year + years, day.month, last if was_last else min(day.day, last))


def _days(year: int, month: int) -> int:
    return monthrange(year, month)[1]


_Reader = Callable[["re.Match[str]", Period | None], tuple[Period | None, bool] | None]


def _mention(match: re.Match[str], reference: Period | None) -> PeriodMention | None:
    for group, reader in _READERS.items():
        if match[group]:
            try:
                read = reader(match, reference)
            except ValueError:  # no such day: "31/13", "30 februari"
                return None
            if read is None:
                return None
            period, relative = read
            label = format_period(period) if period else match.group()
            return PeriodMention(Span(match.start(), match.end()), period, label, relative)
    return None


def _year(written: str | None, reference: Period | None) -> tuple[int | None, bool]:
    """Return the year and whether it was taken from the reference."""
    if written:
        return int(written) if len(written) == 4 else 2000 + int(written), False
    return (reference.year if reference else None), True


def months_in(text: str) -> frozenset[int]:
    """Return the months that a text names, 1 to 12: ``augusti``, ``Aug``, ``2019-08``, ``201908``."""
    return frozenset(int(m["number"] or _month(m["word"])) for m in _MONTH.finditer(text))


def _month(word: str) -> int:
    low = word.lower().rstrip(".")
    return MONTHS.index(low) + 1 if low in MONTHS else _SHORT[low]


def _same(match: re.Match[str], reference: Period | None) -> tuple[Period | None, bool]:
    if match["same_year"]:
        year = int(match["same_year"])
        return (
            shifted(reference, year - reference.year) if reference else year_period(year)
        ), reference is not None
    return (shifted(reference, -1) if reference else None), True


def _iso(match: re.Match[str], _: Period | None) -> tuple[Period | None, bool]:
    first = date.fromisoformat(match["iso1"])
    last = date.fromisoformat(match["iso2"]) if match["iso2"] else first
    return (Period(first, last), False) if first <= last else (Period(first, first), False)


def _year_months(match: re.Match[str], _: Period | None) -> tuple[Period | None, bool] | None:
    first, last = match["ym1"], match["ym2"]
    if first > last:
        return None
    return months(int(first[:4]), int(first[4:]), int(last[4:]), int(last[:4])), False


def _year_month(match: re.Match[str], _: Period | None) -> tuple[Period | None, bool]:
    month = int(match["ym"][4:])
    return months(int(match["ym"][:4]), month, month), False


def _month_range(match: re.Match[str], reference: Period | None) -> tuple[Period | None, bool]:
    last_year, relative = _year(match["m2y"], reference)
    first, last = _month(match["m1"]), _month(match["m2"])
    if last_year is None:
        return None, True
    first_year = int(match["m1y"]) if match["m1y"] else last_year - (first > last)
    return months(first_year, first, last, last_year), relative


def _year_before(match: re.Match[str], _: Period | None) -> tuple[Period | None, bool]:
    """``2020 jan-aug``, as columns are headed."""
    first, last, year = _month(match["yb1"]), _month(match["yb2"]), int(match["yb"])
    return months(year - (first > last), first, last, year), False


def _day_range(match: re.Match[str], reference: Period | None) -> tuple[Period | None, bool]:
    year, relative = _year(match["dmry"] or match["dmrs"], reference)
    first, last = _day_month(match["dm1"]), _day_month(match["dm2"])
    if year is None:
        date(2000, *first), date(2000, *last)
        return None, True
    return Period(date(year - (first > last), *first), date(year, *last)), relative


def _day_month(written: str) -> tuple[int, int]:
    day, month = written.split("/")
    return int(month), int(day)


def _day(match: re.Match[str], reference: Period | None) -> tuple[Period | None, bool]:
    year, relative = _year(match["dayy"], reference)
    if year is None:
        return None, True
    return _until(date(year, _month(match["daym"]), int(match["day"])), bool(match["perd"])), relative


def _slash_day(match: re.Match[str], reference: Period | None) -> tuple[Period | None, bool] | None:
    year, relative = _year(match["dmy"] or match["dms"], reference)
    month, day = _day_month(match["dm"])
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    if year is None:
        return (None, True) if match["pers"] else None
    return _until(date(year, month, day), bool(match["pers"])), relative


def _until(day: date, cumulative: bool) -> Period:
    """``per den 31 augusti`` speaks of what has been since the year began."""
    return Period(date(day.year, 1, 1), day) if cumulative else Period(day, day)


def _one_month(match: re.Match[str], reference: Period | None) -> tuple[Period | None, bool] | None:
    year, relative = _year(match["my"], reference)
    month = _month(match["m"])
    if relative and match["m"] == "Jan" and _PERSON.match(match.string, match.end()):
        return None
    if year is None:
        return None, True
    return months(year, 1 if match["perm"] else month, month), relative


def _part(match: re.Match[str], reference: Period | None) -> tuple[Period | None, bool] | None:
    kind, number = match["part"].lower(), match["partn"]
    if number is None and not kind.startswith("delår"):
        return None
    if number is None and match["party"] is None and kind != "delår":
        return None  # "delårsrapporten" alone names a document
    return _of_year(_part_months(kind, int(number or 2)), match["party"], reference)


def _ordinal(match: re.Match[str], reference: Period | None) -> tuple[Period | None, bool] | None:
    kind = match["ordpart"].lower()
    most = {"h": 2, "t": 3, "k": 4}[kind[0]]
    number = _ORDER[match["ord"].lower()] or most
    return _of_year(_part_months(kind, number), match["ordy"], reference)


def _letter(match: re.Match[str], reference: Period | None) -> tuple[Period | None, bool] | None:
    kind = {"q": "kvartal", "t": "tertial", "h": "halvår"}[match["short"].lower()]
    if not match["short"].isupper():
        return None
    return _of_year(_part_months(kind, int(match["shortn"])), match["shorty"] or match["shorty2"], reference)


def _part_months(kind: str, number: int) -> tuple[int, int] | None:
    """First and last month of a part of the year; a ``delår`` is counted from January."""
    if kind.startswith("delår"):
        return (1, 4 * number) if number <= 3 else None
    size = {"h": 6, "t": 4, "k": 3}[kind[0]]
    return (size * (number - 1) + 1, size * number) if size * number <= 12 else None


def _of_year(
    span: tuple[int, int] | None, written: str | None, reference: Period | None
) -> tuple[Period | None, bool] | None:
    if span is None:
        return None
    year, relative = _year(written, reference)
    return (months(year, *span) if year else None), relative


def _season(match: re.Match[str], reference: Period | None) -> tuple[Period | None, bool] | None:
    word = match["season"].lower().replace("vårterminen", "våren").replace("höstterminen", "hösten")
    return _of_year(_TIMES[word], match["seasony"], reference)


def _whole(match: re.Match[str], reference: Period | None) -> tuple[Period | None, bool] | None:
    return _of_year((1, 12), match["wholey"], reference)


def _last(match: re.Match[str], reference: Period | None) -> tuple[Period | None, bool]:
    if reference is None:
        return None, True
    count = _NUMBERS.get(match["lastn"].lower()) or int(match["lastn"])
    if count == 0 or count > 60:
        return None, True
    if match["lastu"].lower() == "åren":
        return months(reference.year - count + 1, 1, 12, reference.year), True
    last = reference.last
    start = last.year * 12 + last.month - count
    return months(start // 12, start % 12 + 1, last.month, last.year), True


def _relative(match: re.Match[str], reference: Period | None) -> tuple[Period | None, bool]:
    if reference is None:
        return None, True
    words = " ".join(match["rel"].lower().split())
    if "månad" in words:
        before = reference.last.year * 12 + reference.last.month - 2
        return months(before // 12, before % 12 + 1, before % 12 + 1), True
    step = 1 if words in _AHEAD else _BACK.get(words, -1)
    return year_period(reference.year + step), True


def _years(match: re.Match[str], _: Period | None) -> tuple[Period | None, bool] | None:
    first = int(match["y1"])
    last = int(match["y2"]) if len(match["y2"]) == 4 else first // 100 * 100 + int(match["y2"])
    return (months(first, 1, 12, last), False) if first < last <= first + 60 else None


def _one_year(match: re.Match[str], _: Period | None) -> tuple[Period | None, bool]:
    return year_period(int(match["y"])), False


_READERS: dict[str, _Reader] = {
    "same": _same,
    "iso1": _iso,
    "ym1": _year_months,
    "ym": _year_month,
    "yb": _year_before,
    "m1": _month_range,
    "dm1": _day_range,
    "day": _day,
    "dm": _slash_day,
    "m": _one_month,
    "part": _part,
    "ord": _ordinal,
    "short": _letter,
    "season": _season,
    "whole": _whole,
    "last": _last,
    "rel": _relative,
    "y1": _years,
    "y": _one_year,
}
