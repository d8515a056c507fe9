"""A build whose reports are made by workers: what comes of them goes the way of those made here."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace

from rapportsvar import __version__
from rapportsvar.errors import RapportsvarError, ReadingError
from rapportsvar.index.build import Builder, MadeReport
from rapportsvar.index.distributed.cluster import Cluster
from rapportsvar.index.distributed.deal import Dealer
from rapportsvar.index.distributed.known import Known
from rapportsvar.index.distributed.order import Made, Order, Terms, pack_terms
from rapportsvar.index.manifest import code_fingerprint
from rapportsvar.index.plan import Plan, Seen
from rapportsvar.index.saved import SavedEmbeddings
from rapportsvar.index.summary import Tally
from rapportsvar.reading.pdf.ocr import can_read_pictures


def made_by_workers(
    builder: Builder, saved: SavedEmbeddings, todo: Plan, tally: Tally, *, scheduler: str
) -> Generator[MadeReport]:
    """Yield the changed reports in order, made by the workers of a cluster, or why one cannot be read.

    Vectors are on disk before a report is yielded: a build that is cut off loses none that came here.

    Args:
        builder: Says what reports are made by; its summary is told of the work.
        saved: Takes the vectors.
        todo: What has changed.
        tally: Of the texts to embed.
        scheduler: An address, or ``local``.

    Raises:
        WorkersUnusable: There is no cluster, or it cannot go on.
    """
    if not todo.changed:
        return
    delta = builder.delta.read_bytes() if builder.delta else b""
    terms = pack_terms(_terms(builder))
    settings = builder.settings
    with (
        Known(builder.before, saved) as known,
        Cluster(scheduler, settings.reading.processes, settings.index.scheduler_seconds_max) as cluster,
    ):
        orders = ((_order(name, todo.seen[name], known), todo.seen[name].path) for name in todo.changed)
        with closing(Dealer(cluster, terms, delta).deal(orders)) as answers:
            for number, (name, answer) in enumerate(zip(todo.changed, answers, strict=True)):
                builder.progress("structure", number, len(todo.changed))
                seen = todo.seen[name]
                if isinstance(answer, Made):
                    _take(builder, saved, answer, tally)
                    yield name, replace(answer.fresh, path=seen.path)
                elif isinstance(answer, ReadingError):
                    yield name, answer
                elif answer is None:
                    yield from builder.made_here(replace(todo, changed=[name]))
                else:
                    raise _of_worker(answer, scheduler)


def _terms(builder: Builder) -> Terms:
    settings = builder.settings
    return Terms(
        version=__version__,
        fingerprint=code_fingerprint(),
        pictures=can_read_pictures(),
        encoder=builder.encoder.name,
        model=settings.embedding.model,
        reading=settings.reading,
        size=builder.size,
        mask=settings.privacy.mask_identity_numbers,
    )


def _order(name: str, seen: Seen, known: Known) -> Order:
    return Order(name, seen.path.suffix, seen.corrections, known.of(name, seen.sha256))


def _take(builder: Builder, saved: SavedEmbeddings, made: Made, tally: Tally) -> None:
    """Save the vectors of a report, and count its work as if it had been done here."""
    summary = builder.summary
    with summary.stage("writing"):
        new = made.vectors.keys() - saved.get(list(made.vectors)).keys()
        saved.add(made.vectors, of=made.fresh.stored.sha256, keys=made.keys)
    summary.embedded += len(new)
    summary.reused -= len(new)  # the builder finds them saved, and counts all that it finds
    tally.missing += len(new)
    summary.add(made.seconds)


def _of_worker(error: RapportsvarError, scheduler: str) -> RapportsvarError:
    """Say of which cluster an error is that came from there."""
    where = f"{error.where}, {scheduler}" if error.where else scheduler
    return type(error)(error.what, where=where, todo=error.todo)
