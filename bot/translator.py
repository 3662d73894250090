"""What Discord shows of commands, in every language: it is sent them all when the commands are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord import Locale, app_commands
from discord.app_commands import TranslationContextLocation as Location
from typing_extensions import override

from retrieval.translation import COMMAND, OPTION, gettext, pgettext, speaking

if TYPE_CHECKING:
    from discord.app_commands import TranslationContextTypes, locale_str

CONTEXTS: Final = {Location.command_name: COMMAND, Location.group_name: COMMAND, Location.parameter_name: OPTION}
"""What a name is of; a description, or one of an option's choices, is a sentence like others."""


class CommandTranslator(app_commands.Translator):
    """Finds the texts of commands among the bot's other sentences."""

    @override
    async def translate(self, string: locale_str, locale: Locale, context: TranslationContextTypes) -> str | None:
        named = CONTEXTS.get(context.location)
        with speaking(locale.value):
            text = gettext(string.message) if named is None else pgettext(named, string.message)
        return None if text == string.message else text
