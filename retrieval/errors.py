"""The errors that people read, each worded as one sentence.

All are below `NewsError`: `BadInput` is what somebody gave, `FetchFailed` another site's fault, `ArchiveError` the
archive's; the last ones are trouble of this machine.

An error carries a code and values; `translation/errors.toml` has the sentence of each code, a whole one for the person
who reads it. Each error knows the exit code of a program that it ends. "Nothing good enough" is not here: that is an
`Abstention`, a value.
"""

from __future__ import annotations

import json
import tomllib
from functools import cache
from typing import TYPE_CHECKING

from typing_extensions import override

from config.exit_codes import ExitCode
from retrieval import translation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import ClassVar

    from retrieval.domain.embeddings import EmbeddingSpec


@cache
def messages() -> Mapping[str, str]:
    """Return the English sentence of each code, with {names} for its values."""
    sections = tomllib.loads((translation.FOLDER / "errors.toml").read_text(encoding="utf-8"))
    return {f"{section}.{name}": text for section, texts in sections.items() for name, text in texts.items()}


def sentence(code: str, **values: object) -> str:
    """Return the sentence of a code in the current language. A code without a sentence stands for itself."""
    return translation.gettext(messages().get(code, code), **values)


class NewsError(Exception):
    """The root of all. Its text may be shown to a user as it is; `str` gives the English one, for the log."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNUSABLE
    """How a program ends that cannot go on because of it."""
    code: str
    """Which sentence of `messages` says it; a class that means one thing has its own."""

    def __init__(self, code: str | None = None, /, **values: object) -> None:
        super().__init__(*([] if code is None else [code]))
        self.code = code or self.code
        self.values = values

    def text(self) -> str:
        """Say it in the current language."""
        return sentence(self.code, **{n: v.text() if isinstance(v, NewsError) else v for n, v in self.values.items()})

    @override
    def __str__(self) -> str:
        with translation.speaking(translation.ENGLISH):
            return self.text()


def packed(error: NewsError, longest: int) -> str:
    """Return an error as it is stored, for `unpacked` in any language: its code and values.

    It is a sentence, cut, where these are too long or cannot be stored.
    """
    values = {name: [v.code, v.values] if isinstance(v, NewsError) else v for name, v in error.values.items()}
    text = json.dumps([error.code, values], ensure_ascii=False, default=str)
    with translation.speaking(translation.ENGLISH):
        return text if len(text) <= longest and unpacked(text) == str(error) else str(error)[:longest]


def unpacked(stored: str) -> str:
    """Say a stored error in the current language; what was stored as a sentence stays one."""
    try:
        return _from_stored(json.loads(stored)).text()
    except (ValueError, KeyError):
        return stored


def _from_stored(stored: object) -> NewsError:
    """Return the error of a code and values. Raises ValueError for anything else."""
    match stored:
        case [str(code), dict(values)] if code in messages():
            return NewsError(code, **{n: _from_stored(v) if isinstance(v, list) else v for n, v in values.items()})
    raise ValueError(stored)


class BadInput(NewsError):
    """What somebody gave cannot be used; nothing was changed."""

    exit_code = ExitCode.BAD_INPUT


class QuestionRejected(BadInput):
    """The question is empty, too long, or holds no word."""


class ArticleRejected(BadInput):
    """The text offered is no article: missing, empty, binary, not UTF-8, too large, or nothing but boilerplate."""


class WorkerKilled(ArticleRejected):
    """Reading the article crashed the worker process, or took more time or memory than an article may take."""


class EditedMeanwhile(ArticleRejected):
    """While an article was embedded, somebody edited the one that it is another version of; nothing was stored."""

    code = "article.changed_meanwhile"


class ArticleUnknown(BadInput):
    """No such article is visible to the scope any more."""

    code = "article.gone"


class NothingToUndo(BadInput):
    """Nothing that was edited of the article by hand is there to be undone."""

    code = "article.nothing_to_undo"


class OverrideRejected(BadInput):
    """The decision about a speaker changes nothing, or cannot be made."""


class OverrideUnknown(BadInput):
    """No such decision about speakers or quotations stands in the scope's own collection."""

    code = "speaker.override_gone"


class FeedRejected(BadInput):
    """There is no feed at that address, or the server follows as many as it may."""


class FeedKilledWorker(FeedRejected):
    """Reading the feed crashed the worker process, or took more time or memory than a feed may take."""


class FeedUnknown(BadInput):
    """The scope follows no feed of this number."""

    code = "feed.gone"


class FollowRejected(BadInput):
    """What cannot be followed, or as much is followed as may be."""


class FollowUnknown(BadInput):
    """The follow has ended."""

    code = "follow.gone"


class AddressRefused(BadInput):
    """The link, or a redirect, leads where nothing is sent: other scheme or port, inner network, closed to bots."""


class BackupRefused(BadInput):
    """A backup would overwrite what is there, or the file to be restored is no sound archive; nothing was changed."""


class FetchFailed(NewsError):
    """A page could not be had: no answer, an error, too slow, too large, of no use. `status` is HTTP's, if any."""

    exit_code = ExitCode.UNREACHABLE

    def __init__(
        self, code: str, /, *, status: int | None = None, retry_after: float | None = None, **values: object
    ) -> None:
        super().__init__(code, status=status, **values)
        self.status = status
        self.retry_after = retry_after
        """Seconds that the server asked to wait."""

    @property
    def gone(self) -> bool:
        """Whether the server said that there is nothing any more, for good: 404 or 410."""
        return self.status in {404, 410}


class ArchiveError(NewsError):
    """The archive cannot be read or written."""

    code = "archive.unreachable"
    exit_code = ExitCode.UNAVAILABLE


class ArchiveMissing(ArchiveError):
    """There is no file where the archive is to be, or an empty one."""

    code = "archive.missing"
    exit_code = ExitCode.UNUSABLE


class ArchiveLocked(ArchiveError):
    """Another process held the archive's write lock for longer than the time limit."""

    code = "archive.locked"


class ArchiveAway(ArchiveError):
    """The database that holds the archive does not answer just now."""

    code = "archive.away"


class ArchiveRefused(ArchiveError):
    """The database does not let this program in, or cannot hold an archive."""

    code = "archive.refused"
    exit_code = ExitCode.UNUSABLE


class ArchiveFull(ArchiveError):
    """The disk that holds the archive is full."""

    code = "archive.full"
    exit_code = ExitCode.DISK_FULL


class ArchiveReadOnly(ArchiveError):
    """The archive's file or folder may not be written."""

    code = "archive.read_only"
    exit_code = ExitCode.UNUSABLE


class DatabaseReadOnly(ArchiveReadOnly):
    """The database takes no writes, such as a replica."""

    code = "archive.database_read_only"


class ArchiveCorrupt(ArchiveError):
    """The file is not a Pullquote archive, or it is damaged."""

    code = "archive.corrupt"
    exit_code = ExitCode.UNUSABLE


class ArchiveTooNew(ArchiveError):
    """The archive was written by a newer release of Pullquote."""

    code = "archive.too_new"
    exit_code = ExitCode.UNUSABLE


class EmbeddingMismatch(ArchiveError):
    """The archive's vectors were made by another model than the one that is set."""

    code = "archive.made_by_another_model"
    exit_code = ExitCode.UNUSABLE

    def __init__(self, *, stored: EmbeddingSpec, configured: EmbeddingSpec) -> None:
        super().__init__(stored=stored.label, configured=configured.label)
        self.stored = stored
        self.configured = configured


class ModelUnavailable(NewsError):
    """The embedding model cannot be found, loaded or trusted."""


class OutOfMemory(NewsError):
    """The machine, or a limit that somebody set, leaves too little memory to run."""


class WorkerUnavailable(NewsError):
    """The process that reads articles, or feeds, cannot be started; nothing is wrong with what was to be read."""


class Stopping(NewsError):
    """The program is being stopped: what was asked of it was not done, and may be asked again."""

    code = "program.stopping"
