"""A language that can be told from English: its sentences are the English ones behind German words."""

from __future__ import annotations

from gettext import NullTranslations
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from retrieval import translation

if TYPE_CHECKING:
    import pytest

GERMAN: Final = "Deutsch: "


class _German(NullTranslations):
    @override
    def gettext(self, message: str) -> str:
        return GERMAN + message.replace("\n", f"\n{GERMAN}")

    @override
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return GERMAN + super().ngettext(msgid1, msgid2, n)


def speak_german(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this the only other language."""
    monkeypatch.setattr(translation, "_load", {"de": _German()}.__getitem__)
    monkeypatch.setattr(translation, "languages", lambda: frozenset((translation.ENGLISH, "de")))
