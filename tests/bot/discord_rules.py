"""What Discord refuses of a message, of a list of choices and of a form, by its documented limits."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from bot.registry import view_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.render.reply import Reply

EMBEDS, EMBED_CHARACTERS, FIELDS, ROWS, BUTTONS_A_ROW, CHOICES = 10, 6000, 25, 5, 5, 25
CONTENT, TITLE, DESCRIPTION, FOOTER, AUTHOR = 2000, 256, 4096, 2048, 256
FIELD_NAME, FIELD_VALUE, LABEL, CUSTOM_ID, CHOICE, MENU, URL = 256, 1024, 80, 100, 100, 150, 2048
MODAL_TITLE, INPUT_LABEL, PLACEHOLDER, INPUTS = 45, 45, 100, 5
EMPTY: Final = "nothing to show"


def message_of(reply: Reply) -> dict[str, Any]:
    """The body that discord.py sends for a reply."""
    view = view_of(reply.controls)
    return {
        "content": reply.content,
        "embeds": [embed.to_dict() for embed in reply.embeds],
        "components": view.to_components() if view else [],
        "attachments": [{"id": 0, "filename": reply.file.name}] if reply.file else [],
    }


def lines_of(body: Mapping[str, Any]) -> Iterator[str]:
    """Every line that somebody reads of a message or a form: of its texts, buttons, menus and fields."""
    embeds, rows = body.get("embeds") or [], body.get("components") or []
    parts = [part for row in rows for part in (*row.get("components", []), row.get("component", {}))]
    options = [option for part in parts for option in part.get("options", [])]
    texts = [body.get("content"), body.get("title"), *(text for embed in embeds for _, text, _ in _texts(embed))]
    texts += [each.get(name) for each in (*parts, *options) for name in ("label", "placeholder", "description")]
    return chain.from_iterable(text.split("\n") for text in texts if text)


def broken(reply: Reply) -> list[str]:
    """Every rule that a reply breaks."""
    return list(broken_by(message_of(reply)))


def broken_by(message: Mapping[str, Any]) -> Iterator[str]:
    """Every rule that the body of a message breaks."""
    content, embeds = message.get("content") or "", message.get("embeds") or []
    if not content.strip() and not embeds and not message.get("attachments"):
        yield EMPTY
    yield from _over("content", content, CONTENT)
    if len(embeds) > EMBEDS:
        yield f"{len(embeds)} embeds"
    total = sum(len(text) for embed in embeds for _, text, _ in _texts(embed))
    if total > EMBED_CHARACTERS:
        yield f"{total} characters over all embeds"
    yield from chain.from_iterable(map(_broken_by_embed, embeds))
    yield from _broken_by_components(message.get("components") or [])


def _texts(embed: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """Each text that counts, what it is called, and how long it may be."""
    for name, limit in (("title", TITLE), ("description", DESCRIPTION)):
        if name in embed:
            yield name, embed[name], limit
    if "author" in embed:
        yield "author", embed["author"]["name"], AUTHOR
    if "footer" in embed:
        yield "footer", embed["footer"]["text"], FOOTER
    for field in embed.get("fields", []):
        yield "field's name", field["name"], FIELD_NAME
        yield "field's value", field["value"], FIELD_VALUE


def _broken_by_embed(embed: Mapping[str, Any]) -> Iterator[str]:
    texts = list(_texts(embed))
    if not any(text.strip() for _, text, _ in texts):
        yield "an empty embed"
    for name, text, limit in texts:
        yield from _over(name, text, limit)
        if name.startswith("field") and not text.strip():
            yield f"an empty {name}"
    if len(embed.get("fields", [])) > FIELDS:
        yield f"{len(embed['fields'])} fields"
    url = embed.get("url")
    if url is not None and (len(url) > URL or not re.fullmatch(r"https?://[^\s/]\S*", url)):
        yield f"an address that is none: {url[:80]!r}"


def _broken_by_components(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if len(rows) > ROWS:
        yield f"{len(rows)} rows of buttons"
    for row in rows:
        if not 1 <= len(row["components"]) <= (1 if "options" in row["components"][0] else BUTTONS_A_ROW):
            yield f"{len(row['components'])} buttons in a row"
    everything = [component for row in rows for component in row["components"]]
    if len({each["custom_id"] for each in everything}) < len(everything):
        yield "two buttons of one custom id"
    for menu in [each for each in everything if "options" in each]:
        yield from _broken_by_menu(menu)
    buttons = [each for each in everything if "options" not in each]
    for button in buttons:
        yield from _over("label", button["label"], LABEL)
        if not button["label"].strip():
            yield "a button without a label"
        if not 1 <= len(button["custom_id"]) <= CUSTOM_ID:
            yield f"a custom id of {len(button['custom_id'])} characters"


def _broken_by_menu(menu: Mapping[str, Any]) -> Iterator[str]:
    yield from _over("menu's label", menu["placeholder"], MENU)
    options = menu["options"]
    if not 1 <= len(options) <= CHOICES:
        yield f"{len(options)} lines in a menu"
    if len({option["value"] for option in options}) < len(options):
        yield "two lines of one value"
    for option in options:
        for part in ("label", "value", "description"):
            if not 1 <= len(str(option.get(part, "x")).strip()) <= CHOICE:
                yield f"a line's {part} of {len(str(option[part]))} characters"


def broken_by_choices(choices: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Every rule that a list of choices breaks; Discord refuses the whole list for one of them."""
    if len(choices) > CHOICES:
        yield f"{len(choices)} choices"
    for choice in choices:
        for part in ("name", "value"):
            if not 1 <= len(str(choice[part]).strip()) <= CHOICE:
                yield f"a choice's {part} of {len(str(choice[part]))} characters"


def broken_by_form(form: Mapping[str, Any]) -> Iterator[str]:
    """Every rule that a form breaks."""
    yield from _over("form's title", form["title"], MODAL_TITLE)
    if not 1 <= len(form["custom_id"]) <= CUSTOM_ID:
        yield "a form's custom id"
    inputs = [part for row in form["components"] for part in row.get("components", [row.get("component")])]
    if not 1 <= len(inputs) <= INPUTS:
        yield f"{len(inputs)} inputs"
    for part in inputs:
        yield from _over("input's label", part.get("label") or "", INPUT_LABEL)
        yield from _over("placeholder", part.get("placeholder") or "", PLACEHOLDER)


def _over(name: str, text: str, limit: int) -> Iterator[str]:
    if len(text) > limit:
        yield f"{name} of {len(text)} characters"
