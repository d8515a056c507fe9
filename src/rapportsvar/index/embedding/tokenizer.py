"""Text to token ids by the unigram vocabulary of XLM-RoBERTa, ready in a tenth of a second.

The ids are those of a Hugging Face ``tokenizers`` Unigram with the same vocabulary, which the tests hold
against this one. That library is not used at run time because it takes 0.9 s to build the vocabulary's trie
(1.9 s from ``tokenizer.json``), while the words of a passage take 0.1 ms here, of the passage's 10 ms in the
encoder.

Source of the method: Kudo 2018, "Subword Regularization", the most probable segmentation by Viterbi's
algorithm.
"""

from __future__ import annotations

import unicodedata

from rapportsvar.index.embedding.weights import Vocabulary

SPACE_MARK = "▁"
_MASK = "<mask>"
_UNKNOWN_PENALTY = 10.0
_KEPT_WORDS = 50_000


class Tokenizer:
    """Splits words into the pieces that are most probable together.

    Two threads may use one: the worst they do is to split the same word twice.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._start, self._end, self._unknown = vocabulary.start, vocabulary.end, vocabulary.unknown
        self._pieces = _ordinary(vocabulary)
        self._scores = vocabulary.scores
        self._longest = max(map(len, self._pieces), default=1)
        self._unknown_score = min(vocabulary.scores, default=0.0) - _UNKNOWN_PENALTY
        self._replacements = str.maketrans({"\0": "", **vocabulary.replacements})
        self._known: dict[str, list[int]] = {}

    def ids(self, text: str, max_tokens: int) -> list[int]:
        """At most ``max_tokens`` ids, the marks of start and end among them."""
        room = max_tokens - 2
        ids = [self._start]
        # A token is at most _longest characters, so what is cut here could not have been reached.
        for word in self._normalised(text)[: room * self._longest].split(" "):
            ids += self._word(SPACE_MARK + word)
            if len(ids) > room:
                break
        return [*ids[: room + 1], self._end]

    def _normalised(self, text: str) -> str:
        # NFC after the model's own table: a PDF's "a" + ring above is one "å", as in the table of
        # XLM-RoBERTa.
        replaced = unicodedata.normalize("NFC", text.translate(self._replacements))
        return " ".join(part for part in replaced.split(" ") if part)

    def _word(self, word: str) -> list[int]:
        ids = self._known.get(word)
        if ids is None:
            if len(self._known) >= _KEPT_WORDS:
                self._known = {}
            ids = self._known[word] = self._most_probable(word)
        return ids

    def _most_probable(self, word: str) -> list[int]:
        length = len(word)
        best = [0.0] + [float("-inf")] * length
        came: list[tuple[int, int]] = [(0, 0)] * (length + 1)
        for start in range(length):
            score = best[start] + self._unknown_score
            if score > best[start + 1]:
                best[start + 1], came[start + 1] = score, (start, self._unknown)
            for end in range(start + 1, min(length, start + self._longest) + 1):
                found = self._pieces.get(word[start:end])
                if found is not None and best[start] + self._scores[found] > best[end]:
                    best[end], came[end] = best[start] + self._scores[found], (start, found)
        return self._walked_back(came)

    def _walked_back(self, came: list[tuple[int, int]]) -> list[int]:
        ids: list[int] = []
        at = len(came) - 1
        while at > 0:
            at, index = came[at]
            # Unknown characters in a row are one unknown token, as in tokenizers and sentencepiece.
            if not (index == self._unknown and ids and ids[-1] == self._unknown):
                ids.append(index)
        return ids[::-1]


def _ordinary(vocabulary: Vocabulary) -> dict[str, int]:
    """The ids of the pieces that text can become; "<s>" written in a report is no mark of a start."""
    ids = {piece: index for index, piece in enumerate(vocabulary.pieces)}
    for index in (vocabulary.start, vocabulary.end, vocabulary.pad, vocabulary.unknown):
        ids.pop(vocabulary.pieces[index], None)
    ids.pop(_MASK, None)
    return ids
