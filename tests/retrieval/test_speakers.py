"""One person across articles: joined where it is safe, kept apart where it is not, and decided by hand for the rest."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.records import NewSpeaker
from retrieval.archive.speakers.directory import SpeakerDirectory
from retrieval.archive.speakers.mentions import SpeakerMention
from retrieval.archive.speakers.persons import ActiveOverrides, resolve_persons
from retrieval.archive.speakers.repository import SpeakerRepository
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, OverrideId, SpeakerId, UserId
from retrieval.domain.overrides import OverrideKind, SplitKind
from retrieval.domain.quotations import SpeakerAmbiguous, SpeakerEntry, SpeakerUnknown
from retrieval.domain.scope import Scope
from retrieval.domain.wording import dated_title
from retrieval.errors import OverrideRejected, OverrideUnknown
from retrieval.text.names.names import name_key
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, day, new_article, quotation

if TYPE_CHECKING:
    from retrieval.archive.archive import Archive
    from retrieval.domain.overrides import SplitCandidate

pytestmark = pytest.mark.usefixtures("each_database")

EMBEDDER = HashingEmbedder()
ANYONE = Scope()
HERE, THERE = Scope(CollectionId(11)), Scope(CollectionId(22))
ADMIN = UserId(7)


@pytest.fixture
def speakers(archive: Archive) -> SpeakerRepository:
    return archive.speakers


def add(archive: Archive, number: int, *said_by: NewSpeaker, scope: Scope = ANYONE) -> ArticleId:
    """Article `number`, of day `number`, in which they all say one thing."""
    text = f"Somebody said “words of {number}.” and went home"
    article = new_article(f"News {number}", text, published_at=day(number))
    article = dataclasses.replace(article, quotations=(quotation(text, f"words of {number}.", *said_by),))
    added = archive.articles.add(article, EMBEDDER.spec, collection=scope.server or SHARED, now=NOON)
    return added.article.id


def roster(speakers: SpeakerRepository, scope: Scope = ANYONE) -> dict[str, int]:
    return {entry.speaker.name: entry.quotations for entry in speakers.directory(scope).entries}


def one(speakers: SpeakerRepository, name: str, scope: Scope = ANYONE) -> SpeakerId:
    found = speakers.named(scope, name)
    assert isinstance(found, SpeakerEntry), found
    return found.speaker.id


def words(speakers: SpeakerRepository, name: str, scope: Scope = ANYONE) -> list[str]:
    return [cited.words for cited in speakers.quoted(scope, one(speakers, name, scope))[1]]


def part(speakers: SpeakerRepository, name: str, kind: SplitKind, label: str, scope: Scope = ANYONE) -> SplitCandidate:
    shown = speakers.shown(scope, one(speakers, name, scope))
    [found] = [each for each in shown.split_candidates if (each.kind, each.label) == (kind, label)]
    return found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (NewSpeaker("Donald Trump"), NewSpeaker("Donald J. Trump")),
        (NewSpeaker("Hillary Clinton"), NewSpeaker("Hillary Rodham Clinton")),
        (NewSpeaker("Abdel-Fattah al-Sisi"), NewSpeaker("Abdel Fattah al Sisi")),
        (NewSpeaker("the White House"), NewSpeaker("White House")),
        (NewSpeaker("Jørgen Næss"), NewSpeaker("Jorgen Naess")),
        (NewSpeaker("Joe Biden", "Vice President"), NewSpeaker("Joseph R. Biden Jr.", "U.S. Vice President")),
        (NewSpeaker("Ben Rhodes", "Obama’s deputy national security adviser"),
         NewSpeaker("Benjamin J. Rhodes", "president’s deputy national security adviser")),
        (NewSpeaker("Debbie Wasserman Schultz"), NewSpeaker("Wasserman Schultz")),
        (NewSpeaker("Barack Obama", "President"), NewSpeaker("Obama", "U.S. President")),
    ],
)  # fmt: skip
def test_names_that_are_safely_one_person_are_one(
    archive: Archive, speakers: SpeakerRepository, first: NewSpeaker, second: NewSpeaker
) -> None:
    for number, speaker in enumerate((first, first, second)):
        add(archive, number, speaker)
    [entry] = speakers.directory(ANYONE).entries
    assert (entry.speaker.name, entry.quotations) == (first.name, 3)
    assert entry.speaker.aliases == (second.name,)
    assert len(speakers.quoted(ANYONE, entry.speaker.id)[1]) == 3


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (NewSpeaker("Donald Trump", "Republican nominee"), NewSpeaker("Donald Trump Jr.")),
        (NewSpeaker("Donald Trump", "chairman"), NewSpeaker("Donald Trump Jr.", "chairman")),
        (NewSpeaker("George W. Bush"), NewSpeaker("George H. Bush")),
        (NewSpeaker("Joe Smith", "striker"), NewSpeaker("Joseph Smith", "police chief")),
        (NewSpeaker("Joe Smith"), NewSpeaker("Joseph Smith")),
        (NewSpeaker("Ann Lee", "mayor of Port Selby"), NewSpeaker("Lee", "mayor of London")),
        (NewSpeaker("Ann Lee", "mayor"), NewSpeaker("Lee")),
        (NewSpeaker("Ann Lee", "president"), NewSpeaker("Lee", "vice president")),
        (NewSpeaker("Ann Lee", "president"), NewSpeaker("Lee", "son of the president")),
        (NewSpeaker("Iowa City Council"), NewSpeaker("Iowa Council")),
        (NewSpeaker("John Kirby"), NewSpeaker("J. Kirby")),
    ],
)
def test_names_that_may_be_two_people_stay_two(
    archive: Archive, speakers: SpeakerRepository, first: NewSpeaker, second: NewSpeaker
) -> None:
    add(archive, 1, first)
    add(archive, 2, second)
    assert roster(speakers) == {first.name: 1, second.name: 1}


def test_a_middle_name_that_two_contradict_joins_nobody(archive: Archive, speakers: SpeakerRepository) -> None:
    for number, name in enumerate(("John A. Smith", "John B. Smith", "John Smith")):
        add(archive, number, NewSpeaker(name))
    assert len(roster(speakers)) == 3


def test_a_surname_alone_goes_to_the_one_whose_role_it_is(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("Bill Clinton", "former president"))
    add(archive, 2, NewSpeaker("Hillary Clinton", "secretary of state"))
    add(archive, 3, NewSpeaker("Clinton", "Secretary of State"))
    add(archive, 4, NewSpeaker("Clinton"))
    assert roster(speakers) == {"Hillary Clinton": 2, "Bill Clinton": 1, "Clinton": 1}
    asked = speakers.named(ANYONE, "clinton")
    assert isinstance(asked, SpeakerAmbiguous)
    assert [entry.speaker.name for entry in asked.choices] == ["Hillary Clinton", "Bill Clinton", "Clinton"]


def test_roles_are_told_with_their_times_and_the_latest_is_shown(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("John Kirby", "Pentagon press secretary", rank="Adm."))
    add(archive, 400, NewSpeaker("John Kirby", "spokesperson"))
    add(archive, 800, NewSpeaker("John Kirby", "White House spokesman"))
    speaker = speakers.directory(ANYONE).entries[0].speaker
    assert (speaker.role, speaker.rank) == ("White House spokesman", "Adm.")
    assert [(held.role, held.since, held.until, held.articles) for held in speaker.roles] == [
        ("Pentagon press secretary", day(1), day(1), 1),
        ("White House spokesman", day(400), day(800), 2),
    ]


def test_a_merge_makes_two_names_one_person_and_undone_two_again(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("John Kirby", "White House spokesperson"))
    add(archive, 2, NewSpeaker("J. Kirby"))
    before = roster(speakers)
    old = one(speakers, "J. Kirby")
    ruled = archive.overrides.merge(ANYONE, old, one(speakers, "John Kirby"), ADMIN)
    assert roster(speakers) == {"John Kirby": 2}
    assert words(speakers, "J. Kirby") == ["words of 2.", "words of 1."]
    assert [entry.speaker.name for entry in ruled.speakers] == ["John Kirby"]
    assert len(speakers.quoted(ANYONE, old)[1]) == 2
    assert [rule.id for rule in speakers.shown(ANYONE, old).overrides] == [ruled.override.id]
    archive.overrides.undo(ANYONE, ruled.override.id, ADMIN)
    assert roster(speakers) == before
    with pytest.raises(OverrideUnknown):
        archive.overrides.undo(ANYONE, ruled.override.id)


def test_a_quotation_of_both_counts_once_when_they_are_one(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("John Kirby"), NewSpeaker("J. Kirby"))
    add(archive, 2, NewSpeaker("J. Kirby"))
    archive.overrides.merge(ANYONE, one(speakers, "J. Kirby"), one(speakers, "John Kirby"))
    assert roster(speakers) == {"John Kirby": 2}
    [_, cited] = speakers.quoted(ANYONE, one(speakers, "John Kirby"))[1]
    assert [speaker.name for speaker in cited.quotation.speakers] == ["John Kirby"]


def test_a_merge_outlives_the_articles_and_holds_for_later_ones(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("John Kirby"))
    gone = add(archive, 2, NewSpeaker("J. Kirby"))
    archive.overrides.merge(ANYONE, one(speakers, "J. Kirby"), one(speakers, "John Kirby"))
    archive.articles.remove(ANYONE, gone, now=NOON)
    assert roster(speakers) == {"John Kirby": 1}
    add(archive, 2, NewSpeaker("J. Kirby"))
    add(archive, 3, NewSpeaker("J. KIRBY"))
    assert roster(speakers) == {"John Kirby": 3}


def test_two_of_one_name_are_split_by_their_role_now_and_later(archive: Archive, speakers: SpeakerRepository) -> None:
    for number, role in enumerate(("striker", "police chief", "striker", None)):
        add(archive, number, NewSpeaker("John Smith", role))
    chosen = part(speakers, "John Smith", SplitKind.ROLE, "police chief")
    assert chosen.quotations == 1
    ruled = archive.overrides.split(ANYONE, one(speakers, "John Smith"), SplitKind.ROLE, chosen.number, ADMIN)
    asked = speakers.named(ANYONE, "John Smith")
    assert isinstance(asked, SpeakerAmbiguous)
    told = {entry.speaker.role: entry.quotations for entry in asked.choices}
    assert told == {"striker": 3, "police chief": 1}
    add(archive, 5, NewSpeaker("John Smith", "chief of police"))
    ids = {entry.speaker.role: entry.speaker.id for entry in speakers.directory(ANYONE).entries}
    assert len(speakers.quoted(ANYONE, ids["police chief"])[1]) == 2
    back = archive.overrides.merge(ANYONE, ids["police chief"], ids["striker"])
    assert roster(speakers) == {"John Smith": 5}
    archive.overrides.undo(ANYONE, back.override.id)
    archive.overrides.undo(ANYONE, ruled.override.id)
    assert roster(speakers) == {"John Smith": 5}


def test_one_article_is_split_off_and_stays_so_when_it_returns(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("John Smith"))
    other = add(archive, 2, NewSpeaker("John Smith"))
    ruled = archive.overrides.split(
        ANYONE,
        one(speakers, "John Smith"),
        SplitKind.ARTICLE,
        part(speakers, "Smith", SplitKind.ARTICLE, "News 2").number,
    )
    [_, taken] = sorted(entry.speaker.id for entry in ruled.speakers)
    assert [cited.words for cited in speakers.quoted(ANYONE, taken)[1]] == ["words of 2."]
    archive.articles.remove(ANYONE, other, now=NOON)
    assert roster(speakers) == {"John Smith": 1}
    add(archive, 2, NewSpeaker("John Smith"))
    assert [cited.words for cited in speakers.quoted(ANYONE, taken)[1]] == ["words of 2."]


def test_a_name_is_set_apart_whoever_joined_it(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("Donald Trump"))
    add(archive, 2, NewSpeaker("Donald Trump"))
    add(archive, 3, NewSpeaker("Donald J. Trump"))
    chosen = part(speakers, "Donald Trump", SplitKind.NAME, "Donald J. Trump")
    archive.overrides.split(HERE, one(speakers, "Donald Trump"), SplitKind.NAME, chosen.number)
    assert roster(speakers, HERE) == {"Donald Trump": 2, "Donald J. Trump": 1}
    assert roster(speakers) == roster(speakers, THERE) == {"Donald Trump": 3}


def test_taking_apart_what_was_merged_here_undoes_the_merge(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("John Kirby"))
    add(archive, 2, NewSpeaker("J. Kirby"))
    archive.overrides.merge(ANYONE, one(speakers, "J. Kirby"), one(speakers, "John Kirby"))
    chosen = part(speakers, "John Kirby", SplitKind.NAME, "J. Kirby")
    ruled = archive.overrides.split(ANYONE, one(speakers, "John Kirby"), SplitKind.NAME, chosen.number)
    assert (ruled.undone, ruled.override.kind) == (True, OverrideKind.MERGE)
    assert roster(speakers) == {"John Kirby": 1, "J. Kirby": 1}
    assert archive.overrides.active(ANYONE) == ()


def test_an_alias_finds_and_completes_the_speaker(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("John Kirby"))
    add(archive, 2, NewSpeaker("Ann Spox"))
    ruled = archive.overrides.alias(HERE, one(speakers, "Kirby"), "  Spox\nNr.\u00a01 ")
    assert ruled.override.other == "Spox Nr. 1"
    assert one(speakers, "spox nr. 1", HERE) == one(speakers, "Kirby")
    assert [entry.speaker.name for entry in speakers.like(HERE, "spox n", 5)] == ["John Kirby"]
    assert speakers.like(THERE, "spox n", 5) == ()
    assert isinstance(speakers.named(THERE, "Spox Nr. 1"), SpeakerUnknown)
    archive.overrides.undo(HERE, ruled.override.id)
    assert speakers.like(HERE, "spox n", 5) == ()


def test_what_changes_nothing_or_cannot_be_is_refused(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("John Kirby", "spokesperson"))
    kirby = one(speakers, "Kirby")
    for alias in ("JOHN KIRBY", "?!", "x" * 81, ""):
        with pytest.raises(OverrideRejected):
            archive.overrides.alias(ANYONE, kirby, alias)
    with pytest.raises(OverrideRejected, match="two different"):
        archive.overrides.merge(ANYONE, kirby, kirby)
    with pytest.raises(OverrideRejected, match="no longer knows"):
        archive.overrides.merge(ANYONE, kirby, SpeakerId(99))
    with pytest.raises(OverrideRejected, match="another name"):
        archive.overrides.split(ANYONE, kirby, SplitKind.ARTICLE, 1)
    assert speakers.shown(ANYONE, kirby).split_candidates == ()
    for number in range(25):
        archive.overrides.alias(ANYONE, kirby, f"Johnny {number}")
    with pytest.raises(OverrideRejected, match="as many"):
        archive.overrides.alias(ANYONE, kirby, "Johnny again")


def test_a_decision_is_undone_by_its_mark_which_does_not_count_those_of_others(
    archive: Archive, speakers: SpeakerRepository
) -> None:
    add(archive, 1, NewSpeaker("John Kirby"))
    kirby = one(speakers, "John Kirby")
    first = archive.overrides.alias(HERE, kirby, "Johnny").override
    archive.overrides.alias(THERE, kirby, "Jack")
    second = archive.overrides.alias(HERE, kirby, "Jim").override
    assert first.fingerprint != second.fingerprint
    assert dataclasses.replace(second, id=OverrideId(second.id + 5)).fingerprint == second.fingerprint
    with pytest.raises(OverrideUnknown):
        archive.overrides.undo_by_fingerprint(THERE, second.fingerprint)
    assert archive.overrides.undo_by_fingerprint(HERE, second.fingerprint).override == second
    assert [rule.other for rule in archive.overrides.active(HERE)] == ["Johnny"]


def test_a_server_cannot_undo_what_the_operator_decided_but_decide_otherwise(
    archive: Archive, speakers: SpeakerRepository
) -> None:
    add(archive, 1, NewSpeaker("John Kirby"))
    add(archive, 2, NewSpeaker("J. Kirby"))
    shared = archive.overrides.merge(ANYONE, one(speakers, "J. Kirby"), one(speakers, "John Kirby"))
    assert roster(speakers, HERE) == {"John Kirby": 2}
    with pytest.raises(OverrideUnknown):
        archive.overrides.undo(HERE, shared.override.id)
    with pytest.raises(OverrideUnknown):
        archive.overrides.undo_by_fingerprint(HERE, shared.override.fingerprint)
    chosen = part(speakers, "John Kirby", SplitKind.NAME, "J. Kirby", HERE)
    archive.overrides.split(HERE, one(speakers, "John Kirby"), SplitKind.NAME, chosen.number)
    assert roster(speakers, HERE) == {"John Kirby": 1, "J. Kirby": 1}
    assert roster(speakers, THERE) == {"John Kirby": 2}


def test_every_override_leaves_a_line_in_its_collection_s_audit(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("John Kirby"))
    add(archive, 2, NewSpeaker("J. Kirby"))
    ruled = archive.overrides.merge(HERE, one(speakers, "J. Kirby"), one(speakers, "John Kirby"), ADMIN)
    archive.overrides.undo(HERE, ruled.override.id, ADMIN)
    lines = archive.collections.audit(HERE, number=0, size=10).lines
    assert [(line.user, line.action, line.detail) for line in lines] == [
        (ADMIN, "speaker undo", "merge: J. Kirby: John Kirby"),
        (ADMIN, "speaker merge", "J. Kirby: John Kirby"),
    ]
    assert archive.collections.audit(THERE, number=0, size=10).lines == ()


def test_another_server_s_spelling_is_never_shown(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("JOSE ALVAREZ"), scope=HERE)
    added = add(archive, 2, NewSpeaker("José Álvarez"), scope=THERE)
    assert archive.articles.show(THERE, added).speakers == (("José Álvarez", 1),)
    [entry] = speakers.directory(THERE).entries
    assert (entry.speaker.name, entry.speaker.aliases) == ("José Álvarez", ())


def test_speakers_of_one_name_and_role_say_where_quoted_last(archive: Archive, speakers: SpeakerRepository) -> None:
    smith = NewSpeaker("John Smith", "spokesperson")
    for number in (1, 2, 3):
        add(archive, number, smith)
    add(archive, 4, NewSpeaker("Ann Lee", "judge"))
    apart = part(speakers, "John Smith", SplitKind.ARTICLE, "News 2")
    archive.overrides.split(ANYONE, one(speakers, "John Smith"), apart.kind, apart.number)
    offered = {entry.newest and dated_title(entry.newest) for entry in speakers.like(ANYONE, "smith", 25)}
    assert offered == {f"{day(3):%-d %B %Y}: News 3", f"{day(2):%-d %B %Y}: News 2"}
    meant = speakers.named(ANYONE, "John Smith")
    assert isinstance(meant, SpeakerAmbiguous)
    assert {choice.newest and dated_title(choice.newest) for choice in meant.choices} == offered
    assert [entry.newest for entry in speakers.like(ANYONE, "lee", 25)] == [None]


def namesakes(amount: int) -> SpeakerDirectory:
    """So many people of one surname, and somebody of whom only that surname is printed."""
    names = ["Tarvin", *(f"{chr(97 + number % 26)}x{number} Tarvin" for number in range(amount))]
    said = [
        SpeakerMention((number, 1), name_key(name), name, None, None, None, number, (number,))
        for number, name in enumerate(names)
    ]
    everybody = tuple(sorted(resolve_persons(said, (), ActiveOverrides()), key=lambda person: person.rank))
    return SpeakerDirectory({}, ActiveOverrides(), {}, {}, everybody)


def seconds_to_name(amount: int, monkeypatch: pytest.MonkeyPatch, speakers: SpeakerRepository) -> float:
    """The processor's seconds until it is known who answers to a surname that so many bear."""
    everybody = namesakes(amount)
    monkeypatch.setattr(SpeakerRepository, "directory", lambda _self, _reader: everybody)
    start = time.thread_time()
    meant = speakers.named(ANYONE, "Tarvin")
    spent = time.thread_time() - start
    assert isinstance(meant, SpeakerAmbiguous)
    assert len(meant.choices) == 25
    assert [choice.speaker.name for choice in meant.choices] == [one.speaker.name for one in everybody.entries[:25]]
    return spent


def test_a_surname_that_very_many_bear_is_looked_up_in_linear_time(
    monkeypatch: pytest.MonkeyPatch, speakers: SpeakerRepository
) -> None:
    few, many = (min(seconds_to_name(n, monkeypatch, speakers) for _ in range(2)) for n in (2_000, 8_000))
    assert many < 8 * few


def test_a_name_is_found_by_plain_letters_and_stored_as_it_was(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("Ida Sørensen"))
    add(archive, 2, NewSpeaker("Łukasz Nowak"))
    assert one(speakers, "Sørensen") == one(speakers, "sorensen") == one(speakers, "ida sorensen")
    assert [entry.speaker.name for entry in speakers.like(ANYONE, "soren", 5)] == ["Ida Sørensen"]
    assert [entry.speaker.name for entry in speakers.like(ANYONE, "lukasz", 5)] == ["Łukasz Nowak"]
    assert name_key("Ida Sørensen") == "ida sørensen"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ana csota", ["Ana Costa"]),
        ("Ana Cota", ["Ana Costa"]),
        ("costta", ["Ana Costa"]),
        ("nan costa", []),  # a short word must be right
        ("lindqvst", ["Piotr Lindqvist", "Ida Lindqvist"]),
        ("piort lindq", ["Piotr Lindqvist"]),
        ("pitr lindvqi", ["Piotr Lindqvist"]),
        ("lindqvist pitor", ["Piotr Lindqvist"]),
        ("sorensne", ["Bo Sørensen"]),
        ("Jean Piere", ["Jean-Pierre Morel"]),
        ("zz", []),
        ("!", []),
        ("morel morell", ["Jean-Pierre Morel"]),
        ("kowalczyk", []),
    ],
)
def test_a_misspelt_name_is_suggested_and_offered(
    archive: Archive, speakers: SpeakerRepository, typed: str, meant: list[str]
) -> None:
    names = ["Piotr Lindqvist", "Ida Lindqvist", "Ana Costa", "Bo Sørensen", "Jean-Pierre Morel", "Anneke Visser"]
    for number, name in enumerate((*names, "Piotr Lindqvist"), 1):
        add(archive, number, NewSpeaker(name))
    assert [entry.speaker.name for entry in speakers.like(ANYONE, typed)] == meant
    if meant:
        unknown = speakers.named(ANYONE, typed)
        assert isinstance(unknown, SpeakerUnknown)
        assert [entry.speaker.name for entry in unknown.near[: len(meant)]] == meant


def test_a_name_that_somebody_has_suggests_no_other(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("Ana Costa"))
    add(archive, 2, NewSpeaker("Ana Coste"))
    assert [entry.speaker.name for entry in speakers.like(ANYONE, "ana costa")] == ["Ana Costa"]


def test_nobody_is_suggested_whom_only_another_server_can_see(archive: Archive, speakers: SpeakerRepository) -> None:
    add(archive, 1, NewSpeaker("Ana Costa"), scope=THERE)
    add(archive, 2, NewSpeaker("Ida Lindqvist"), scope=HERE)
    assert speakers.like(HERE, "ana csota") == ()
    assert [entry.speaker.name for entry in speakers.like(THERE, "ana csota")] == ["Ana Costa"]
