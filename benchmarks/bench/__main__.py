"""``make bench`` runs every part, ``make bench PART=scale SIZES=10000`` one; into benchmarks/RESULTS.md."""

from __future__ import annotations

import argparse
import os
import subprocess
from datetime import date
from importlib.metadata import version
from pathlib import Path

from bench.scale import scale

RESULTS = Path(__file__).parents[1] / "RESULTS.md"
PACKAGES = ("rapportsvar", "numpy", "faiss-cpu", "onnxruntime")
PARTS = {"scale": scale}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=["all", *PARTS], default="all")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--no-write", action="store_true", help="print only")
    options = parser.parse_args()
    for name in PARTS if options.part == "all" else [options.part]:
        lines = [f"### {name}: {_circumstances()}", "", *PARTS[name](options.sizes), ""]
        print("\n".join(lines))
        if not options.no_write:
            with RESULTS.open("a", encoding="utf-8") as results:
                results.write("\n" + "\n".join(lines))


def _circumstances() -> str:
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{date.today()}, commit {head.stdout.strip()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"load {os.getloadavg()[0]:.1f}, {versions}"
    )


if __name__ == "__main__":
    main()
