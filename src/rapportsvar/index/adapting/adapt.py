"""Adapting the encoder to an index: pseudo-questions, training, and one file of changes."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from rapportsvar.errors import ExtraMissing
from rapportsvar.index.adapting.delta import joined, write_delta
from rapportsvar.index.adapting.pairs import Pair, pseudo_pairs
from rapportsvar.index.embedding.base import CountProgress
from rapportsvar.index.embedding.weights import LowRank, Weights, read_weights
from rapportsvar.index.opened import open_index
from rapportsvar.swedish.lexicon import packaged_lines
from rapportsvar.swedish.words import Analyzer

SEED = 0
MINUTES = 15.0


@dataclass(frozen=True, slots=True)
class Adapting:
    """How the encoder is adapted.

    Attributes:
        minutes: Of training at most; reading and embedding the reports comes besides.
        seed: Of all that is drawn.
        threads: Of the training; 0 lets torch choose.
    """

    minutes: float = MINUTES
    seed: int = SEED
    threads: int = 0


def check_extra() -> None:
    """Raise ExtraMissing unless what trains is installed; called before anything is begun."""
    _training()


def adapt(
    folder: Path,
    weights: Path,
    base: Path | None,
    to: Path,
    adapting: Adapting,
    progress: CountProgress | None = None,
) -> bool:
    """Train changes of the encoder on the reports of an index and write them as one file.

    Args:
        folder: The index.
        weights: The encoder's, as ``read_weights`` reads them.
        base: Changes that the encoder has already, such as those to the genre; the file holds them too.
        to: The file to write.
        adapting: How.
        progress: Is told how many steps are done, and of how many.

    Returns:
        False: the reports hold too little to make a question of; nothing is written.

    Raises:
        ExtraMissing: torch is not installed.
        IndexUnusable: The index cannot be opened.
        ModelDamaged: The weights or ``base`` are not what they should be.
    """
    with closing(open_index(folder)) as index:
        pairs = pseudo_pairs(index, tuple(packaged_lines()), Analyzer(), adapting.seed)
    if not pairs:
        return False
    plain = read_weights(weights)
    before = plain.adapted(base) if base else plain
    write_delta(to, joined(before.delta, _changes(before, pairs, adapting, progress)))
    return True


def _changes(
    weights: Weights, pairs: Sequence[Pair], adapting: Adapting, progress: CountProgress | None
) -> dict[str, LowRank]:
    training = _training()
    recipe = training.Recipe(seed=adapting.seed, seconds=60 * adapting.minutes, threads=adapting.threads)
    trained = training.train(weights, pairs, recipe, progress)
    return {name: LowRank(left, right) for name, (left, right) in trained.arrays().items()}


def _training() -> ModuleType:
    """Import what trains, and with it torch: seconds and gigabytes that only this command needs."""
    try:
        return importlib.import_module("rapportsvar.index.adapting.training")
    except ImportError as error:
        raise ExtraMissing(
            f"Adapting the encoder needs {error.name or 'torch'}, which is not installed",
            todo='Install it: pip install "rapportsvar[models]".',
        ) from error
