"""Tables made at random as municipal reports write them, with what should be read from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

NAMES = [
    "Förskola", "Grundskola", "Gymnasium", "Hemtjänst", "Kultur och fritid", "Ekonomiskt bistånd", "Turism",
    "Barn och familj", "Särskilt boende",
    "Politisk verksamhet", "Kommunledning", "Integration", "Räddningstjänst",
    "Färdtjänst", "Gator och vägar", "Daglig verksamhet", "Öppna insatser",
    "Socialt boende", "Vuxenutbildning",
]  # fmt: skip
GOALS = ["Nöjda medborgare", "Goda arbetsplatser", "Hållbar ekonomi", "Ett rikt kulturliv", "Trygg uppväxt"]
MEASURES = ["Utfall", "Budget", "Prognos", "Avvikelse", "Bokslut"]
SECTIONS = ["SEKTOR FÖR UTBILDNING", "SEKTOR FÖR SOCIALTJÄNST", "SAMHÄLLSBYGGNAD"]
RAISED = "¹²³⁴⁵"


@dataclass
class Made:
    """A table as text, and what it says: kind, labels and (column, words) of each row."""

    lines: list[str] = field(default_factory=list)
    columns: list[tuple[str, ...]] = field(default_factory=list)
    rows: list[tuple[str, tuple[str, ...], list[tuple[int, str]]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    traits: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The table between a heading and a paragraph."""
        words = "Nämnden redovisar ett överskott, vilket beror på lägre kostnader under perioden."
        return "\n".join(
            ["Ekonomi", "", *self.lines, "", *[line for n in self.notes for line in (n, "")], words, ""]
        )


def make_table(seed: int) -> Made:
    """Make one table."""
    random = Random(seed)
    made = Made()
    label_columns = random.choice([1, 1, 2, 2])
    header = _header(random, made, label_columns)
    rows = _rows(random, made, label_columns)
    _write(random, made, header, rows, label_columns)
    return made


def _header(random: Random, made: Made, label_columns: int) -> list[list[str]]:
    firsts = (
        ["Nämndmål", "Indikator"]
        if label_columns == 2
        else [random.choice(["Verksamhet", "tkr", "", "Konto"])]
    )
    made.columns = [(name,) if name else () for name in firsts]
    style = random.choice(["plain", "years", "merged", "title", "short"])
    made.traits.add(style)
    blanks = [""] * label_columns
    if style == "merged":
        groups = random.sample(
            ["Augusti 2020", "Augusti 2019", "Helår 2020", "Målvärde"], random.randint(2, 3)
        )
        parts = random.choice([["Kvinnor", "Män"], ["UAF", "SOF"], ["Totalt", "Kvinnor", "Män"]])
        made.columns += [(group, part) for group in groups for part in parts]
        top = [cell for group in groups for cell in [group, *[""] * (len(parts) - 1)]]
        return [[*firsts, *top], [*blanks, *parts * len(groups)]]
    if style == "years":
        names = [str(year) for year in range(2017, 2017 + random.randint(2, 6))]
    else:
        year = random.randint(2018, 2023)
        names = [f"{name} {year}" for name in random.sample(MEASURES, random.randint(2, 5))]
    made.columns += [(name,) for name in names]
    if style == "title":
        return [["Driftsredovisning (tkr)", *[""] * (label_columns - 1 + len(names))], [*firsts, *names]]
    if style == "short" and firsts == [""]:
        return [names]
    return [[*firsts, *names]]


def _rows(random: Random, made: Made, label_columns: int) -> list[list[str]]:
    """Return the body's cells, and write down what they say."""
    width = len(made.columns)
    names = random.sample(NAMES, random.randint(5, 14))
    sections = random.sample(SECTIONS, 2) if label_columns == 1 and random.random() < 0.3 else []
    starts = dict(zip([0, len(names) // 2], sections, strict=False))
    body, outer = [], ""
    for index, name in enumerate(names):
        if index in starts:
            outer = starts[index]
            body.append([outer, *[""] * (width - 1)])
            made.rows.append(("section", (outer,), [(0, outer)]))
        shown = name
        if random.random() < 0.1 and len(made.notes) < 4:
            mark = RAISED[len(made.notes)]
            made.notes.append(f"{mark} Avser hela året.")
            shown = f"{name} {mark}"
        labels, cells = _labels(random, made, label_columns, name, shown, outer, index)
        values = [_value(random) for _ in range(width - label_columns)]
        body.append([*cells, *values])
        filled = [(c, cell) for c, cell in enumerate(body[-1]) if cell]
        made.rows.append(("data", labels, filled))
    if label_columns == 1 and not sections and random.random() < 0.5:
        body.append(["Summa", *[_value(random) for _ in range(width - 1)]])
        made.rows.append(("total", ("Summa",), list(enumerate(body[-1]))))
    return body


def _labels(
    random: Random, made: Made, label_columns: int, name: str, shown: str, outer: str, index: int
) -> tuple[tuple[str, ...], list[str]]:
    if label_columns == 1:
        return ((outer, name) if outer else (name,)), [shown]
    above = made.rows[-1][1][0] if made.rows else ""
    if index and random.random() < 0.6:
        return (above, name), ["", shown]
    goal = GOALS[(GOALS.index(above) + 1) % len(GOALS)] if above else GOALS[0]
    return (goal, name), [goal, shown]


def _value(random: Random) -> str:
    return random.choice(
        [
            f"{random.randint(-99, 999)} {random.randint(0, 999):03d}",
            f"{random.uniform(0, 100):.1f}".replace(".", ","),
            f"{random.randint(1, 99)}%",
            f"- {random.randint(1, 999)}",
            str(random.randint(1, 999)),
        ]
    )


def _write(
    random: Random, made: Made, header: list[list[str]], rows: list[list[str]], label_columns: int
) -> None:
    lines = ["\t".join(row) for row in header]
    breaks = set(random.sample(range(2, len(rows)), 1)) if len(rows) > 4 and random.random() < 0.6 else set()
    for index, row in enumerate(rows):
        if index in breaks:
            lines += _page_break(random, made, header)
        line = "\t".join(row)
        lost = label_columns == 2 and row[0] == "" and random.random() < 0.1 and len(rows) > 6
        if lost and not (made.traits & {"lost tab"}):
            made.traits.add("lost tab")
            line = "\t".join([*row[1:], ""])
        lines.append(line)
    made.lines = lines


def _page_break(random: Random, made: Made, header: list[list[str]]) -> list[str]:
    how = random.choice(["repeated", "bold", "bare", "notes"])
    made.traits.add(how)
    if how == "bare":
        return ["", ""]
    if how == "notes":
        notes, made.notes[:] = list(made.notes), []
        return ["", *[line for note in notes for line in (note, "")]] if notes else [""]
    cells = [[f"<b>{cell}</b>" if cell and how == "bold" else cell for cell in row] for row in header]
    return ["", "", "", *["\t".join(row) for row in cells]]
