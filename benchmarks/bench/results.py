"""What every part of the benchmark shares: circumstances, tables, plots, and its place in RESULTS.md."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
PLOTS = ROOT / "benchmarks" / "plots"
CACHE = ROOT / ".cache" / "bench"
PACKAGES = ("rapportsvar", "numpy", "faiss-cpu", "onnxruntime")


@dataclass(frozen=True)
class Plot:
    """Lines over common values of x: of each line its values of y."""

    name: str
    title: str
    x: tuple[str, Sequence[float]]
    y: str
    lines: Mapping[str, Sequence[float]]
    log: bool = False


@dataclass(frozen=True)
class Part:
    """What a part measured, as lines of Markdown, with plots."""

    title: str
    lines: Sequence[str]
    plots: Sequence[Plot] = field(default_factory=tuple)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return [*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)]


def percentiles(values: Sequence[float], *which: int) -> str:
    """Return percentiles as they stand in a table: ``12.3 / 20.1``."""
    return " / ".join(f"{value:.1f}" for value in np.percentile(values, which or (50, 95, 99)))


def circumstances() -> str:
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    changed = subprocess.run(
        ["git", "status", "--porcelain", "src", "benchmarks/bench"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{date.today()}, commit {head.stdout.strip()}{' and changes on it' if changed.stdout else ''}, "
        f"{os.cpu_count()} cores, {memory:.0f} GB, load {os.getloadavg()[0]:.1f}, "
        f"Python {sys.version.split()[0]}, {versions}"
    )


def put(name: str, part: Part, when: str) -> None:
    """Put a part into RESULTS.md in place of what it measured before; other parts stay."""
    drawn = [f"![{plot.title}](plots/{plot.name}.svg)" for plot in part.plots if draw(plot)]
    body = "\n".join([f"## {part.title}", "", f"`make bench PART={name}`: {when}.", "", *part.lines])
    marked = "\n".join([f"<!-- part {name} -->", body, *(["", *drawn] if drawn else []), "<!-- end -->"])
    text = RESULTS.read_text(encoding="utf-8")
    there = re.compile(rf"<!-- part {name} -->.*?<!-- end -->", re.DOTALL)
    text = there.sub(lambda _: marked, text) if there.search(text) else f"{text.rstrip()}\n\n{marked}\n"
    RESULTS.write_text(text, encoding="utf-8")


def draw(plot: Plot) -> bool:
    """Draw a plot as SVG; tell whether it could be, which wants matplotlib (the extra ``bench``)."""
    try:
        import matplotlib as mpl
    except ImportError:
        print(f"not drawn without the extra bench (matplotlib): {plot.name}", file=sys.stderr)
        return False
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "rapportsvar"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.4, 3.6), layout="constrained")
    label, values = plot.x
    for name, line in plot.lines.items():
        axes.plot(values, line, marker="o", label=name)
    if plot.log:
        axes.set_xscale("log")
        axes.set_yscale("log")
    axes.set(xlabel=label, ylabel=plot.y, title=plot.title)
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    PLOTS.mkdir(exist_ok=True)
    figure.savefig(PLOTS / f"{plot.name}.svg", metadata={"Date": None})
    pyplot.close(figure)
    return True


def apart(module: str, *arguments: object) -> Any:
    """Run a module of the benchmark in a process of its own; return what it prints last, as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def memory_mb(what: str = "RssAnon") -> float:
    """Return memory of this process: ``RssAnon`` is what no file backs, ``VmRSS`` all that is resident."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))


def peak_mb(*, of_children: bool = False) -> float:
    """Return the most that this process has held, or the largest of those that it started and that ended."""
    who = resource.RUSAGE_CHILDREN if of_children else resource.RUSAGE_SELF
    return resource.getrusage(who).ru_maxrss / 1024


Measure = Callable[[Any], Part]
