"""Haystack, as in its tutorial "Creating a Hybrid Retrieval Pipeline": splitter by words (512, overlap 32),
BM25 and embedding retrievers of the in-memory store, joined. The tutorial's cross-encoder is left out,
since it brings weights of its own; in its place the joiner fuses by reciprocal rank, as the joiner's
documentation has it without a ranker. The embedders are those of sentence-transformers-haystack, where
Haystack 3 has them. Words have no bound in characters (153 of them are up to 1,952 here, where tables
stand), so pieces held to characters are those of Haystack's RecursiveDocumentSplitter, with the separators
of its documentation and an overlap of the same share.
"""

from __future__ import annotations

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter, RecursiveDocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

WORDS = 512
OVERLAP = 16
"""A piece's length, over what it shares with the next."""
SEPARATORS = ["\n\n", "\n", ".", " "]


def splitter(chars):
    if not chars:
        return DocumentSplitter(split_by="word", split_length=WORDS, split_overlap=WORDS // OVERLAP)
    return RecursiveDocumentSplitter(
        split_length=chars, split_overlap=chars // OVERLAP, split_unit="char", separators=SEPARATORS
    )


def build(texts, model, chars):
    store = InMemoryDocumentStore()
    indexing = Pipeline()
    indexing.add_component("splitter", splitter(chars))
    indexing.add_component(
        "embedder", SentenceTransformersDocumentEmbedder(model=model, prefix="passage: ", progress_bar=False)
    )
    indexing.add_component("writer", DocumentWriter(store))
    indexing.connect("splitter", "embedder")
    indexing.connect("embedder", "writer")
    documents = [Document(content=text, meta={"name": name}) for name, text in texts.items()]
    indexing.run({"splitter": {"documents": documents}})
    asking = Pipeline()
    asking.add_component(
        "text_embedder", SentenceTransformersTextEmbedder(model=model, prefix="query: ", progress_bar=False)
    )
    asking.add_component("embedding", InMemoryEmbeddingRetriever(store))
    asking.add_component("bm25", InMemoryBM25Retriever(store))
    asking.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=10))
    asking.connect("text_embedder", "embedding")
    asking.connect("bm25", "joiner")
    asking.connect("embedding", "joiner")

    def ask(question):
        made = asking.run({"text_embedder": {"text": question}, "bm25": {"query": question}})
        return [
            (d.meta["name"], d.meta["split_idx_start"], d.meta["split_idx_start"] + len(d.content))
            for d in made["joiner"]["documents"]
        ]

    return ask, store.count_documents()
