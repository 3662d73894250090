"""Languages that can be told from English: German words before each sentence, or no Latin letter in it."""

from __future__ import annotations

import re
from functools import cache
from gettext import NullTranslations
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from retrieval import translation
from tests.translations import template

if TYPE_CHECKING:
    import pytest

GERMAN: Final = "Deutsch: "
_LETTERS: Final = re.compile(r"(\{[^}]*\})|[A-Za-z]")


class _German(NullTranslations):
    @override
    def gettext(self, message: str) -> str:
        return GERMAN + message.replace("\n", f"\n{GERMAN}")

    @override
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return GERMAN + super().ngettext(msgid1, msgid2, n)


@cache
def _catalogued() -> frozenset[str]:
    """Return every form of every message that translators are given."""
    return frozenset(form for each in template() for form in ((each.id,) if isinstance(each.id, str) else each.id))


class _Cyrillic(NullTranslations):
    """Each letter of a catalogued message is another one; its values stay, and so does what no catalogue has."""

    @override
    def gettext(self, message: str) -> str:
        if message not in _catalogued():
            return message
        return _LETTERS.sub(lambda found: found[1] or "ж", message)

    @override
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(super().ngettext(msgid1, msgid2, n))

    @override
    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)


def speak_german(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make German the only other language."""
    _speak(monkeypatch, "de", _German())


def speak_cyrillic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make one without Latin letters, `uk`, the only other language."""
    _speak(monkeypatch, "uk", _Cyrillic())


def _speak(monkeypatch: pytest.MonkeyPatch, language: str, catalogue: NullTranslations) -> None:
    monkeypatch.setattr(translation, "_load", {language: catalogue}.__getitem__)
    monkeypatch.setattr(translation, "languages", lambda: frozenset((translation.ENGLISH, language)))
