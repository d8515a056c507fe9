"""Our measures are those of the independent judge, over answers of every sort."""

import json

import pytest

from rapportsvar.evaluation.gold import read_gold
from rapportsvar.evaluation.run import evaluate

from . import synthetic
from .synthetic import ROOT, SCORE, SHARED, ById, quoted, seeded, some_answer

NAMED_APART = {"elapsed ms": {"p50": "elapsed ms p50", "p95": "elapsed ms p95"}}
CORPORA = {
    "corpus": (ROOT / "gold/corpus.jsonl", ROOT / "corpus"),
    "dialogues": (ROOT / "gold/corpus_dialogues.jsonl", ROOT / "corpus"),
    "scope": (ROOT / "gold/corpus_scope.jsonl", ROOT / "corpus"),
    "t1": (ROOT / "training/questions/t1.jsonl", ROOT / "training/reports"),
    "t2": (ROOT / "training/questions/t2.jsonl", ROOT / "training/reports"),
    **{
        name: (SHARED / f"gold/{name}.jsonl", SHARED / "corpus")
        for name in ("dev", "dev_cross", "dev_dialogues", "dev_scope")
    },
}


@pytest.mark.parametrize("name", CORPORA)
@pytest.mark.parametrize("seed", [1, 2])
def test_figures_agree_with_the_judge_when_answers_are_of_every_sort(tmp_path, name, seed):
    questions, texts = load(name)
    rng = seeded(seed)
    answers = [some_answer(rng, question, texts) for question in questions]
    agree(tmp_path, questions, answers, texts)


@pytest.mark.parametrize("name", ["corpus", "t2", "dev", "dev_cross"])
def test_figures_agree_with_the_judge_when_answers_are_perfect(tmp_path, name):
    questions, texts = load(name)
    figures = agree(tmp_path, questions, [quoted(question, texts) for question in questions], texts)
    assert figures["hit@10"].value > 0.98
    assert figures["answerable kept"].value == 1


@pytest.mark.parametrize("name", ["corpus", "dev_scope"])
def test_figures_agree_with_the_judge_when_answers_are_empty(tmp_path, name):
    questions, texts = load(name)
    figures = agree(tmp_path, questions, [synthetic.answer(found=False) for _ in questions], texts)
    assert figures["unanswerable refused"].value == 1


@pytest.mark.parametrize("length", [790, 900, 1300])
def test_figures_agree_with_the_judge_when_hits_are_about_as_long_as_may_be(tmp_path, length):
    if not SCORE.exists():
        pytest.skip(f"the independent judge is not here: {SCORE}")
    text = " ".join(f"ord{number}" for number in range(900))
    quote = text[400 : 400 + length]
    piece = {"quote": quote, "kind": "passage", "relevance": 2}
    longest = [round(share * most) for most in (1200, 1.5 * length) for share in (0.99, 1, 1.01)]
    questions = [synthetic.gold_line(id=f"q{place}", evidence=[piece]) for place in range(2 * len(longest))]
    half = [(400, 400 + length // 2 + 1)]
    answers = [
        synthetic.answer([synthetic.hit("a.txt", 390, 390 + most, marks, texts={"a.txt": text})])
        for most in longest
        for marks in ([], half)
    ]
    agree(tmp_path, questions, answers, {"a.txt": text})


def agree(tmp_path, questions, answers, texts):
    """Judge both ways, and compare every figure that the judge tells."""
    gold, told = tmp_path / "gold.jsonl", tmp_path / "answers.jsonl"
    synthetic.write_lines(gold, questions)
    pairs = zip(questions, answers, strict=True)
    synthetic.write_lines(told, [{"id": question["id"]} | answer for question, answer in pairs])
    corpus = write_corpus(tmp_path / "corpus", texts)
    judged = synthetic.score(gold, told, corpus)

    asker = ById(answers, texts)
    (ours,) = evaluate(asker, [read_gold(gold, asker)], resamples=20).sets
    assert judged["answerable"] == ours.answerable
    assert rounded(ours.overall, judged["all"]) == judged["all"]
    for kind, figures in judged["by type"].items():
        assert figures.pop("n") == max(one.questions for one in ours.by_kind[kind].values())
        assert rounded(ours.by_kind[kind], figures) == figures
    abstention = judged.get("abstention", {})
    assert abstention.pop("unanswerable", 0) == ours.unanswerable
    assert rounded(ours.overall, abstention) == abstention
    if "reason right" in judged:
        assert round(ours.overall["reason right"].value, 3) == judged["reason right"]
    elapsed = {name: round(ours.overall[f"elapsed ms {name}"].value, 1) for name in ("p50", "p95")}
    assert elapsed == judged["elapsed ms"]
    return ours.overall


def rounded(summary, names):
    return {name: round(summary[name].value, 3) for name in names}


def load(name):
    """Return questions and texts as opaque data; skip where they, or the judge, are absent."""
    path, folder = CORPORA[name]
    if not SCORE.exists():
        pytest.skip(f"the independent judge is not here: {SCORE}")
    if not path.exists():
        pytest.skip(f"the gold set is not here: {path}")
    texts = {
        file.relative_to(folder).as_posix(): file.read_bytes().decode("utf-8")
        for file in folder.rglob("*")
        if file.suffix in (".txt", ".md") and file.name != "README.md"
    }
    lines = path.read_text(encoding="utf-8").split("\n")
    questions = [json.loads(line) for line in lines if line.strip()]
    # The judge divides by the number of pieces that answer in full; a question with none cannot be scored.
    scorable = [
        one for one in questions if not one["evidence"] or any(e["relevance"] == 2 for e in one["evidence"])
    ]
    return [as_txt(one) for one in scorable], {txt(source): text for source, text in texts.items()}


def as_txt(question):
    """The judge reads .txt only: give every report that ending."""
    question = dict(question)
    if question.get("document"):
        question["document"] = txt(question["document"])
    question["evidence"] = [
        piece | ({"document": txt(piece["document"])} if "document" in piece else {})
        for piece in question["evidence"]
    ]
    return question


def txt(source):
    return source if source.endswith(".txt") else source + ".txt"


def write_corpus(folder, texts):
    for source, text in texts.items():
        path = folder / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return folder
