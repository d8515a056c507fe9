"""LlamaIndex, as in "Reciprocal Rerank Fusion Retriever": vector index and BM25 retriever in a
QueryFusionRetriever, mode reciprocal_rerank, without generated queries (num_queries=1, since there is no
language model here). The splitter is the default, SentenceSplitter, with the 256 tokens of that example
and the overlap of 200 that is its own; BM25 with the Swedish stemmer. Nodes carry their document's name,
which is neither embedded nor counted in their size.
"""

from __future__ import annotations

import Stemmer
from llama_index.core import Document, MockEmbedding, Settings, VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever

TOKENS_A_CHAR = 0.3
"""Tokens of the splitter, by characters: 300 are at most 986 in the real reports."""


def build(texts, model, chars):
    Settings.llm = MockLLM()
    Settings.embed_model = MockEmbedding(embed_dim=1)
    embedding = HuggingFaceEmbedding(
        model, query_instruction="query: ", text_instruction="passage: ", device="cpu", max_length=512
    )
    tokens = int(chars * TOKENS_A_CHAR) if chars else 256
    splitter = SentenceSplitter(chunk_size=tokens)
    documents = [Document(text=text, metadata={"name": name}) for name, text in texts.items()]
    for document in documents:
        document.excluded_embed_metadata_keys = document.excluded_llm_metadata_keys = ["name"]
    nodes = splitter.get_nodes_from_documents(documents)
    index = VectorStoreIndex(nodes, embed_model=embedding)
    keyword = BM25Retriever.from_defaults(
        nodes=nodes, similarity_top_k=10, stemmer=Stemmer.Stemmer("swedish"), language="sv"
    )
    fusion = QueryFusionRetriever(
        [index.as_retriever(similarity_top_k=10), keyword],
        similarity_top_k=10,
        num_queries=1,
        mode="reciprocal_rerank",
        use_async=False,
    )

    def ask(question):
        found = (each.node for each in fusion.retrieve(question))
        return [(n.metadata["name"], n.start_char_idx, n.end_char_idx) for n in found]

    return ask, len(nodes)
