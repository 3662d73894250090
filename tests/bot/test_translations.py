"""Every sentence of the bot is said by gettext, is there in every language, and is what is compiled."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from functools import cache
from string import Formatter
from typing import TYPE_CHECKING

import pytest
from discord import app_commands

from bot import registry
from bot.render import follows, limits
from retrieval.domain import wording
from retrieval.domain.announcements import Follow, FollowKind, Rhythm
from retrieval.domain.ids import ChannelId, CollectionId, FollowId
from retrieval.domain.scope import Filters
from retrieval.translation import COMMAND, FOLDER, OPTION, language_for, speaking
from tests.bot.discord_rules import INPUT_LABEL, MODAL_TITLE, broken
from tests.fuzz.shown import KINDS
from tests.support.paths import ROOT
from tests.translations import LANGUAGES, catalogue_of, compiled, template, texts, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog, Message

    from bot.command_kinds import AppCommand

FOR_THE_OPERATOR = frozenset({"__main__.py", "preview.py", "heartbeat.py", "registration.py"})
NOT_SAID = frozenset({"A bug", "An answer failed", "not a place in a passage: ", " is no "})
"""What stands in the log or in a bug."""
SAME_EVERYWHERE = frozenset({"Pullquote", "Markdown", "schema.org Quotation", "Organization", "Person", "Quotation"})
MENTIONED = frozenset({"article add", "feed add", "settings channels", "settings private"})
READS_AS_A_SENTENCE = re.compile(r"[A-Za-z]{2,} \w|\w [A-Za-z]{2,}|^[A-Z][a-z]+\b")
SAID_ELSEWHERE = frozenset({"TypeVar", "cast", "count", "mention"})
"""Functions that take no sentence, or look it up themselves."""
NAME = re.compile(r"[-_'\w]{1,32}")
DESCRIPTION = 100
CATALOGUES = {language: catalogue_of(language) for language in LANGUAGES if (FOLDER / f"{language}.po").exists()}
DESCRIPTIONS = {text for command in registry.COMMANDS for _, text in texts(command)}
each_language = pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES)


def pairs(catalogue: Catalog) -> Iterator[tuple[Message, str, str]]:
    """Yield each message with an English form of it and what stands for that."""
    for message in catalogue:
        if not message.id:
            continue
        if isinstance(message.id, str):
            yield message, message.id, str(message.string)
        else:
            yield from ((message, message.id[-1], form) for form in tuple(message.string or ())[1:])


@cache
def keys() -> set[tuple[object, str | None]]:
    return {(each.id, each.context) for each in template()}


def values(sentence: str) -> set[str]:
    return {f"{name}:{form}" for _, name, form, _ in Formatter().parse(sentence) if name}


def marks(sentence: str) -> list[str]:
    """What Discord reads as markdown, which a translation keeps."""
    return sorted(re.findall(r"\*\*|`|\n|<[^>]*>|\[|\]\(", sentence))


def walked(command: AppCommand) -> Iterator[AppCommand]:
    """A command, and those of a group."""
    yield command
    if isinstance(command, app_commands.Group):
        yield from command.walk_commands()


def names(catalogue: Catalog) -> dict[str, str]:
    return {str(each.id): str(each.string) for each in catalogue if each.context == COMMAND}


def literals(node: ast.AST) -> Iterator[str]:
    """Every text in a module but docstrings, what is logged, and the descriptions of commands."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.ClassDef(bases=[ast.Name(id="Enum")]):
            return
        case ast.Call(func=ast.Name(id=name)) if name in SAID_ELSEWHERE:
            return
        case ast.Call(func=ast.Attribute(value=ast.Name(id="_log"))):
            return
        case ast.Constant(value=str(text)):
            yield text
        case ast.AsyncFunctionDef():
            node.decorator_list = []
    for child in ast.iter_child_nodes(node):
        yield from literals(child)


@cache
def sentences() -> frozenset[str]:
    return frozenset(form for each in template() for form in ((each.id,) if isinstance(each.id, str) else each.id))


def unsaid(folder: str) -> list[str]:
    """The texts in a folder's modules that read as a sentence and that no catalogue has."""
    modules = [file for file in sorted((ROOT / folder).glob("*.py")) if file.name not in FOR_THE_OPERATOR]
    texts = [text for file in modules for text in literals(ast.parse(file.read_text("utf-8")))]
    return [
        text
        for text in texts
        if READS_AS_A_SENTENCE.search(text) and text not in sentences() | NOT_SAID | SAME_EVERYWHERE | MENTIONED
    ]


@pytest.mark.parametrize(
    "folder", ["bot", "bot/background", "bot/buttons", "bot/commands", "bot/render", "bot/threads"]
)
def test_no_sentence_of_the_bot_stands_outside_the_catalogues(folder: str) -> None:
    assert unsaid(folder) == []


@each_language
def test_every_sentence_of_the_code_is_there_and_no_other(catalogue: Catalog) -> None:
    assert {(each.id, each.context) for each in catalogue} == keys()
    assert [message.id for message, _, text in pairs(catalogue) if not text or message.fuzzy] == []


@each_language
def test_a_translation_has_the_values_and_the_marks_of_its_sentence(catalogue: Catalog) -> None:
    assert [text for _, english, text in pairs(catalogue) if values(english) != values(text)] == []
    assert [text for _, english, text in pairs(catalogue) if marks(english) != marks(text)] == []
    assert [t for _, e, t in pairs(catalogue) if (e[0], e[-1]).count(" ") != (t[:1], t[-1:]).count(" ")] == []


@each_language
def test_names_and_descriptions_are_as_discord_takes_them(catalogue: Catalog) -> None:
    assert [text for _, english, text in pairs(catalogue) if english in DESCRIPTIONS and len(text) > DESCRIPTION] == []
    for message, english, text in pairs(catalogue):
        if message.context in {COMMAND, OPTION} and NAME.fullmatch(english) and english == english.lower():
            assert NAME.fullmatch(text), text
            assert text == text.lower()
    assert len(set(names(catalogue).values())) == len(names(catalogue))


@each_language
def test_what_stands_in_a_form_is_as_short_as_discord_wants_it(catalogue: Catalog) -> None:
    said = [text for message, _, text in pairs(catalogue) if "bot/modals.py" in dict(message.locations)]

    assert [text for text in said if len(text) > min(MODAL_TITLE, INPUT_LABEL)] == []


@pytest.mark.parametrize("language", CATALOGUES)
def test_discord_takes_every_message_in_each_language(language: str) -> None:
    with speaking(language):
        replies = [
            reply for kind in KINDS for reply in kind("W" * 1500, "word " * 300, "*" * 1500, "https://a.example/b")
        ]

        assert [rule for reply in replies for rule in broken(reply)] == []


@each_language
def test_a_sentence_names_commands_as_they_are_called_in_its_language(catalogue: Catalog) -> None:
    called = names(catalogue)
    paths = {each.qualified_name for command in registry.COMMANDS for each in walked(command)}
    named = re.compile(rf"(?<!\w)/({'|'.join(sorted(paths, key=len, reverse=True))})\b")
    for _, english, text in pairs(catalogue):
        for path in named.findall(english):
            assert f"/{' '.join(called[word] for word in path.split(' '))}" in text


@each_language
def test_what_is_compiled_is_what_is_written(catalogue: Catalog) -> None:
    file = FOLDER / f"{catalogue.locale}.po"

    assert written(catalogue) == file.read_bytes()
    assert compiled(catalogue) == file.with_suffix(".mo").read_bytes()


def test_whatever_the_bot_counts_can_be_said_in_other_languages() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
    counted = set(re.findall(r"\bcount\([^\"']+[\"']([a-z ]+)[\"']\)", code))

    assert counted == wording._COUNTED.keys()


@pytest.mark.parametrize(("locale", "language"), [("es-419", "es"), ("es-ES", "es"), ("pt-BR", "pt"), ("en-GB", "en")])
def test_a_locale_of_discord_has_its_language(locale: str, language: str) -> None:
    assert language_for(locale) == language or language not in CATALOGUES


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "since 5 March 2026, until April 2026"),
        ("de", "ab dem 5. März 2026, bis April 2026"),
        ("es", "desde el 5 de marzo de 2026, hasta abril de 2026"),
        ("fr", "depuis le 5 mars 2026, jusqu’en avril 2026"),
        ("pt", "desde 5 de março de 2026, até abril de 2026"),
    ],
)
def test_a_day_may_have_an_article_where_a_month_has_none(language: str, words: str) -> None:
    with speaking(language):
        filters = Filters(since=datetime(2026, 3, 5, tzinfo=UTC), until=datetime(2026, 5, 1, tzinfo=UTC))

        assert wording.filters_in_words(filters) == words


@pytest.mark.parametrize(
    ("language", "names", "joined"),
    [
        ("en", ("Ana Ruiz", "Inés Falk"), "Ana Ruiz and Inés Falk"),
        ("es", ("Ana Ruiz", "Inés Falk"), "Ana Ruiz e Inés Falk"),
        ("es", ("agua", "«Hipoteca»"), "agua e «Hipoteca»"),
        ("es", ("Inés Falk", "Ana Ruiz"), "Inés Falk y Ana Ruiz"),
        ("es", ("agua", "hielo"), "agua y hielo"),
        ("pt", ("Ana Ruiz", "Inês Falk"), "Ana Ruiz e Inês Falk"),
    ],
)
def test_names_are_joined_as_they_are_spoken(language: str, names: tuple[str, str], joined: str) -> None:
    with speaking(language):
        assert limits.all_of(names) == joined


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "From now on I tell <#7> news about “toll”, as it comes."),
        ("de", "Ab jetzt melde ich in <#7> Neues zu „toll“, sobald es etwas gibt."),
        ("fr", "Désormais, j’annonce dans <#7> les nouvelles sur «\u202ftoll\u202f», dès qu’il y a du nouveau."),
    ],
)
def test_a_channel_that_is_told_has_the_preposition_of_the_language(language: str, told: str) -> None:
    at = datetime(2026, 3, 5, tzinfo=UTC)
    channel = ChannelId(7)
    follow = Follow(FollowId(1), CollectionId(1), None, FollowKind.TOPIC, "k", "toll", Rhythm.NOW, channel, None, at)
    with speaking(language):
        assert (follows.added(follow, at, known=False).content or "").startswith(told)


@pytest.mark.parametrize(
    ("language", "role", "words"),
    [
        ("en", "Role: pilot", "“Hello”"),
        ("de", "Role: pilot", "„Hello“"),
        ("fr", "Role\u202f: pilot", "«\u202fHello\u202f»"),
    ],
)
def test_colons_and_quotation_marks_are_those_of_the_language(language: str, role: str, words: str) -> None:
    with speaking(language):
        assert wording.labelled("Role", "pilot") == role
        assert wording.in_quotation_marks("Hello") == words
