"""Peers, side by side: quality, index time, time a question and memory, over the same texts, questions and
weights.

    python -m benchmarks.peers [--only haystack txtai ...] [--out benchmarks/PEERS.md]

Each peer runs in an environment of its own under ``.cache/peers``, made of its pinned requirements at the
first run (torch: half a gigabyte each), with the hybrid set-up of its documentation (told in its module).
Texts and questions are ``../shared/corpus`` with the sets named dev in ``../shared/gold``, or the text
and Markdown files of ``corpus`` with ``gold/corpus.jsonl`` where these are not there. Weights are the
encoder of rapportsvar, as a folder of sentence-transformers in float32. Quality is judged by
``rapportsvar.evaluation.judge``, which a test holds equal to ``../shared/score.py``; marks inside hits
count for nothing, since peers make none.

The judge lets a hit of more than 1,200 characters count only with marks. So each peer is measured twice:
with pieces as documented, and with the same splitter held to 1,000 characters (LangChain's are anyway;
Haystack's splitter counts words, so another of its splitters holds them).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rapportsvar.evaluation.gold import GoldQuestion, read_gold
from rapportsvar.evaluation.judge import judge
from rapportsvar.evaluation.measures import NDCG_10, hit, mrr

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
HOMES = ROOT / ".cache" / "peers"
PEERS = ("rapportsvar", "haystack", "llamaindex", "langchain", "txtai", "rank_bm25")
OWN = "rapportsvar"
CHARS_MAX = 1000
CUT = ("haystack", "llamaindex", "txtai", "rank_bm25")
"""Peers whose pieces are not held to so many characters by their documentation already."""
MEASURES = (hit(1), hit(3), hit(10), mrr(10), NDCG_10)
DELTA = ROOT / "src" / "rapportsvar" / "index" / "embedding" / "data" / "genre.npz"
HEADER = (
    "peer",
    "pieces",
    "hit@1",
    "hit@3",
    "hit@10",
    "mrr@10",
    "ndcg@10",
    "index s",
    "question ms",
    "p95",
    "MB",
    "load",
)


@dataclass(frozen=True, slots=True)
class Texts:
    """What is indexed; quacks like the reports that gold sets are read against."""

    of: Mapping[str, str]

    def sources(self) -> list[str]:
        """Return all names."""
        return list(self.of)

    def text(self, source: str) -> str:
        """Return one text."""
        return self.of[source]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", choices=PEERS, default=PEERS)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "PEERS.md")
    options = parser.parse_args()
    texts, questions, said = measured_over()
    rows = []
    with tempfile.TemporaryDirectory() as aside:
        place = Path(aside)
        model = weights(HOMES / "e5")
        (place / "texts.json").write_text(json.dumps(dict(texts.of)), "utf-8")
        asked = [{"id": str(q.id), "question": q.question} for q in questions]
        (place / "questions.json").write_text(json.dumps(asked), "utf-8")
        for peer, chars in runs(options.only):
            told = run(peer, place, model, chars)
            rows.append(row_of(peer, chars, told, questions, texts))
            print(" | ".join(rows[-1]), flush=True)
            options.out.write_text(page(rows, said, options.only), "utf-8")


def runs(peers: Sequence[str]) -> list[tuple[str, int]]:
    """Return what is run: first with pieces that the judge counts, then with those of the documentation."""
    held = [(peer, CHARS_MAX if peer in CUT else 0) for peer in peers]
    return [*held, *((peer, 0) for peer in peers if peer in CUT)]


def measured_over() -> tuple[Texts, list[GoldQuestion], str]:
    """Return texts, the questions that they answer, and what both are."""
    shared = ROOT.parent / "shared"
    if (shared / "corpus").is_dir():
        folder, sets, said = (
            shared / "corpus",
            sorted((shared / "gold").glob("dev*.jsonl")),
            "the real reports",
        )
    else:
        folder, sets, said = ROOT / "corpus", [ROOT / "gold" / "corpus.jsonl"], "corpus/ (text and Markdown)"
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".txt", ".md"} and path.name != "README.md"
    ]
    texts = Texts({path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8") for path in files})
    questions = [question for path in sets for question in answerable(path, texts)]
    counted = f"{len(texts.of)} reports, {len(questions)} questions with an answer"
    return texts, questions, f"{said}: {counted}, {', '.join(path.name for path in sets)}"


def answerable(path: Path, texts: Texts) -> list[GoldQuestion]:
    """Return the questions of a set that stand alone and have evidence, all of it in the texts."""
    kept = []
    for line in path.read_text("utf-8").splitlines():
        content = json.loads(line)
        documents = {e.get("document", content.get("document")) for e in content.get("evidence", [])}
        if documents and documents <= set(texts.of) and not content.get("history"):
            kept.append(line)
    with tempfile.TemporaryDirectory() as aside:
        only = Path(aside) / path.name
        only.write_text("\n".join(kept), "utf-8")
        return list(read_gold(only, texts).questions) if kept else []


def weights(folder: Path) -> Path:
    """Return the folder of sentence-transformers with the encoder's weights; made where it is not there."""
    if not folder.is_dir():
        script = ROOT / "scripts" / "make_hf_folder.py"
        subprocess.run([sys.executable, str(script), str(folder), "--delta", str(DELTA)], check=True)
    return folder


def environment(peer: str) -> Path:
    """Return the Python of a peer's environment; made where it is not there."""
    if peer == OWN:
        return Path(sys.executable)
    home = HOMES / peer
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        needs = str(HERE / f"requirements-{peer}.txt")
        subprocess.run([str(python), "-m", "pip", "install", "-q", "-r", needs], check=True)
    return python


def run(peer: str, place: Path, model: Path, chars: int) -> dict[str, Any]:
    """Run a peer in its environment, and return what it told."""
    out = place / f"{peer}-{chars}.json"
    command = [str(environment(peer)), str(HERE / "asking.py"), peer, str(place / "texts.json")]
    command += [str(place / "questions.json"), str(model), str(chars), str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    told: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return told


def row_of(
    peer: str, chars: int, told: Mapping[str, Any], questions: Sequence[GoldQuestion], texts: Texts
) -> list[str]:
    judged = [judge(q, answer, texts.text) for q, answer in zip(questions, told["answers"], strict=True)]
    figures = [statistics.fmean(float(m.of(j) or 0.0) for j in judged) for m in MEASURES]
    spent = sorted(answer["elapsed_ms"] for answer in told["answers"])
    return [
        peer + (f", pieces to {chars}" if chars else ""),
        str(told["pieces"]),
        *(f"{figure:.3f}" for figure in figures),
        f"{told['index_seconds']:.1f}",
        f"{statistics.median(spent):.1f}",
        f"{spent[int(0.95 * len(spent))]:.1f}",
        f"{told['peak_mb']:.0f}",
        f"{os.getloadavg()[0]:.0f}",
    ]


def page(rows: Sequence[Sequence[str]], said: str, only: Sequence[str]) -> str:
    """Return the measured table with the circumstances that a figure must stand with."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    lines = [
        "# Peers",
        "",
        *(__doc__ or "").strip().splitlines()[4:],
        "",
        f"Measured {date.today().isoformat()}, commit {commit.stdout.strip()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, load {load}, over {said}.",
        "Command: `python -m benchmarks.peers`.",
        "",
        "| " + " | ".join(HEADER) + " |",
        "|" + "---|" * len(HEADER),
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
        "Versions:",
        "",
        *(f"- {peer}: {versions(peer)}" for peer in only),
    ]
    return "\n".join(lines) + "\n"


NAMED = (
    *(
        "haystack-ai",
        "sentence-transformers-haystack",
        "llama-index-core",
        "llama-index-retrievers-bm25",
        "langchain-classic",
    ),
    *(
        "langchain-community",
        "txtai",
        "rank-bm25",
        "faiss-cpu",
        "sentence-transformers",
        "transformers",
        "torch",
    ),
)


def versions(peer: str) -> str:
    """Return the versions that a peer is pinned to."""
    if peer == OWN:
        return "this commit, its own encoder in int8 on ONNX Runtime"
    pins = (HERE / f"requirements-{peer}.txt").read_text("utf-8").splitlines()
    return ", ".join(pin.replace("==", " ") for pin in pins if pin.partition("==")[0] in NAMED)


if __name__ == "__main__":
    main()
