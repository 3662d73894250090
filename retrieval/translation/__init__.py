"""The sentences that people read, in the language of whoever reads them.

English stands in the code, as GNU gettext has it, and is the key: `gettext("No article is left.")`. Errors carry a code
instead, and `errors.toml` has its English sentence. Each other language is one catalogue, `LANGUAGE.po`, which
`make translations` keeps in step with the code and compiles to `LANGUAGE.mo`.

The language is that of the current task or thread: the bot sets it for each interaction, by the member's locale, and
for what it posts by itself, by the server's. The command line sets none, and the log is English.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Final

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).parent
ENGLISH: Final = "en"
COMMAND: Final = "command"
OPTION: Final = "option"
"""Contexts of names that Discord takes in small letters and without blanks."""

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


@cache
def languages() -> frozenset[str]:
    """Return the languages that sentences are written in."""
    return frozenset((ENGLISH, *(file.stem for file in FOLDER.glob("*.mo"))))


def language_for(locale: str) -> str:
    """Return the language for a locale: of `pt-BR` its own or `pt`; English if neither is there."""
    return next((name for name in (locale, locale.partition("-")[0]) if name in languages()), ENGLISH)


def speak(locale: str) -> None:
    """Say everything from now on, in this task and in what it begins, in the language for a locale."""
    _language.set(language_for(locale))


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Say what is said in the block in the language for a locale."""
    token = _language.set(language_for(locale))
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str, **values: object) -> str:
    """Return a message in the current language, with the values for its {names}, if it has any."""
    return _filled(_catalogue(_language.get()).gettext(message), values)


def pgettext(context: str, message: str) -> str:
    """Return a message that means different things in different contexts."""
    return _catalogue(_language.get()).pgettext(context, message)


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """Return the form of a message for a number, which is the value of its {number}."""
    return _filled(_catalogue(_language.get()).ngettext(singular, plural, number), {"number": number, **values})


def gettext_noop(message: str) -> str:
    """Return a message as it is: it stands in a table, and `gettext` says it later."""
    return message


def ngettext_noop(singular: str, plural: str) -> tuple[str, str]:
    """Return the forms of a message as they are, for `ngettext` later."""
    return singular, plural


class _Number(int):
    """A number that is grouped as the current language does: `{number:,}` is 1,234 in English and 1.234 in German."""

    @override
    def __format__(self, form: str, /) -> str:
        return super().__format__(form).replace(",", pgettext("between thousands", ","))


def _filled(message: str, values: dict[str, object]) -> str:
    """Return a message with its values; without any, braces in it are characters like others."""
    if not values:
        return message
    return message.format_map({name: _Number(v) if type(v) is int else v for name, v in values.items()})


_ENGLISH: Final = NullTranslations()


def _catalogue(language: str) -> NullTranslations:
    """Return a language's sentences; English where they cannot be read, since they may be to say just that."""
    try:
        return _ENGLISH if language == ENGLISH else _load(language)
    except OSError:
        return _ENGLISH


@cache
def _load(language: str) -> NullTranslations:
    """Load a language's sentences when it is first spoken."""
    with (FOLDER / f"{language}.mo").open("rb") as file:
        return GNUTranslations(file)
