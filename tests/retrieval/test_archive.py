"""What is put into the archive comes out of it again, for those who may see it, and for nobody else."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.archive.records import NewArticle, NewPassage, NewSpeaker
from retrieval.domain.articles import Source, Span
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, PassageId, SpeakerId
from retrieval.domain.quotations import RoleHeld
from retrieval.domain.scope import Filters, Scope
from retrieval.errors import ArticleUnknown, EmbeddingMismatch
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, day, new_article, packed, quotation

if TYPE_CHECKING:
    from retrieval.archive.archive import Archive
    from retrieval.domain.articles import AddedArticle
    from retrieval.domain.quotations import SpeakerEntry

pytestmark = pytest.mark.usefixtures("each_database")

EMBEDDER = HashingEmbedder()
ANYONE = Scope()
HERE, THERE = CollectionId(11), CollectionId(2**62)
KIRBY = NewSpeaker("John Kirby", "White House spokesperson")
MILLER = NewSpeaker("Matthew Miller", "State Department spokesperson")
SAID = "Kirby and Miller said the vote was “non-binding.” and went home"


def add(archive: Archive, article: NewArticle, collection: CollectionId = SHARED) -> AddedArticle:
    return archive.articles.add(article, EMBEDDER.spec, collection=collection, now=NOON)


def said(*speakers: NewSpeaker, text: str = SAID, published_at: datetime | None = None) -> NewArticle:
    article = new_article("Vote", text, published_at=published_at)
    return dataclasses.replace(article, quotations=(quotation(text, "non-binding.", *speakers, cue="said"),))


def entries(archive: Archive, scope: Scope) -> tuple[SpeakerEntry, ...]:
    return archive.speakers.directory(scope).entries


def test_an_article_comes_back_as_it_was_handed_in(archive: Archive) -> None:
    source = Source("Vote", "The Hill", ("Ann Lee", "Bo Ek"), "https://hill.example/vote", day(-1))
    new = dataclasses.replace(new_article("Vote", "the council voted", "nobody — “nobody” — left 🙂"), source=source)
    added = add(archive, new)
    stored = archive.articles.show(ANYONE, added.article.id).article
    assert stored == added.article
    assert (stored.source, stored.body, stored.added_at) == (source, new.body, NOON)
    assert (added.known, added.passages, added.quotations) == (False, 2, 0)


def test_times_come_back_in_utc_and_without_a_zone_are_refused(archive: Archive) -> None:
    elsewhere = datetime(2024, 3, 25, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    add(archive, new_article("Late", "late news", published_at=elsewhere))
    [entry] = archive.articles.entries(ANYONE)
    assert entry.source.published_at == datetime(2024, 3, 26, 4, 30, tzinfo=UTC)
    with pytest.raises(Exception, match="time zone"):
        add(archive, new_article("Naive", "other news", published_at=datetime(2024, 3, 25)))  # noqa: DTZ001 - the point
    assert len(archive.articles.entries(ANYONE)) == 1


def test_passages_come_in_the_order_asked_for_with_their_words_and_tokens(archive: Archive) -> None:
    add(archive, new_article("One", "the first words", "the second words"))
    add(archive, new_article("Two", "the third words"))
    found = archive.passages.find(ANYONE, [PassageId(3), PassageId(99), PassageId(2)])
    assert [item.text for item in found] == ["the third words", "the second words"]
    assert [item.tokens for item in found] == [packed("the third words"), packed("the second words")]
    assert [item.passage.ordinal for item in found] == [0, 1]
    assert [item.around and item.around.of(item.article.body) for item in found] == [
        found[0].text,
        found[1].article.body,
    ]
    assert archive.passages.find(ANYONE, []) == ()


def test_the_same_text_is_stored_once(archive: Archive) -> None:
    first = add(archive, new_article("One", "the words"))
    again = add(archive, new_article("Another headline", "the words"))
    assert again == dataclasses.replace(first, known=True)
    same, other = new_article("One", "the words"), new_article("One", "other words")
    assert archive.articles.show_known(same.identity, collection=SHARED, now=NOON) == (same.source, again)
    assert archive.articles.show_known(other.identity, collection=SHARED, now=NOON) == (other.source, None)
    assert len(archive.articles.entries(ANYONE)) == 1


def test_what_passages_promise_is_told_to_those_who_see_them_for_the_model_in_use(archive: Archive) -> None:
    add(archive, dataclasses.replace(new_article("One", "the first", "the second"), source=Source("One", "Hill")))
    add(archive, new_article("Two", "the third"), HERE)
    ids = [PassageId(number) for number in (3, 2, 99)]
    (second,) = archive.passages.outlines(ANYONE, ids, EMBEDDER.spec)
    assert (second.passage_id, second.ordinal, second.tokens, second.publisher) == (2, 1, packed("the second"), "Hill")
    assert {seen.passage_id for seen in archive.passages.outlines(Scope(HERE), ids, EMBEDDER.spec)} == {2, 3}
    (second,) = archive.passages.outlines(ANYONE, ids, EMBEDDER.spec, sources=False)
    assert (second.tokens, second.publisher, second.published_at) == (packed("the second"), None, None)
    with pytest.raises(EmbeddingMismatch):
        archive.passages.outlines(ANYONE, ids, HashingEmbedder(checksum="1" * 64).spec)


def test_a_known_text_becomes_visible_to_one_server_more(archive: Archive) -> None:
    add(archive, new_article("One", "the words"), HERE)
    before = archive.last_changes(Scope(THERE))
    assert archive.articles.entries(Scope(THERE)) == ()
    assert not add(archive, new_article("One", "the words"), THERE).known
    assert len(archive.articles.entries(Scope(THERE))) == 1
    after = archive.last_changes(Scope(THERE))
    assert after != before
    add(archive, new_article("One", "the words"), THERE)
    assert archive.last_changes(Scope(THERE)) == after


def test_a_reader_sees_what_is_shared_and_their_own_and_nothing_else(archive: Archive) -> None:
    for collection, text in ((SHARED, "shared"), (HERE, "here"), (THERE, "there")):
        add(archive, said(NewSpeaker(f"{text.title()} Lee"), text=f"{text}: {SAID}"), collection)
    expected = {ANYONE: [1], Scope(HERE): [1, 2], Scope(THERE): [1, 3]}
    for scope, ids in expected.items():
        assert sorted(entry.id for entry in archive.articles.entries(scope)) == ids
        assert sorted(p.passage.id for p in archive.passages.find(scope, [PassageId(i) for i in (1, 2, 3)])) == ids
        assert sorted(entry.speaker.id for entry in entries(archive, scope)) == ids
        assert [i for i in (1, 2, 3) if archive.speakers.quoted(scope, SpeakerId(i))[1]] == ids
        assert [i for i in (1, 2, 3) if archive.speakers.directory(scope).person(i)] == ids
        about = archive.passages.about(scope)
        assert [about.articles, about.passages, about.quotations, about.speakers] == [len(ids)] * 4
        assert archive.passages.searched(scope).articles == len(ids)
    with pytest.raises(ArticleUnknown):
        archive.articles.show(ANYONE, ArticleId(2))


def test_articles_come_newest_first_and_those_without_a_date_last(archive: Archive) -> None:
    for number, published_at in enumerate([day(-5), None, day(-2), day(3), None]):
        new = new_article(f"a{number}", f"text {number}", published_at=published_at)
        archive.articles.add(new, EMBEDDER.spec, collection=SHARED, now=day(number))
    assert [entry.source.title for entry in archive.articles.entries(ANYONE)] == ["a3", "a2", "a0", "a4", "a1"]
    searched = archive.passages.searched(ANYONE)
    assert (searched.oldest, searched.newest) == (day(-5), day(3))
    newest = archive.passages.about(ANYONE).newest
    assert newest is not None
    assert newest.title == "a3"


def test_a_list_has_undated_articles_last_and_a_matching_headline_first(archive: Archive) -> None:
    for number, (title, published_at) in enumerate([("Harbour open", day(-5)), ("Fair", None), ("Dam", day(3))], 1):
        new = new_article(title, f"The harbour of text {number} is open.", published_at=published_at)
        archive.articles.add(new, EMBEDDER.spec, collection=SHARED, now=day(number))
    listed = archive.articles.page(ANYONE)
    assert [entry.source.title for entry in listed.entries] == ["Dam", "Harbour open", "Fair"]
    matching = archive.articles.page(ANYONE, search="open harbour")
    assert [entry.source.title for entry in matching.entries] == ["Harbour open", "Dam", "Fair"]


def test_an_article_without_a_date_is_never_the_newest(archive: Archive) -> None:
    add(archive, new_article("undated", "a text", published_at=None))
    assert archive.passages.about(ANYONE).newest is None
    said = "Somebody said “words.” and left"
    for number, (published_at, role) in enumerate([(day(-5), "mayor"), (None, "councillor")]):
        new = new_article(f"a{number}", f"{said} {number}", published_at=published_at)
        quoted = quotation(f"{said} {number}", "words.", NewSpeaker("Ann Lee", rank=role))
        add(archive, dataclasses.replace(new, quotations=(quoted,)))
    newest = archive.passages.about(ANYONE).newest
    assert newest is not None
    assert newest.title == "a0"
    (entry,) = archive.speakers.directory(ANYONE).entries
    assert entry.speaker.rank == "mayor"


def test_an_article_without_a_date_is_of_no_days_and_that_is_counted(archive: Archive) -> None:
    add(archive, new_article("dated", "text one", published_at=day(1)))
    for number in range(2):
        add(archive, new_article(f"undated {number}", f"a text {number}", published_at=None))
    for only in (Filters(since=day(-9)), Filters(until=day(900))):
        scope = Scope(filters=only)
        assert [entry.source.title for entry in archive.articles.entries(scope)] == ["dated"]
        searched = archive.passages.searched(scope)
        assert (searched.articles, searched.undated) == (1, 2)
        page = archive.articles.page(scope, search="", number=0, size=8)
        assert (page.total, page.undated) == (1, 2)
        page = archive.articles.page(scope, search="undated 1", number=0, size=8)
        assert (page.total, page.undated) == (0, 1)
    assert archive.passages.searched(Scope(filters=Filters(publisher="wire"))).undated == 0


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Índice Político", "Índice Político"),
        ("Índice Político", "indice politico"),
        ("Índice Político", "I\u0301NDICE"),
        ("ÉLAN", "élan"),
        ("Straße", "STRASSE"),
        ("Østlandet", "ostlandet"),
        ("Правда", "ПРАВДА"),
        ("İstanbul Post", "istanbul post"),
        ("Fortune’s “Best”", 'fortune\'s  "best"'),
        ("100% News_1", "100% news_1"),
    ],
)
def test_publishers_and_headlines_are_found_however_they_are_written(archive: Archive, stored: str, typed: str) -> None:
    new = new_article(stored, "a text", published_at=NOON)
    add(archive, dataclasses.replace(new, source=dataclasses.replace(new.source, publisher=stored)))
    add(archive, new_article("Other", "another text", published_at=NOON))
    titles = [entry.source.title for entry in archive.articles.entries(Scope(filters=Filters(publisher=typed)))]
    assert titles == [stored]
    assert [entry.source.title for entry in archive.articles.titled(ANYONE, typed, 9, own=True)] == [stored]
    page = archive.articles.page(ANYONE, search=typed, number=0, size=8)
    assert [entry.source.title for entry in page.entries] == [stored]


def test_what_leaves_nothing_to_compare_finds_nothing(archive: Archive) -> None:
    add(archive, new_article("Vote", "a text", published_at=NOON))
    assert archive.articles.entries(Scope(filters=Filters(publisher="\u0301"))) == ()


def test_an_empty_archive_says_so(archive: Archive) -> None:
    about = archive.passages.about(ANYONE)
    assert (about.articles, about.newest, about.model) == (0, None, "")
    assert archive.passages.searched(ANYONE).oldest is None
    assert archive.embedding_spec() is None
    assert archive.last_changes(ANYONE) == ()
    assert archive.check().problems == ()


def test_a_quotation_of_two_speakers_belongs_to_both(archive: Archive) -> None:
    added = add(archive, said(KIRBY, MILLER))
    assert added.speakers == ("John Kirby", "Matthew Miller")
    for entry in entries(archive, ANYONE):
        [cited] = archive.speakers.quoted(ANYONE, entry.speaker.id)[1]
        assert (cited.words, cited.context, cited.said_by) == ("non-binding.", SAID, "Kirby")
        assert [speaker.name for speaker in cited.quotation.speakers] == ["John Kirby", "Matthew Miller"]
        assert [speaker.role for speaker in cited.quotation.speakers] == [KIRBY.role, MILLER.role]
        assert cited.quotation.cue is not None
        assert cited.quotation.cue.of(SAID) == "said"


def test_passages_come_with_who_said_what_where_that_is_asked_for(archive: Archive) -> None:
    add(archive, said(KIRBY, MILLER))
    ((plain,), (found,)) = (archive.passages.find(ANYONE, [PassageId(1)], spoken=spoken) for spoken in (False, True))
    assert plain.spoken == ()
    assert [words.content.of(SAID) for words in found.spoken] == ["non-binding."] * 2
    assert {(words.name, words.role) for words in found.spoken} == {
        ("John Kirby", KIRBY.role),
        ("Matthew Miller", MILLER.role),
    }


def test_a_quotation_of_nobody_is_kept_and_belongs_to_nobody(archive: Archive) -> None:
    add(archive, said())
    assert archive.passages.about(ANYONE).quotations == 1
    assert entries(archive, ANYONE) == ()


def test_names_that_differ_in_case_accents_and_titles_are_one_speaker(archive: Archive) -> None:
    for number, name in enumerate(["José Álvarez", "JOSE  ALVAREZ", "Dr. Jose Alvarez"]):
        add(archive, said(NewSpeaker(name), text=f"{number} {SAID}"))
    [entry] = entries(archive, ANYONE)
    assert (entry.speaker.name, entry.quotations) == ("José Álvarez", 3)
    assert entry.speaker.aliases == ("Dr. Jose Alvarez", "JOSE  ALVAREZ")


def test_a_speaker_has_the_latest_role_a_quotation_the_one_its_article_prints(archive: Archive) -> None:
    for number, role in enumerate([None, "admiral", "spokesperson"]):
        add(archive, said(NewSpeaker("John Kirby", role), text=f"{number} {SAID}", published_at=day(number)))
    [entry] = entries(archive, ANYONE)
    assert entry.speaker.role == "spokesperson"
    assert entry.speaker.roles == (RoleHeld("admiral", day(1), day(1)), RoleHeld("spokesperson", day(2), day(2)))
    roles = [cited.quotation.speakers[0].role for cited in archive.speakers.quoted(ANYONE, entry.speaker.id)[1]]
    assert roles == ["spokesperson", "admiral", None]


def test_what_an_unseen_article_calls_a_speaker_stays_unseen(archive: Archive) -> None:
    add(archive, said(NewSpeaker("JOHN KIRBY", "suspect")), HERE)
    for number in (1, 2):
        add(archive, said(NewSpeaker("John Kirby"), text=f"{number} {SAID}"))
    [entry] = entries(archive, ANYONE)
    assert (entry.speaker.role, entry.speaker.aliases, entry.quotations) == (None, (), 2)
    [entry] = entries(archive, Scope(HERE))
    assert (entry.speaker.role, entry.speaker.aliases, entry.quotations) == ("suspect", ("JOHN KIRBY",), 3)


def test_the_most_quoted_come_first_then_the_alphabet(archive: Archive) -> None:
    names = ["Cid Low", "Ann Lee", "Bo Ek", "Cid Low"]
    for number, name in enumerate(names):
        add(archive, said(NewSpeaker(name), text=f"{number} {SAID}"))
    assert [entry.speaker.name for entry in entries(archive, ANYONE)] == ["Cid Low", "Ann Lee", "Bo Ek"]


def test_an_article_leaves_with_everything_of_it(archive: Archive) -> None:
    add(archive, said(KIRBY, text=f"first {SAID}"))
    gone = add(archive, said(KIRBY, MILLER)).article
    removed = archive.articles.remove(ANYONE, gone.id, now=NOON)
    assert (removed.id, removed.passages, removed.quotations) == (gone.id, 1, 1)
    assert [entry.speaker.name for entry in entries(archive, ANYONE)] == ["John Kirby"]
    assert archive.passages.find(ANYONE, [PassageId(2)]) == ()
    report = archive.check()
    assert (report.articles, report.passages, report.vectors, report.problems) == (1, 1, 1, ())
    with pytest.raises(ArticleUnknown):
        archive.articles.remove(ANYONE, gone.id, now=NOON)


def test_the_passages_that_hold_a_speakers_quotations_are_found_for_those_who_see_them(archive: Archive) -> None:
    first, second = "Kirby called it “non-binding.” on Monday", "Miller called it “unfortunate.” on Tuesday"
    body = f"{first}\n{second}\nnobody said anything"
    quoted = (
        dataclasses.replace(quotation(body, "non-binding.", KIRBY), context=Span(0, len(first))),
        dataclasses.replace(
            quotation(body, "unfortunate.", MILLER), context=Span(len(first) + 1, len(first) + 20 + 22)
        ),
    )
    add(archive, new_article("Vote", first, second, "nobody said anything", quotations=quoted), HERE)
    by_name = {entry.speaker.name: entry.speaker.id for entry in entries(archive, Scope(HERE))}
    for name, text in (("John Kirby", first), ("Matthew Miller", second)):
        assert [found.text for found in archive.passages.quoted(Scope(HERE), [by_name[name]])] == [text]
        assert archive.passages.quoted(ANYONE, [by_name[name]]) == ()
        assert [found.tokens for found in archive.passages.quoted(Scope(HERE), [by_name[name]])] == [packed(text)]


def test_an_article_stays_while_a_server_still_sees_it(archive: Archive) -> None:
    article = add(archive, said(KIRBY), HERE).article
    add(archive, said(KIRBY), THERE)
    archive.articles.remove(Scope(HERE), article.id, now=NOON)
    assert archive.articles.entries(Scope(HERE)) == ()
    assert len(archive.speakers.quoted(Scope(THERE), SpeakerId(1))[1]) == 1


def test_a_server_cannot_remove_what_is_shared_nor_anybody_what_a_server_added(archive: Archive) -> None:
    shared = add(archive, new_article("One", "shared words")).article
    own = add(archive, new_article("Two", "words of one server"), HERE).article
    for scope, article in ((Scope(HERE), shared), (ANYONE, own), (Scope(THERE), own)):
        with pytest.raises(ArticleUnknown):
            archive.articles.remove(scope, article.id, now=NOON)
    assert len(archive.articles.entries(Scope(HERE))) == 2


def test_the_ids_of_what_was_removed_are_not_given_out_again(archive: Archive) -> None:
    gone = add(archive, said(KIRBY)).article.id
    archive.articles.remove(ANYONE, gone, now=NOON)
    assert add(archive, said(KIRBY)).article.id > gone
    assert archive.passages.find(ANYONE, [PassageId(1)]) == ()
    assert entries(archive, ANYONE)[0].speaker.id == 2


@pytest.mark.parametrize(
    ("vector", "message"),
    [
        (np.ones(63, dtype=np.float32), "shape"),
        (np.full(64, np.nan, dtype=np.float32), "finite"),
        (np.full(64, np.inf, dtype=np.float32), "finite"),
        (np.zeros(64, dtype=np.float32), "length one"),
        (np.ones(64, dtype=np.float32), "length one"),
    ],
)
def test_a_vector_that_cannot_be_compared_is_refused_and_nothing_is_written(
    archive: Archive, vector: np.ndarray[tuple[int], np.dtype[np.float32]], message: str
) -> None:
    good = EMBEDDER.embed_query("good").vector
    article = new_article("One", "good words", "bad words", vectors=[good, vector])
    with pytest.raises(ValueError, match=message):
        add(archive, article)
    assert archive.articles.entries(ANYONE) == ()
    assert archive.last_changes(ANYONE) == ()
    assert archive.check().problems == ()


def test_an_article_that_contradicts_itself_is_refused() -> None:
    vector = EMBEDDER.embed_query("words").vector
    with pytest.raises(ValueError, match="past a text"):
        NewArticle(Source("One"), "short", (NewPassage(Span(0, 6), (), vector),))
    with pytest.raises(ValueError, match="without a passage"):
        NewArticle(Source("One"), "short", ())
    wide = dataclasses.replace(quotation(SAID, "non-binding.", KIRBY), context=Span(0, 5))
    with pytest.raises(ValueError, match="within its context"):
        new_article("One", SAID, quotations=(wide,))
