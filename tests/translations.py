"""Keeps the catalogues of `retrieval/translation` in step with the sentences in the code: `make translations`.

What is new has no translation yet, what is gone goes; then the catalogues are compiled. The tests say what is missing.
"""

from __future__ import annotations

import ast
import io
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, Final, get_args

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from discord import app_commands

from bot import registry
from bot.command_kinds import HELP
from retrieval.domain.upkeep import Action
from retrieval.errors import messages
from retrieval.translation import COMMAND, FOLDER, OPTION
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from bot.command_kinds import AppCommand

LANGUAGES: Final = ("de", "es", "fr", "pt")
OPERATORS: Final = frozenset({"program", "archive", "backup", "model"})
"""Sections of errors that the operator alone reads, in the log or at a terminal."""
_CODE: Final = ("bot", "retrieval")
_KEYWORDS: Final = {
    "gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_noop": (1, 2),
    "pgettext": ((1, "c"), 2),
}
_HEADER: Final = """\
msgid ""
msgstr ""
"Language: {}\\n"
"Plural-Forms: {}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
_NO_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)


def template() -> Catalog:
    """Return every sentence, untranslated."""
    catalogue = Catalog(project="Pullquote", fuzzy=False)
    for folder in _CODE:
        found = extract_from_dir(
            ROOT / folder,
            method_map=[("**.py", "tests.translations:messages_in")],
            keywords=_KEYWORDS,
            comment_tags=("Translators:",),
        )
        for file, _line, message, comments, context in found:
            catalogue.add(message, locations=[(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    for code, sentence in messages().items():
        if code.partition(".")[0] not in OPERATORS:
            catalogue.add(sentence, locations=[("retrieval/translation/errors.toml", 0)])
    for action in get_args(Action):
        catalogue.add(action, locations=[("retrieval/domain/upkeep.py", 0)])
    for command in registry.COMMANDS:
        for context, text in texts(command):
            catalogue.add(text, locations=[("bot/commands", 0)], context=context)
        if HELP in command.extras:
            catalogue.add(command.extras[HELP], locations=[("bot/commands", 0)])
    return catalogue


def messages_in(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Any,  # noqa: ANN401  # Babel's
) -> Iterator[tuple[object, ...]]:
    """Yield what Babel finds in a module, and what it does not see before Python 3.12: messages in f-strings."""
    code = file.read()
    parts = (ast.unparse(node.value) for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FormattedValue))
    for part in (code, *map(str.encode, parts)):
        yield from extract_python(io.BytesIO(part), keywords, comment_tags, options)


def texts(command: AppCommand) -> Iterator[tuple[str | None, str]]:
    """Yield what Discord shows of a command, with what a name is of."""
    yield COMMAND, command.name
    if isinstance(command, app_commands.ContextMenu):
        return
    yield None, command.description
    if isinstance(command, app_commands.Group):
        for each in command.commands:
            yield from texts(each)
        return
    for parameter in command.parameters:
        yield OPTION, parameter.name
        yield None, str(parameter.description)
        yield from ((None, choice.name) for choice in parameter.choices)


def catalogue_of(language: str) -> Catalog:
    """Return the catalogue of a language, empty for a new one."""
    file = FOLDER / f"{language}.po"
    catalogue = read_po(io.BytesIO(file.read_bytes() if file.exists() else b""), locale=language)
    catalogue.fuzzy = False
    return catalogue


def updated(language: str) -> Catalog:
    """Return the catalogue of a language with every sentence of the code and no other."""
    catalogue = catalogue_of(language)
    catalogue.update(template(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """Return the catalogue as a file for translators, with the two lines of a header that a reader needs."""
    for message in catalogue:
        message.locations.sort()
    file = io.BytesIO()
    write_po(file, catalogue, width=0, omit_header=True, include_lineno=False, sort_by_file=True)
    return _HEADER.format(catalogue.locale_identifier, catalogue.plural_forms).encode() + file.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """Return the catalogue as `gettext` reads it, the same however often it is made."""
    catalogue.creation_date = catalogue.revision_date = _NO_MOMENT
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def main() -> None:
    """Update and compile each catalogue, and say what it lacks."""
    for language in LANGUAGES:
        catalogue = updated(language)
        (FOLDER / f"{language}.po").write_bytes(written(catalogue))
        (FOLDER / f"{language}.mo").write_bytes(compiled(catalogue))
        missing = sum(not any(each.string or ()) for each in catalogue if each.id)
        print(f"{language}: {missing} of {len(catalogue)} to translate")  # noqa: T201


if __name__ == "__main__":
    main()
