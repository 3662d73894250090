"""Every sentence of the bot is there in every language, with the same values, and is what is compiled."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from retrieval.domain import wording
from retrieval.translation import COMMAND, FOLDER, OPTION, language_for
from tests.bot.discord_rules import INPUT_LABEL, MODAL_TITLE
from tests.support.paths import ROOT
from tests.translations import LANGUAGES, catalogue_of, compiled, template, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog, Message

NAME = re.compile(r"[-_'\w]{1,32}")
DESCRIPTION = 100
CATALOGUES = {language: catalogue_of(language) for language in LANGUAGES if (FOLDER / f"{language}.po").exists()}
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


def values(sentence: str) -> set[str]:
    return {f"{name}:{form}" for _, name, form, _ in Formatter().parse(sentence) if name}


def marks(sentence: str) -> list[str]:
    """What Discord reads as markdown, which a translation keeps."""
    return sorted(re.findall(r"\*\*|`|\n|<[^>]*>|\[|\]\(", sentence))


def names(catalogue: Catalog) -> dict[str, str]:
    return {str(each.id): str(each.string) for each in catalogue if each.context == COMMAND}


@each_language
def test_every_sentence_of_the_code_is_there_and_no_other(catalogue: Catalog) -> None:
    keys = {(each.id, each.context) for each in template()}

    assert {(each.id, each.context) for each in catalogue} == keys
    assert [message.id for message, _, text in pairs(catalogue) if not text.strip() or message.fuzzy] == []


@each_language
def test_a_translation_has_the_values_and_the_marks_of_its_sentence(catalogue: Catalog) -> None:
    assert [text for _, english, text in pairs(catalogue) if values(english) != values(text)] == []
    assert [text for _, english, text in pairs(catalogue) if marks(english) != marks(text)] == []
    assert [t for _, e, t in pairs(catalogue) if (e[0], e[-1]).count(" ") != (t[:1], t[-1:]).count(" ")] == []


@each_language
def test_names_and_descriptions_are_as_discord_takes_them(catalogue: Catalog) -> None:
    for message, english, text in pairs(catalogue):
        if message.context in {COMMAND, OPTION} and NAME.fullmatch(english) and english == english.lower():
            assert NAME.fullmatch(text), text
            assert text == text.lower()
        if message.locations[0][0] == "bot/commands" and len(english) <= DESCRIPTION:
            assert len(text) <= DESCRIPTION, text
    assert len(set(names(catalogue).values())) == len(names(catalogue))


@each_language
def test_what_stands_in_a_form_is_as_short_as_discord_wants_it(catalogue: Catalog) -> None:
    said = [text for message, _, text in pairs(catalogue) if "bot/modals.py" in dict(message.locations)]

    assert [text for text in said if len(text) > min(MODAL_TITLE, INPUT_LABEL)] == []


@each_language
def test_a_sentence_names_commands_as_they_are_called_in_its_language(catalogue: Catalog) -> None:
    called = names(catalogue)
    for _, english, text in pairs(catalogue):
        commands = re.findall(r"`/([a-z ]+)", english)
        said = re.findall(r"`/([\w ]+)", text)
        assert [" ".join(called.get(word, word) for word in command.split(" ")) for command in commands] == said


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
