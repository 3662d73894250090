"""Two links of one article have one key, and two articles never do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.link_keys import address_key

ARTICLE = "https://courier.example/2024/05/bridge-closed"


@pytest.mark.parametrize(
    "link",
    [
        "http://courier.example/2024/05/bridge-closed",
        "https://www.courier.example/2024/05/bridge-closed/",
        "HTTPS://Courier.Example:443/2024/05/bridge-closed",
        "https://courier.example./2024/05/bridge-closed#comments",
        " https://courier.example/2024/05/bridge-closed?utm_source=x&utm_medium=y&fbclid=Iw1 ",
        "https://courier.example/2024/05/bridge-closed/amp/",
        "https://courier.example/2024/05/bridge-closed?amp",
        "https://courier.example/2024/05/bridge-closed?outputType=amp&gclid=3",
        "https://courier.example/2024/05/bridge%2Dclosed",
        "https://courier.example/2024/05/bridge-closed/index.html",
    ],
)
def test_links_of_one_article_have_one_key(link: str) -> None:
    assert address_key(link) == address_key(ARTICLE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://courier.example/a", "https://ledger.example/a"),
        ("https://courier.example/a", "https://news.courier.example/a"),
        ("https://courier.example/a", "https://courier.example/A"),
        ("https://courier.example/?p=1", "https://courier.example/?p=2"),
        ("https://courier.example/?id=1&page=2", "https://courier.example/?id=1"),
        ("https://courier.example/?ref=1", "https://courier.example/?ref=2"),
        ("https://courier.example/?a=1&a=2", "https://courier.example/?a=2&a=1"),
        ("https://courier.example/?q=%E4", "https://courier.example/?q=%F6"),
        ("https://courier.example/%E4", "https://courier.example/%F6"),
        ("https://courier.example/a%2Fb", "https://courier.example/a/b"),
        ("https://courier.example/guitar/amp", "https://courier.example/guitar"),
        ("https://courier.example/#!/a", "https://courier.example/#!/b"),
        ("https://courier.example:8080/a", "https://courier.example/a"),
        ("https://courier.example/amp/a", "https://courier.example/a"),
    ],
)
def test_what_may_be_two_articles_has_two_keys(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


def test_two_hosts_that_an_old_rule_took_for_one_are_two() -> None:
    assert address_key("https://straße.example/a") != address_key("https://strasse.example/a")


def test_parameters_have_no_order_and_hosts_one_writing() -> None:
    assert address_key("https://a.example/?x=1&b=2") == address_key("https://a.example/?b=2&x=1")
    assert address_key("https://zeitung-süd.example/a") == address_key("https://xn--zeitung-sd-ieb.example/a")


@pytest.mark.parametrize(
    "text", ["", "not a link", "ftp://a.example/x", "https://", "https://a.example:99999/", "http://[::1"]
)
def test_what_is_no_web_address_is_its_own_key(text: str) -> None:
    assert address_key(text) == text


@given(st.text(max_size=60))
def test_any_text_has_a_key_and_the_key_s_address_the_same(text: str) -> None:
    key = address_key("https://a.example/" + text)
    assert address_key(f"https://{key}") == key
