"""rank-bm25, as in its README: BM25Okapi over words cut at whitespace. Keywords alone, over paragraphs."""

from __future__ import annotations

import numpy as np
from pieces import paragraphs
from rank_bm25 import BM25Okapi


def build(texts, model, chars):
    places = [(name, *span) for name, text in texts.items() for span in paragraphs(text, chars)]
    bm25 = BM25Okapi([texts[name][start:end].split() for name, start, end in places])

    def ask(question):
        return [places[number] for number in np.argsort(-bm25.get_scores(question.split()))[:10]]

    return ask, len(places)
