"""The door to every other bi-encoder: sentence-transformers, from the ``models`` extra."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

from rapportsvar.errors import ExtraMissing, ModelDamaged
from rapportsvar.index.embedding.base import CountProgress, Vectors, unit_length
from rapportsvar.index.embedding.weights import sha256

_TEXTS_AT_ONCE = 256
_SURROGATES = {code: "\ufffd" for code in range(0xD800, 0xE000)}


@dataclass(frozen=True)
class Prefixes:
    """What is written before a text, as the model was trained."""

    passage: str = ""
    question: str = ""


E5_PREFIXES = Prefixes("passage: ", "query: ")


class SentenceTransformersEncoder:
    """A model by its name, or from a folder.

    Args:
        name_or_path: As sentence-transformers knows it; a folder is read without the network.
        threads: Threads of torch; None or 0 lets torch choose.
        prefixes: What is written before each text; None takes E5's for a name that contains "e5", else
            nothing.

    Raises:
        ExtraMissing: The extra is not installed.
        ModelDamaged: The model cannot be loaded.
    """

    def __init__(
        self, name_or_path: str, threads: int | None = None, *, prefixes: Prefixes | None = None
    ) -> None:
        library = _library("sentence_transformers")
        if threads:
            _library("torch").set_num_threads(threads)
        try:
            self._model = library.SentenceTransformer(name_or_path, device="cpu")
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            why = str(error).strip().partition("\n")[0]
            raise ModelDamaged(
                f"sentence-transformers cannot load the model: {why}",
                where=name_or_path,
                todo="Name a model that is downloaded, or a folder.",
            ) from error
        self._prefixes = prefixes or (E5_PREFIXES if "e5" in Path(name_or_path).name.lower() else Prefixes())
        self.dimensions = int(self._model.get_embedding_dimension())
        self.max_tokens = int(self._model.max_seq_length or 512)
        self.name = f"sentence-transformers:{_identity(name_or_path)}:{_digest(self._prefixes)}"

    def encode_passages(self, texts: Sequence[str], *, progress: CountProgress | None = None) -> Vectors:
        """See ``Encoder``."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            some = texts[start : start + _TEXTS_AT_ONCE]
            vectors[start : start + len(some)] = self._encode(self._prefixes.passage, some)
            if progress is not None:
                progress(start + len(some), len(texts))
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        return self._encode(self._prefixes.question, texts)

    def _encode(self, prefix: str, texts: Sequence[str]) -> Vectors:
        # The library's tokenizers refuse lone surrogates, which damaged PDF text can hold.
        clean = [prefix + text.translate(_SURROGATES) for text in texts]
        return unit_length(self._model.encode(clean, convert_to_numpy=True, show_progress_bar=False))


def _library(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ExtraMissing(
            f"The chosen embedding model needs {error.name or name}, which is not installed",
            todo="Install it: pip install rapportsvar[models]",
        ) from error


def _identity(name_or_path: str) -> str:
    """A name as it is; a folder by its last part and a hash of all it holds, for it may be trained on."""
    folder = Path(name_or_path)
    if not folder.is_dir():
        return name_or_path
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()} {sha256(path)}\n".encode())
    return f"{folder.resolve().name}@{digest.hexdigest()[:12]}"


def _digest(prefixes: Prefixes) -> str:
    return hashlib.sha256(repr(prefixes).encode()).hexdigest()[:6]
