"""``make bench`` runs every part, ``make bench PART=scale SIZES=10000`` one; into benchmarks/RESULTS.md."""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.cold import cold
from bench.indexing import indexing
from bench.question import question
from bench.results import ROOT, Measure, circumstances, put
from bench.scale import scale
from bench.words import words

PARTS: dict[str, Measure] = {
    "question": question,
    "cold": cold,
    "indexing": indexing,
    "words": words,
    "scale": scale,
}
FIVE = ROOT.parent / "shared" / "corpus"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=["all", *PARTS], default="all")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--reports", type=Path, default=FIVE, help="the five reports, or others")
    parser.add_argument("--keep", action="store_true", help="keep the large indexes that were made")
    parser.add_argument("--no-write", action="store_true", help="print only")
    options = parser.parse_args()
    for name in PARTS if options.part == "all" else [options.part]:
        when = circumstances()
        part = PARTS[name](options)
        print("\n".join([f"{part.title}: {when}", "", *part.lines, ""]))
        if not options.no_write:
            put(name, part, when)


if __name__ == "__main__":
    main()
