"""txtai, as in its documentation: ``Embeddings(hybrid=True)`` (BM25 and vectors at equal weights), with the
model's instructions. Its segmentation by paragraphs cuts at blank lines, which is what is done here, so
that places are known.
"""

from __future__ import annotations

from pieces import paragraphs
from txtai import Embeddings


def build(texts, model, chars):
    places = [(name, *span) for name, text in texts.items() for span in paragraphs(text, chars)]
    embeddings = Embeddings(
        path=model, hybrid=True, instructions={"query": "query: ", "data": "passage: "}, gpu=False
    )
    embeddings.index([(number, texts[name][start:end]) for number, (name, start, end) in enumerate(places)])

    def ask(question):
        return [places[int(number)] for number, _ in embeddings.search(question, 10)]

    return ask, len(places)
