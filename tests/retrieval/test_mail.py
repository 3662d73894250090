"""What is read of mail: newsletters, forwarded and answered messages, as mail programs write them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.adapters.extraction.dispatch import read_content
from retrieval.adapters.extraction.mail_heads import original_message, sender_name
from retrieval.domain.pages import Fetched
from retrieval.errors import ArticleRejected
from retrieval.reading import read_article
from tests.support.stories import story

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.articles import Draft

GLASS: Final = story("glass")
BODY: Final = GLASS.body
HTML: Final = "".join(f"<p>{paragraph}</p>" for paragraph in GLASS.paragraphs)
NEWSLETTER: Final = (
    "<html><body><div style='display:none'>All in one place</div><table width='100%'><tr><td align='center'>"
    "<table width='600'><tr><td><a href='https://t.example/v'>View in browser</a></td></tr>"
    f"<tr><td>{HTML}</td></tr><tr><td>You are receiving this mail because you signed up."
    " <a href='https://t.example/u'>Unsubscribe</a></td></tr></table></td></tr></table></body></html>"
)
SENT: Final = datetime(2026, 3, 9, 6, 30, tzinfo=UTC)
"""When the first message was sent, which the forwarder's program prints in a zone an hour east of Greenwich."""


def mail(plain: str | None = None, html: str | None = None, subject: str = "Glass returns") -> EmailMessage:
    """A message of a reader, sent on to somebody."""
    message = EmailMessage()
    message["From"] = "A Reader <reader@mail.example>"
    message["To"] = "desk@paper.example"
    message["Subject"] = subject
    message["Date"] = "Tue, 10 Mar 2026 20:00:00 +0100"
    if plain is not None:
        message.set_content(plain)
    if html is not None and plain is not None:
        message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    return message


def read(message: EmailMessage | bytes) -> Draft:
    return read_content(Fetched("", bytes(message), "message/rfc822"))


def assert_whole(draft: Draft) -> None:
    """The draft is the story, each paragraph by itself, and nothing else."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in draft.text.split("\n\n")]
    assert paragraphs == [*GLASS.paragraphs]


# Text and HTML


@pytest.mark.parametrize(
    "stub",
    [
        "Your mail program cannot show HTML. Read this letter at https://paper.example/l/1",
        "This message is in HTML only.",
        " \r\n\r\n",
        "View in browser: https://paper.example/1\n\nGLASS RETURNS\n\n" + GLASS.paragraphs[0],
        "[image: Logo]\n\n" + "\n\n".join(GLASS.paragraphs[:2]) + "\n\nRead more <https://paper.example/2>",
        "* " + "\n* ".join(f"Story {number} <https://t.example/{number}>" for number in range(30)),
    ],
)
def test_a_stub_beside_whole_html_is_passed_over(stub: str) -> None:
    assert_whole(read(mail(stub, NEWSLETTER)))


def test_text_is_read_where_the_html_is_no_article_or_less_of_it() -> None:
    assert_whole(read(mail(BODY, "<p>Open this in the app.</p>")))
    assert_whole(read(mail(BODY, "".join(f"<p>{paragraph}</p>" for paragraph in GLASS.paragraphs[:3]))))


def test_what_a_program_adds_to_the_text_does_not_make_it_fuller() -> None:
    links = "\n".join(f"* Story {number} of the day ( https://t.example/{number} ) and others" for number in range(30))
    plain = f"{BODY}\n\n{links}\n\nYou can unsubscribe from our newsletter here, or read it in your browser."
    assert_whole(read(mail(plain, NEWSLETTER)))
    wrapped = "\n\n".join(paragraph.replace(" ", "\n", 40) for paragraph in GLASS.paragraphs)
    assert_whole(read(mail(f"{wrapped}\n\n{links}", NEWSLETTER)))


@pytest.mark.parametrize(
    "link",
    [
        "[ https://t.example/r/5b1f-22?j=eyJ1IjoiMSJ9 ]",
        "(https://t.example/r/5b1f-22?j=eyJ1IjoiMSJ9)",
        "<https://t.example/r/5b1f-22?j=eyJ1IjoiMSJ9&utm_source=x#a>",
        "[https://t.example/r/a%20b/c.html]",
        "( https://t.example/r )",
    ],
)
def test_addresses_beside_linked_words_are_left_out(link: str) -> None:
    linked = BODY.replace(",", f" {link},", 3).replace("the ", f"the {link} ", 2)
    lines = f"View this post on the web at https://p.example/x\n\n{linked}\n\nUnsubscribe https://t.example/u/2\n"
    assert_whole(read(mail(lines)))
    assert_whole(read(mail(lines, NEWSLETTER)))


def test_links_as_markdown_writes_them_are_their_words() -> None:
    assert_whole(read(mail(BODY.replace("glass", "[glass](https://t.example/r?a=b)", 2))))


def test_numbers_of_addresses_below_the_text_are_left_out() -> None:
    marked = BODY.replace(",", " [1],", 1).replace("the ", "the [12] ", 1)
    notes = "\n[1] https://t.example/r/1?a=b\n[12]: https://t.example/r/2\n"
    assert_whole(read(mail(f"{marked}\n\n{notes}")))
    assert "[1]" in read(mail(marked)).text


@pytest.mark.parametrize("mark", ["", "> ", ">> "])
def test_flowed_lines_are_joined_behind_marks_too(mark: str) -> None:
    lines = "\n".join(
        mark
        + " \n".join(" ".join(chunk) for chunk in batched(paragraph.split())).replace("\n", f"\n{mark}")
        + f"\n{mark}"
        for paragraph in GLASS.paragraphs
    )
    assert_whole(read(b"Subject: A\nContent-Type: text/plain; charset=utf-8; format=flowed\n\n" + lines.encode()))


def batched(words: list[str]) -> list[list[str]]:
    return [words[start : start + 9] for start in range(0, len(words), 9)]


def test_a_paragraph_that_an_article_sets_off_by_marks_does_not_cut_it() -> None:
    first, second, *rest = GLASS.paragraphs
    text = "\n\n".join([first, f"> {second} {second}", *rest[:1]])
    assert read(mail(text)).text == text


def test_an_address_that_a_sentence_tells_stays() -> None:
    assert (
        "at https://paper.example/talks on Monday"
        in read(mail(BODY + "\n\nIt opens at https://paper.example/talks on Monday.")).text
    )


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("", f"<html><body>{HTML}</body></html>"),
        ("Content-Type: text/plain; charset=utf-8\n", f"<!DOCTYPE html>\n<html>{HTML}</html>"),
        ("MIME-Version: 1.0\n", f"\n \n<div>{HTML}</div>"),
        ("Content-Type: nonsense\n", HTML),
        ("Content-Type: text\n", f"<BODY bgcolor=white>{HTML}</BODY>"),
    ],
)
def test_html_whose_type_is_missing_or_wrong_is_read_as_html(kind: str, body: str) -> None:
    assert_whole(read(f"From: Paper <p@paper.example>\nSubject: Glass\n{kind}\n{body}".encode()))


def test_parts_around_a_picture_are_one_text() -> None:
    half = len(GLASS.paragraphs) // 2
    message = mail("\n\n".join(GLASS.paragraphs[:half]))
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", disposition="inline")
    rest = EmailMessage()
    rest.set_content("\n\n".join(GLASS.paragraphs[half:]))
    message.attach(rest)
    assert_whole(read(message))


def test_a_short_report_below_a_subject_is_an_article_and_a_note_is_none() -> None:
    report = GLASS.paragraphs[0] + " " + GLASS.paragraphs[1].partition(". ")[0] + "."
    assert 40 <= len(report.split()) < 80
    assert read(mail(report)).text == report
    for text, subject in ((report, ""), (report.replace(".", " …"), "Glass"), ("See the web. " * 9, "Glass")):
        with pytest.raises(ArticleRejected, match="are the least"):
            read(mail(text, subject=subject))


# Senders


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Hafnar Blað <b@hafnar.example>".encode(), "Hafnar Blað"),
        ('"Hafnar Blað, Ísafold" <b@hafnar.example>'.encode(), "Hafnar Blað, Ísafold"),
        ("Порт Газета <b@port.example>".encode(), "Порт Газета"),
        ("港新聞 <b@port.example>".encode(), "港新聞"),
        ("La Marée à Brévent <b@maree.example>".encode("latin-1"), "La Marée à Brévent"),
        (b"=?utf-8?Q?Hafnar_Bla=C3=B0?= <b@hafnar.example>", "Hafnar Blað"),
        (b"b@hafnar.example", None),
        (b"<b@hafnar.example>", None),
        (b"Harbour Gazette: News <n@h.example>", "Harbour Gazette: News"),
        (b"'Quay Post' <n@h.example>", "Quay Post"),
    ],
)
def test_a_sender_is_read_in_whatever_letters(sender: bytes, name: str | None) -> None:
    draft = read(b"From: " + sender + b"\nSubject: A\nContent-Type: text/plain; charset=utf-8\n\n" + BODY.encode())
    assert draft.publisher == name


# Forwarded messages

HEADS: Final = {
    "gmail": (
        "---------- Forwarded message ---------\nFrom: Quay Post <news@quay.example>\n"
        "Date: Mon, Mar 9, 2026 at 7:30 AM\nSubject: Glass returns\nTo: <reader@mail.example>\n\n\n"
    ),
    "gmail in French": (
        "Pour info\n\n---------- Forwarded message ---------\nDe : Quay Post <news@quay.example>\n"
        "Date: lun. 9 mars 2026 à 07:30\nSubject: Glass returns\nTo: <reader@mail.example>\n\n"
    ),
    "outlook": (
        "FYI\n\n________________________________\nFrom: Quay Post <news@quay.example>\n"
        "Sent: Monday, March 9, 2026 7:30 AM\nTo: A Reader <reader@mail.example>;\n  B Reader <b@mail.example>\n"
        "Subject: Glass returns\n\n"
    ),
    "outlook in German": (
        "Von: Quay Post <news@quay.example>\nGesendet: Montag, 9. März 2026 07:30\nAn: A Reader\n"
        "Betreff: Glass returns\n\n"
    ),
    "apple": (
        "See below.\n\nBegin forwarded message:\n\nFrom: Quay Post <news@quay.example>\nSubject: Glass returns\n"
        "Date: 9 March 2026 at 07:30:00 CET\nTo: reader@mail.example\n\n"
    ),
    "thunderbird": (
        "-------- Forwarded Message --------\nSubject: \tGlass returns\nDate: \tMon, 9 Mar 2026 07:30:00 +0100\n"
        "From: \tQuay Post <news@quay.example>\nTo: \treader@mail.example\n\n\n"
    ),
    "spanish": (
        "---------- Mensaje reenviado ---------\nDe: Quay Post <news@quay.example>\n"
        "Fecha: lun, 9 mar 2026 a las 7:30\nAsunto: Glass returns\nPara: <reader@mail.example>\n\n"
    ),
    "outlook in Spanish": (
        "Mira\n\nDe: Quay Post <news@quay.example>\nEnviado el: lunes, 9 de marzo de 2026 7:30\nPara: A Reader\n"
        "Asunto: Glass returns\n\n"
    ),
    "outlook in Polish": (
        "Od: Quay Post <news@quay.example>\nWysłano: poniedziałek, 9 marca 2026 07:30\nDo: A Reader\n"
        "Temat: Glass returns\n\n"
    ),
    "outlook in Swedish": (
        "Från: Quay Post <news@quay.example>\nSkickat: den 9 mars 2026 07:30\nTill: A Reader\nÄmne: Glass returns\n\n"
    ),
    "outlook in Japanese": (
        "差出人: Quay Post <news@quay.example>\n送信日時: 2026-03-09 07:30\n宛先: A Reader\n件名： Glass returns\n\n"
    ),
    "zoho": (
        "============ Forwarded message ============\nFrom: Quay Post <news@quay.example>\nTo: <reader@mail.example>\n"
        "Date: Mon, 09 Mar 2026 07:30:00 +0100\nSubject: Glass returns\n============ Forwarded message ============\n\n"
    ),
    "proton": (
        "------- Forwarded Message -------\nFrom: Quay Post <news@quay.example>\n"
        "Date: On Monday, March 9th, 2026 at 7:30 AM\nSubject: Glass returns\nTo: reader@mail.example\n\n"
    ),
    "web.de": (
        'Gesendet: Montag, 09. März 2026 um 07:30 Uhr\nVon: "Quay Post" <news@quay.example>\nAn: reader@mail.example\n'
        "Betreff: Glass returns\n\n"
    ),
    "qq": (
        '------------------ 原始邮件 ------------------\n发件人: "Quay Post" <news@quay.example>;\n'
        '发送时间: 2026年3月9日(星期一) 07:30\n收件人: "A Reader" <reader@mail.example>;\n主题: Glass returns\n\n'
    ),
    "naver": (
        '-----Original Message-----\n보낸사람: "Quay Post" <news@quay.example>\n받는 사람: <reader@mail.example>\n'
        "보낸 날짜: 2026-03-09 (월) 07:30:00 (GMT+01:00)\n제목: Glass returns\n\n"
    ),
    "in bold": (
        "*From:* Quay Post [mailto:news@quay.example]\n*Sent:* 2026-03-09 07:30\n*To:* A Reader\n"
        "*Subject:* Glass returns\n\n"
    ),
    "twice": (
        "---------- Forwarded message ---------\nFrom: B Reader <b@mail.example>\nDate: Tue, Mar 10, 2026 at 9:00 AM\n"
        "Subject: Fwd: Glass returns\nTo: <reader@mail.example>\n\n\n---------- Forwarded message ---------\n"
        "From: Quay Post <news@quay.example>\nDate: Mon, Mar 9, 2026 at 7:30 AM\nSubject: Glass returns\nTo: B\n\n"
    ),
}


def quoted(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.split("\n"))


def gmail_html(head: str) -> str:
    rows = head.replace("<", "&lt;").replace(">", "&gt;").strip().replace("\n", "<br>")
    return (
        f'<div dir="ltr"><br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{rows}<br></div><br><br>'
        f"{NEWSLETTER}</div></div>"
    )


FORMS: Final[dict[str, Callable[[str], EmailMessage]]] = {
    "text": lambda head: mail(head + BODY, subject="Fwd: Glass returns"),
    "both": lambda head: mail(head + BODY, gmail_html(head), subject="FW: Glass returns"),
    "a stub and HTML": lambda head: mail(head + "Read on the web.", gmail_html(head), subject="Fwd: Glass returns"),
    "HTML": lambda head: mail(None, gmail_html(head), subject="[EXTERNAL] Fwd: Glass returns"),
    "behind marks": lambda head: mail(quoted(head + BODY), subject="Look"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("program", HEADS)
def test_a_forwarded_message_is_its_sender_s(program: str, form: str) -> None:
    draft = read(FORMS[form](HEADS[program]))
    assert_whole(draft)
    assert (draft.publisher, draft.title, draft.published_at) == ("Quay Post", "Glass returns", SENT)


def test_a_header_without_a_name_or_a_date_that_is_sure_names_nobody_else() -> None:
    draft = read(mail(f"From: n@quay.example\nDate: 03/09/2026\n\n{BODY}", subject="Fwd: Glass"))
    assert (draft.publisher, draft.published_at) == (None, None)


def test_a_header_that_an_article_prints_is_part_of_it() -> None:
    printed = f"{BODY}\n\nFrom: Ann Orme\nTo: Bo Reyes\nSubject: The furnace\n\nIt stays lit, whatever they say."
    draft = read(mail(printed))
    assert (draft.publisher, len(draft.text)) == ("A Reader", len(printed))


def test_fields_of_an_event_are_no_header() -> None:
    text = f"Last tour of the works.\n\nDate: 9 May 2026\nFrom: 10 am\n\n{BODY}"
    draft = read(mail(text))
    assert (draft.text, draft.publisher) == (text, "A Reader")


# Attached messages


def attached(note: str, *inner: EmailMessage) -> EmailMessage:
    message = mail(note, subject="Fwd: several")
    for each in inner:
        message.add_attachment(each)
    return message


def original(**parts: str) -> EmailMessage:
    message = mail(**parts)
    message.replace_header("From", "Quay Post <news@quay.example>")
    message.replace_header("Date", "Mon, 9 Mar 2026 07:30:00 +0100")
    return message


@pytest.mark.parametrize(
    "message",
    [
        attached("see below", original(plain=BODY)),
        attached("", original(html=NEWSLETTER)),
        attached("see below", original(plain="See the web.", html=NEWSLETTER)),
        attached("two of them", original(plain=GLASS.paragraphs[0]), original(plain=BODY)),
        attached("within", attached("within again", original(plain=BODY))),
        attached(story("ferry").paragraphs[0], original(plain=BODY)),
    ],
    ids=["text", "html", "both", "two", "nested", "a long note"],
)
def test_an_attached_message_is_read(message: EmailMessage) -> None:
    draft = read(message)
    assert_whole(draft)
    assert (draft.publisher, draft.title, draft.published_at) == ("Quay Post", "Glass returns", SENT)


# Answers


def answer_text(wrote: str, note: str = "Please add this.", below: str = BODY) -> EmailMessage:
    return mail(f"{note}\n\n{wrote}\n\n{quoted(below)}\n", subject="Re: Glass returns")


def answer_without_marks(wrote: str, note: str = "Please add this.", below: str = BODY) -> EmailMessage:
    return mail(f"{note}\n\n{wrote}\n{below}", subject="Re: Glass returns")


def answer_html(wrote: str, note: str = "Please add this.", below: str = HTML) -> EmailMessage:
    blocks = "".join(f"<p>{line}</p>" for line in note.split("\n\n"))
    line = wrote.replace("<", "&lt;").replace(">", "&gt;")
    page = f"{blocks}<div class='gmail_quote'><div>{line}<br></div><blockquote type='cite'>{below}</blockquote></div>"
    return mail(None, page, subject="Re: Glass returns")


ANSWERS: Final[dict[str, Callable[..., EmailMessage]]] = {
    "marks": answer_text,
    "no marks": answer_without_marks,
    "HTML": answer_html,
}


@pytest.mark.parametrize("form", ANSWERS)
@pytest.mark.parametrize(
    "wrote",
    [
        "On Mon, Mar 9, 2026 at 7:30 AM Quay Post <news@quay.example> wrote:",
        "On Mon, Mar 9, 2026 at 7:30 AM Quay Post\n<news@quay.example> wrote:",
        "On 9 Mar 2026, at 07:30, Quay Post <news@quay.example> wrote:",
        "Am 09.03.2026 um 07:30 schrieb Quay Post:",
        "Am Mo., 9. März 2026 um 07:30 Uhr schrieb Quay Post <news@quay.example>:",
        "Le lun. 9 mars 2026 à 07:30, Quay Post <news@quay.example> a écrit :",
        "El lun, 9 mar 2026 a las 7:30, Quay Post (<news@quay.example>) escribió:",
        '09.03.2026, 07:30, "Quay Post" <news@quay.example>:',
        "Понедельник, 9 марта 2026, 9:30 +03:00 от Quay Post <news@quay.example>:",
        "пн, 9 мар. 2026 в 07:30, Quay Post <news@quay.example>:",
        "09.03.2026 07:30, Quay Post пишет:",
        "pon., 9 mar 2026 o 07:30 Quay Post <news@quay.example> napisał(a):",
        "Quay Post <news@quay.example> escreveu no dia segunda, 9 de mar. de 2026 às 07:30:",
        "Den mån 9 mars 2026 kl 07:30 skrev Quay Post <news@quay.example>:",
        "man. 9. mars 2026 kl. 07:30 skrev Quay Post <news@quay.example>:",
        "2026年3月9日(月) 7:30 Quay Post <news@quay.example>:",
        "Quay Post <news@quay.example> 于2026年3月9日周一 07:30写道：",
        "On Monday, March 9th, 2026 at 7:30 AM, Quay Post <news@quay.example> wrote:",
    ],
)
def test_what_a_note_answers_is_its_sender_s_without_marks(wrote: str, form: str) -> None:
    draft = read(ANSWERS[form](wrote))
    assert_whole(draft)
    assert (draft.publisher, draft.title, draft.published_at) == ("Quay Post", "Glass returns", SENT)


@pytest.mark.parametrize("form", ANSWERS)
def test_what_an_answer_quotes_is_left_out(form: str) -> None:
    wrote = "On Mon, Mar 9, 2026 at 7:30 AM Bo Reyes <b@mail.example> wrote:"
    draft = read(ANSWERS[form](wrote, note=BODY, below="When is the talk?\n\nAnd who pays?"))
    assert_whole(draft)
    assert draft.publisher == "A Reader"


def test_a_message_behind_a_marker_and_a_line_is_its_sender_s() -> None:
    head = '-------- Пересылаемое сообщение --------\n09.03.2026, 07:30, "Quay Post" <news@quay.example>:\n\n'
    draft = read(mail(f"Look\n\n{head}{BODY}\n\n-------- Конец пересылаемого сообщения --------", subject="Fwd: Glass"))
    assert_whole(draft)
    assert (draft.publisher, draft.published_at) == ("Quay Post", SENT)


def test_an_answer_below_what_it_quotes_stands_alone() -> None:
    wrote = "On Mon, Mar 9, 2026 at 7:30 AM Bo Reyes <b@mail.example> wrote:"
    draft = read(mail(f"{wrote}\n> When is the talk?\n>\n> Bo\n\n{BODY}", subject="Re: Glass"))
    assert_whole(draft)
    assert draft.publisher == "A Reader"


@pytest.mark.parametrize(
    "ending",
    [
        "Get Outlook for iOS",
        "Get Outlook for Android<https://aka.ms/AAb9ysg>",
        "Sent from my iPhone",
        "Sent from Yahoo Mail on Android",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Отправлено из мобильной Почты Mail",
        "iPhoneから送信",
        "--\nAnn Orme\nQuay Post",
        "This email and any files transmitted with it are confidential and intended solely for the addressee.",
        "If you have received this email in error please notify the sender.",
        "Please consider the environment before printing this e-mail.",
        "Best regards,\n\nAnn Orme\nReporter\nQuay Post\n1 Quay Street\nT: +44 123 456 789\nwww.quay.example",
        "Mit freundlichen Grüßen\nAnn Orme\nann@quay.example\n\nVon meinem iPhone gesendet",
        "_______________________________________________\nnews mailing list\nnews@lists.example",
    ],
)
@pytest.mark.parametrize("form", ["text", "HTML"])
def test_what_a_program_or_a_firm_puts_below_is_left_out(ending: str, form: str) -> None:
    if form == "text":
        assert_whole(read(mail(f"{BODY}\n\n{ending}\n")))
    elif not ending.startswith(("--", "__")):
        rows = ending.replace("<", "&lt;").replace("\n", "<br>")
        assert_whole(read(mail(None, f"{HTML}<div>{rows}</div>")))


@pytest.mark.parametrize(
    "ending", ["Best regards,\nAnn Orme", "Sent from my window, the sea looks grey and very wide."]
)
def test_the_name_below_a_letter_and_sentences_stay(ending: str) -> None:
    assert read(mail(f"{BODY}\n\n{ending}")).text.endswith(ending)


@pytest.mark.parametrize(
    "sent", ["Mon, 9 Mar 99999999999999999999 07:30:00 +0100", "9 Mar 2026 07:30:00 +99999999999999"]
)
def test_a_date_that_no_calendar_has_is_none(sent: str) -> None:
    draft = read(f"From: A Reader <a@mail.example>\nSubject: Glass\nDate: {sent}\n\n{BODY}".encode())
    assert_whole(draft)
    assert draft.published_at is None or draft.published_at.year == SENT.year


def test_an_article_that_is_an_attached_file_is_asked_for() -> None:
    message = mail("Please find the story attached.")
    message.add_attachment(BODY.encode(), maintype="application", subtype="pdf", filename="story.pdf")
    with pytest.raises(ArticleRejected, match=r"save that file as one of these, .*and give it by itself"):
        read(message)
    with pytest.raises(ArticleRejected, match="Only"):
        read(mail("Please find the story."))
    whole = mail(BODY)
    whole.add_attachment(b"x", maintype="application", subtype="pdf", filename="story.pdf")
    assert_whole(read(whole))


def test_stories_of_a_newsletter_keep_their_headings_and_lose_their_links() -> None:
    link = "<a href='https://t.example/a'>Read the full story</a>"
    cells = "".join(
        f"<tr><td><h2>Story {number}</h2><p>{paragraph}</p>{link}</td></tr>"
        for number, paragraph in enumerate(GLASS.paragraphs)
    )
    page = f"<html><body><h1>Briefing</h1><table><tr><td><table>{cells}</table></td></tr></table></body></html>"
    lines = read(mail(None, page)).text.split("\n\n")
    headed = [
        line for number, text in enumerate(GLASS.paragraphs) for line in (f"Story {number}", " ".join(text.split()))
    ]
    assert lines == headed


def test_a_press_release_is_its_text() -> None:
    around = (
        f"FOR IMMEDIATE RELEASE\n\n{BODY}\n\n-ENDS-\n\nNotes to editors:\n\nMedia contact: Ann Orme, ann@quay.example"
    )
    article = read_article(read(mail(around, subject="PRESS RELEASE: Glass returns")), None)
    assert article.source.title == "Glass returns"
    assert "\n".join(passage.span.of(article.body) for passage in article.passages).endswith(GLASS.paragraphs[-1])


def test_a_letter_that_an_article_quotes_is_part_of_it() -> None:
    text = f"{BODY}\n\nOn 9 March 2026 the works wrote:\n\n{GLASS.paragraphs[0]}"
    assert read(mail(text)).text == text


def test_an_interview_by_mail_keeps_its_marks() -> None:
    text = "".join(f"> Question {number}?\n\n{GLASS.paragraphs[number]}\n\n" for number in range(4))
    assert read(mail(text)).text == text.strip()


# Anything


@given(st.lists(st.sampled_from([*"\n>: ", "From: a", "Date: 1 May 2026 ", "On 1 May 2026 ", "wrote:", "> ", "\n\n"])))
def test_any_text_holds_an_original_message(pieces: list[str]) -> None:
    text = "".join(pieces)
    lines, head = original_message(text.split("\n"))
    assert len("\n".join(lines.values())) <= len(text)
    assert head is None or head.sender is None or sender_name(head.sender)


def test_many_messages_and_parts_are_bounded() -> None:
    inner = original(plain=BODY)
    for _ in range(40):
        inner = attached("", inner)
    with pytest.raises(ArticleRejected):
        read(inner)
    assert_whole(read(attached("", *[original(plain=BODY)] * 40)))
    with pytest.raises(ArticleRejected, match="too many parts"):
        read(b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nword\n" * 10_000)
