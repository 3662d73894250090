"""What speakers said: all of it or what is about a topic, one speaker by themselves or two side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.asking import answering, relevance
from retrieval.asking.topics import by_speaker
from retrieval.domain.quotations import (
    NotQuotedAbout,
    QuotationsFound,
    SpeakerAmbiguous,
    SpeakerEntry,
    SpeakersQuoted,
    SpeakerUnknown,
    UnnamedSources,
)
from retrieval.errors import ArticleUnknown, QuestionRejected
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from typing import TypeAlias

    from retrieval.active_model import ActiveModel
    from retrieval.archive.archive import Archive
    from retrieval.domain.ids import PassageId, SpeakerId
    from retrieval.domain.quotations import CitedQuotation, ComparedSide
    from retrieval.domain.scope import Scope
    from retrieval.ports import Embedder

    Outcome: TypeAlias = ComparedSide | UnnamedSources
    """What came of looking up one speaker."""


class Quoting:
    """Finds quotations by their speakers. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, archive: Archive, model: ActiveModel) -> None:
        self._archive = archive
        self._speakers = archive.speakers
        self._model = model

    def quotes_by(self, scope: Scope, name: str, about: str | None = None) -> Outcome:
        """Every quotation of the speaker with this name, alias, office or part of a name; `about` as in `quotes_of`.

        Where nobody has it, those of sources that articles do not name, whose description contains it.
        """
        named = self._speakers.named(scope, name)
        if isinstance(named, SpeakerAmbiguous):
            return named
        if isinstance(named, SpeakerEntry):
            return self.quotes_of(scope, named.speaker.id, about)
        alleged = self._speakers.alleged(scope, name)
        if alleged is not None:
            return self.quotes_of(scope, alleged, about)
        unnamed = self._speakers.unnamed(scope, name)
        return UnnamedSources(name, unnamed) if unnamed else named

    def quotes_of(
        self, scope: Scope, speaker: SpeakerId, about: str | None = None
    ) -> QuotationsFound | NotQuotedAbout | SpeakerUnknown:
        """Every quotation of one speaker, newest article first; with `about`, those about it, the best match first.

        What articles say that they said, and dispute, stands beside them.

        Only `about` needs the model: it raises QuestionRejected and ModelUnavailable.
        """
        person, quotations = self._speakers.quoted(scope, speaker)
        alleged, disputed = self._speakers.quoted(scope, speaker, disputed=True)
        shown = person or alleged
        if shown is None or not (quotations or disputed):
            return self._filtered_out(scope, speaker, "" if shown is None else shown.entry.speaker.name)
        if about is None or not quotations:
            return QuotationsFound(shown.entry.speaker, quotations, disputed=disputed)
        asked = answering.check_question(about)
        names = sorted(shown.names.union(alleged.names if alleged else ()))

        def weigh(embedder: Embedder) -> tuple[tuple[CitedQuotation, ...], ...]:
            embedding = embedder.embed_query(asked)
            passages = self._archive.passages.quoted(replace(scope, disputed=True), names, made_by=embedder.spec)
            return tuple(relevance.about(asked, embedding, each, passages) for each in (quotations, disputed))

        matching, matching_disputed = self._model.use(weigh)
        if not matching:
            return NotQuotedAbout(shown.entry.speaker, asked, len(quotations))
        left_out = len(quotations) - len(matching)
        return QuotationsFound(shown.entry.speaker, matching, asked, left_out, matching_disputed)

    def quotes_in(self, scope: Scope, passage: PassageId) -> SpeakersQuoted:
        """Who is surely quoted in the article of a passage, as printed. Raises ArticleUnknown."""
        found = self._archive.passages.find(scope, [passage])
        if not found:
            raise ArticleUnknown
        said = self._speakers.said_in_article(scope, passage)
        return SpeakersQuoted(found[0].article.source.title, by_speaker(said))

    def compare(
        self, scope: Scope, first: str | SpeakerId, second: str | SpeakerId, about: str
    ) -> tuple[ComparedSide, ComparedSide]:
        """What surely two speakers said about a topic, each given by name or id, the best match first.

        Raises QuestionRejected, also where both are one person, and ModelUnavailable.
        """
        sides = self._side(scope, first, about), self._side(scope, second, about)
        speakers = [side.speaker for side in sides if isinstance(side, QuotationsFound | NotQuotedAbout)]
        if len(speakers) > 1 and speakers[0].id == speakers[1].id:
            raise QuestionRejected("question.one_speaker", name=speakers[0].name)
        if isinstance(first, str) and isinstance(second, str) and search_key(first) == search_key(second):
            raise QuestionRejected("question.one_speaker", name=first)
        return sides

    def _side(self, scope: Scope, speaker: str | SpeakerId, about: str) -> ComparedSide:
        """One side of a comparison, without disputed and unsure words; with fragments only for want of statements."""
        found: Outcome = (
            self.quotes_by(scope, speaker, about) if isinstance(speaker, str) else self.quotes_of(scope, speaker, about)
        )
        if isinstance(found, UnnamedSources):
            return SpeakerUnknown(found.words, ())
        if not isinstance(found, QuotationsFound):
            return found
        sure = tuple(cited for cited in found.quotations if cited.quotation.is_sure)
        statements = tuple(cited for cited in sure if not cited.is_fragment)
        if not sure:
            return NotQuotedAbout(found.speaker, about, len(found.quotations) + found.left_out)
        return QuotationsFound(found.speaker, statements or sure, found.about, found.left_out)

    def _filtered_out(self, scope: Scope, speaker: SpeakerId, name: str) -> NotQuotedAbout | SpeakerUnknown:
        """What is said of a speaker of whom the filters let nothing through, or who is not quoted at all."""
        person, quotations = self._speakers.quoted(replace(scope, filters=None), speaker)
        if person is None or not quotations:
            return SpeakerUnknown(name, ())
        return NotQuotedAbout(person.entry.speaker, None, len(quotations))
