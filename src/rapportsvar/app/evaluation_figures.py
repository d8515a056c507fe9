"""The figures of a run as HTML: in brief, by group of questions, and how far confidence can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapportsvar.app import texts
from rapportsvar.app.markup import EMPTY, Html, tag, together
from rapportsvar.app.swedish import THIN, counted
from rapportsvar.evaluation.calibration import Bin, calibrate
from rapportsvar.evaluation.figures import LESS_IS_BETTER, Estimate, Summary
from rapportsvar.evaluation.run import SetRun
from rapportsvar.evaluation.words import NONE, explanation, group, number, word

HEADLINES = ("hit@3", "hit@1", "unanswerable refused", "reason right", "quotes exact")
HEADLINES_MAX = 4
COLUMNS = ("hit@1", "hit@3", "highlight F1@3", "unanswerable refused")
NO_SHARES = ("mrr@", "ndcg@", "highlight F1", "AUROC")
NARROW_GROUP = 10


def draw_brief(one: SetRun) -> Html:
    """Draw the figures that matter most, large, each with its interval."""
    names = [name for name in HEADLINES if name in one.overall][:HEADLINES_MAX]
    return tag("div", [_headline(name, one.overall[name]) for name in names], class_="headlines")


def draw_all_figures(one: SetRun) -> Html:
    """Draw every measure in a table that is opened."""
    head = _heads(("", *texts.EVALUATION_ALL_HEADS))
    lines = [_line_of_measure(name, estimate) for name, estimate in one.overall.items()]
    table = _table(head, lines, texts.EVALUATION_ALL)
    return tag("details", tag("summary", texts.EVALUATION_ALL), table, class_="all-figures")


def draw_groups(one: SetRun) -> Html:
    """Draw the figures by kind of question, by style and by report."""
    groups = zip(texts.EVALUATION_GROUPS, (one.by_kind, one.by_style, one.by_document), strict=True)
    return together(*(_group_table(title, summaries) for title, summaries in groups if len(summaries) > 1))


def draw_reliability(one: SetRun) -> Html:
    """Draw confidence against the share that is right: as a diagram, and as a table."""
    calibration = calibrate(one.rows)
    if calibration is None:
        return EMPTY
    most = max(bin_.questions for bin_ in calibration.bins)
    dots = [_dot(bin_, most) for bin_ in calibration.bins]
    told = texts.RELIABILITY_TOLD.format(
        number(calibration.expected_error, 2), number(calibration.brier, 2), len(one.rows)
    )
    return tag(
        "div",
        tag(
            "figure",
            tag("div", _ticks(), dots, class_="plot", role="img", aria_label=told),
            tag("span", texts.RELIABILITY_UP, class_="axis-up", aria_hidden="true"),
            tag("span", texts.RELIABILITY_RIGHT, class_="axis-right", aria_hidden="true"),
            class_="reliability",
        ),
        tag(
            "div",
            tag("p", texts.RELIABILITY_MEANS),
            tag("p", told, class_="note"),
            tag("details", tag("summary", texts.RELIABILITY_TABLE), _bins_table(calibration.bins)),
            class_="reliability-words",
        ),
        class_="reliability-row",
    )


def told_figure(name: str, value: float | None) -> str:
    """Write a share in per cent, a time in milliseconds, the rest as a number."""
    if value is None:
        return NONE
    if name in LESS_IS_BETTER:
        return f"{number(value, 0)}{THIN}ms"
    return number(value, 2) if name.startswith(NO_SHARES) else share(value)


def share(value: float) -> str:
    """Write a share in per cent; what is not quite all, or not quite none, never looks like it."""
    percent = round(value * 100)
    if percent in (0, 100) and value not in (0, 1):
        return f"{number(value * 100, 1)}{THIN}%"
    return f"{percent}{THIN}%"


def _headline(name: str, estimate: Estimate) -> Html:
    interval = _interval(name, estimate)
    return tag(
        "div",
        tag("p", told_figure(name, estimate.value), class_="value"),
        tag("p", texts.EVALUATION_HEADLINES.get(name, word(name)), class_="of"),
        tag("p", f"{interval} · " if interval else "", _questions(estimate.questions), class_="note"),
        class_="headline",
    )


def _interval(name: str, estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    low, high = (told_figure(name, end) for end in (estimate.low, estimate.high))
    return "" if low == high else f"{low.removesuffix(f'{THIN}%')}–{high}"


def _questions(count: int) -> str:
    return counted(count, texts.QUESTION_ONE, texts.QUESTION_MANY)


def _line_of_measure(name: str, estimate: Estimate) -> Html:
    words = tag("th", word(name), tag("span", explanation(name), class_="means"), scope="row")
    cells = (told_figure(name, estimate.value), _interval(name, estimate) or NONE, str(estimate.questions))
    return tag("tr", words, [tag("td", cell, class_="num") for cell in cells])


def _group_table(title: str, summaries: Mapping[str, Summary]) -> Html:
    names = [name for name in COLUMNS if any(name in summary for summary in summaries.values())]
    head = _heads((title, texts.EVALUATION_QUESTIONS, *(texts.EVALUATION_COLUMNS[name] for name in names)))
    lines = [_line_of_group(key, summary, names) for key, summary in summaries.items()]
    return _table(head, lines, title)


def _line_of_group(key: str, summary: Summary, names: Sequence[str]) -> Html:
    count = max((estimate.questions for estimate in summary.values()), default=0)
    few = "few" if count < NARROW_GROUP else None
    cells = [_meter(name, summary.get(name)) for name in names]
    return tag(
        "tr", tag("th", group(key), scope="row"), tag("td", str(count), class_="num"), cells, class_=few
    )


def _meter(name: str, estimate: Estimate | None) -> Html:
    if estimate is None:
        return tag("td", NONE, class_="num none")
    bar = tag("i", style=f"--share:{estimate.value * 100:.0f}%", aria_hidden="true")
    interval = _interval(name, estimate)
    title = texts.INTERVAL.format(interval) if interval else None
    return tag("td", told_figure(name, estimate.value), bar, class_="num meter", title=title)


def _heads(names: Sequence[str]) -> Html:
    return tag(
        "thead",
        tag(
            "tr", [tag("th", name, scope="col", class_="num" if n else None) for n, name in enumerate(names)]
        ),
    )


def _table(head: Html, lines: Sequence[Html], label: str) -> Html:
    table = tag("table", head, tag("tbody", lines), class_="figures-table")
    return tag("div", table, class_="scroller", tabindex=0, role="region", aria_label=label)


def _dot(one: Bin, most: int) -> Html:
    size = 0.55 + 1.25 * (one.questions / most) ** 0.5
    place = f"left:{one.confidence * 100:.1f}%;bottom:{one.correct * 100:.1f}%"
    style = f"{place};width:{size:.2f}rem;height:{size:.2f}rem"
    title = texts.RELIABILITY_DOT.format(share(one.confidence), share(one.correct), _questions(one.questions))
    return tag("i", class_="dot", style=style, title=title)


def _ticks() -> list[Html]:
    ends = (("0", "0"), ("50", f"50{THIN}%"), ("100", f"100{THIN}%"))
    return [tag("span", words, class_="tick x", style=f"left:{at}%") for at, words in ends] + [
        tag("span", words, class_="tick y", style=f"bottom:{at}%") for at, words in ends
    ]


def _bins_table(bins: Sequence[Bin]) -> Html:
    head = _heads(texts.RELIABILITY_HEADS)
    lines = [
        tag(
            "tr",
            tag("th", f"{share(one.low)}–{share(one.high)}", scope="row"),
            [tag("td", words, class_="num") for words in (share(one.confidence), share(one.correct))],
            tag("td", str(one.questions), class_="num"),
        )
        for one in bins
    ]
    return _table(head, lines, texts.RELIABILITY_TABLE)
