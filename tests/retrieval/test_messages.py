from __future__ import annotations

import ast
import re
import tomllib
from string import Formatter
from typing import TYPE_CHECKING, NamedTuple

from bot.render.notices import error_text
from config.address_space import TOO_LITTLE
from retrieval.errors import (
    AddressRefused,
    ArchiveLocked,
    ArticleRejected,
    FetchFailed,
    messages,
    packed,
    unpacked,
)
from retrieval.translation import FOLDER, speaking
from tests.support.german import GERMAN, speak_german
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

CODE = re.compile(rf"({'|'.join(tomllib.loads((FOLDER / 'errors.toml').read_text('utf-8')))})\.[a-z_]+")
ATTRIBUTES = {"status", "retry_after", "stored", "configured"}
"""Values that callers read too, and that a sentence need not repeat."""

HELD_CLASSES = dict.fromkeys(("self._error", "super().__init__"))
"""Expressions that stand for a class of errors."""


class Call(NamedTuple):
    """A call that names codes, and the values that it gives with them."""

    place: str
    codes: list[str]
    values: set[str]


def syntax() -> Iterator[tuple[Path, ast.Module]]:
    for folder in ("bot", "retrieval", "config"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


TREES = list(syntax())


def strings(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def error_classes() -> dict[str, str | None]:
    """The name of each class of errors, and the code of those that mean one thing."""
    found: dict[str, str | None] = {"NewsError": None}
    classes = [node for _, tree in TREES for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    while new := [c for c in classes if c.name not in found and any(ast.unparse(base) in found for base in c.bases)]:
        for each in new:
            own = [b.value for b in each.body if isinstance(b, ast.Assign) and ast.unparse(b.targets[0]) == "code"]
            found[each.name] = next(strings(own[0])) if own else found[ast.unparse(each.bases[0])]
    return found


def calls() -> Iterator[Call]:
    classes = error_classes()
    for path, tree in TREES:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in classes | HELD_CLASSES:
                continue
            own = classes.get(ast.unparse(node.func))
            codes = [code for argument in node.args[:1] for code in strings(argument) if CODE.fullmatch(code)]
            spread = any(keyword.arg is None for keyword in node.keywords)
            if not spread and (codes or (own and not node.args)):
                values = {str(keyword.arg) for keyword in node.keywords}
                yield Call(f"{path}:{node.lineno}", codes or [str(own)], values)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_sentences_get_the_values_that_errors_carry() -> None:
    wrong = []
    for place, codes, values in calls():
        asked = [placeholders(messages()[code]) for code in codes if code in messages()]
        if any(each - values - {"cause"} for each in asked) or values - ATTRIBUTES - set().union(*asked):
            wrong.append((place, codes, values))

    assert wrong == []


def test_every_code_has_a_sentence_and_every_sentence_is_said() -> None:
    raised = {code for call in calls() for code in call.codes} | {code for code in error_classes().values() if code}
    written = {string for _, tree in TREES for string in strings(tree)}

    passed_on = {string for path, tree in TREES if path.parts[0] == "bot" for string in strings(tree)}

    assert (raised | {code for code in passed_on if re.fullmatch(r"bot\.\w+", code)}) - messages().keys() == set()
    assert messages().keys() - written == set()


def test_sentences_are_whole() -> None:
    assert [text for text in messages().values() if not re.search(r"[.!?…})`]$", text) or "  " in text] == []


def test_an_error_is_said_in_the_current_language_and_logged_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    speak_german(monkeypatch)
    private = AddressRefused("link.private_network")
    redirect = AddressRefused("link.after_redirect", host="a.example", error=private)

    with speaking("de"):
        said = private.text()
        assert said.removeprefix(GERMAN) == str(private) == "That link leads to a private network, which I never visit."
        assert said in redirect.text() != str(redirect)
        assert said not in str(redirect)
    assert redirect.text() == str(redirect)


def test_members_read_of_a_broken_archive_without_paths() -> None:
    with speaking("de"):
        assert "srv" not in error_text(ArchiveLocked(path="/srv/a.sqlite3"))


def test_the_sentence_that_is_needed_before_the_messages_is_the_same() -> None:
    assert messages()["program.too_little_address_space"] == TOO_LITTLE


def test_a_code_without_a_sentence_stands_for_itself() -> None:
    error = FetchFailed("site.of_a_newer_release", status=404, host="news.example")

    assert str(error) == "site.of_a_newer_release"
    assert error.values == {"status": 404, "host": "news.example"}


def test_an_error_shows_its_code_to_a_developer() -> None:
    assert repr(ArticleRejected("article.unreadable")) == "ArticleRejected('article.unreadable')"


def test_a_stored_error_is_said_in_the_reader_s_language(monkeypatch: pytest.MonkeyPatch) -> None:
    speak_german(monkeypatch)
    refused = AddressRefused("link.after_redirect", host="a.example", error=AddressRefused("link.private_network"))
    odd = FetchFailed("site.busy", host=["a list"])

    assert unpacked(packed(refused, 300)) == str(refused)
    assert unpacked(packed(refused, 60)) == str(refused)[:60]
    assert unpacked(packed(odd, 300)) == str(odd)
    with speaking("de"):
        assert unpacked(packed(refused, 300)) == refused.text() != str(refused)
        assert unpacked("[1, 2]") == "[1, 2]"
