"""LangChain's EnsembleRetriever, as in its documentation: BM25Retriever and FAISS at equal weights, over
pieces of RecursiveCharacterTextSplitter (1000 characters, overlap 200).
"""

from __future__ import annotations

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter


def build(texts, model, chars):
    size = chars or 1000
    splitter = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=size // 5, add_start_index=True)
    pieces = splitter.split_documents(
        [Document(page_content=text, metadata={"name": name}) for name, text in texts.items()]
    )
    embeddings = HuggingFaceEmbeddings(
        model_name=model,
        encode_kwargs={"prompt": "passage: ", "normalize_embeddings": True},
        query_encode_kwargs={"prompt": "query: ", "normalize_embeddings": True},
    )
    vectors = FAISS.from_documents(pieces, embeddings).as_retriever(search_kwargs={"k": 10})
    keyword = BM25Retriever.from_documents(pieces, k=10)
    ensemble = EnsembleRetriever(retrievers=[keyword, vectors], weights=[0.5, 0.5])

    def ask(question):
        return [
            (d.metadata["name"], d.metadata["start_index"], d.metadata["start_index"] + len(d.page_content))
            for d in ensemble.invoke(question)
        ]

    return ask, len(pieces)
