"""In other languages than English a speaker is named where a plain verb of speech touches the words, else nobody."""

import pytest

from retrieval.text.attribution.languages.languages import language_of
from retrieval.text.quotations import find_quotations

SAID = [
    ("« Nous partons demain », a déclaré la maire de Sète, Odile Martin, devant le conseil.", ["Odile Martin"]),
    ("« Nous partons », a déclaré mardi Odile Martin. « Et nous revenons. »", ["Odile Martin", "Odile Martin"]),
    ("« Nous partons, a répondu le préfet, Jean Morel. Et les autres restent. »", ["Jean Morel"]),
    ("« Nous partons, explique Odile Martin, et les autres restent ici. »", ["Odile Martin"]),
    ("Odile Martin a dit : « Nous partons. »", ["Odile Martin"]),
    ("La maire, Odile Martin, a dit que le pont était « perdu pour la ville ».", ["Odile Martin"]),
    ("Odile Martin, maire de Sète, affirme : « Nous partons. »", ["Odile Martin"]),
    ("Selon Odile Martin, maire de Sète, le pont est « perdu ».", ["Odile Martin"]),
    ("« Le pont est perdu », selon la maire, Odile Martin.", ["Odile Martin"]),
    ("« Nous partons », s'est exclamée Odile Martin.", []),
    ("Pour Odile Martin, le pont est « perdu pour la ville ». « Nous partons », répète Martin.", ["Odile Martin"] * 2),
    ("„Wir gehen“, sagte Bürgermeisterin Petra Kahl. Lang kam. „Wir warten“, ergänzte Kahl.", ["Petra Kahl"] * 2),
    (
        "Pío Lema habló ayer. «Nos vamos», dijo sobre la venta Lema. «Es mentira», dijo la diputada Ana Ríos.",
        ["Ana Ríos"],
    ),
    ("„Wir gehen morgen“, sagte die Bürgermeisterin Petra Kahl der Zeitung.", ["Petra Kahl"]),
    ("„Wir gehen“, sagte Petra Kahl. „Und zwar alle.“", ["Petra Kahl", "Petra Kahl"]),
    ("„Wir gehen“, so die Grünen-Politikerin Petra Kahl.", ["Petra Kahl"]),
    ("»Wir gehen«, erklärte Bürgermeisterin Petra Kahl am Montag.", ["Petra Kahl"]),
    ("Petra Kahl sagte am Montag: „Wir gehen morgen.“", ["Petra Kahl"]),
    ("Am Montag sagte Petra Kahl: „Wir gehen morgen.“", ["Petra Kahl"]),
    ("Laut Petra Kahl ist die Brücke „nicht zu retten“.", ["Petra Kahl"]),
    ("Der Sprecher, Otto Lang, betonte, dass die Brücke „nicht zu retten“ ist.", ["Otto Lang"]),
    ("«Nos vamos mañana», dijo el alcalde de Vigo, Pío Lema.", ["Pío Lema"]),
    ("«Nos vamos», dijo la ministra Rosa Gil. «Todos», añadió.", ["Rosa Gil", "Rosa Gil"]),
    ("El alcalde de Vigo, Pío Lema, replicó que la venta es «una burla».", ["Pío Lema"]),
    ("La ministra Rosa Gil ha dicho: «Nos vamos».", ["Rosa Gil"]),
    ("Según la ministra, Rosa Gil, el puente es «una ruina».", ["Rosa Gil"]),
    ("—Nos vamos mañana —dijo Rosa Gil en la plaza—. Todos.", ["Rosa Gil"]),
    ("“Vamos embora”, disse a secretária estadual Célia Prado.", ["Célia Prado"]),
    ("“Vamos embora”, garantiu na quarta-feira o prefeito, Rui Neto.", ["Rui Neto"]),
    ("Para o engenheiro Rui Neto, a ponte está “no fim”.", ["Rui Neto"]),
    ("— Vamos embora amanhã — disse Rui Neto.", ["Rui Neto"]),
    ("«Ce ne andiamo», ha detto il sindaco di Bari, Ugo Neri.", ["Ugo Neri"]),
    ("«Ce ne andiamo, spiega Ugo Neri, e non torniamo più».", ["Ugo Neri"]),
    ("Secondo Ugo Neri, il ponte è «una rovina».", ["Ugo Neri"]),
    ("„Wychodzimy jutro” – powiedział burmistrz Jan Nowak.", ["Jan Nowak"]),
    ("– Wychodzimy jutro – powiedziała Ewa Lis. – Wszyscy.", ["Ewa Lis"]),
    ("Burmistrz Jan Nowak oświadczył, że most jest „nie do uratowania”.", ["Jan Nowak"]),
    ("“We gaan morgen”, zei burgemeester Jan de Vries tegen de krant.", ["Jan de Vries"]),
    ("Volgens Jan de Vries is de brug “niet te redden”.", ["Jan de Vries"]),
    ("”Vi går i morgon”, sade Karin Ek till tidningen.", ["Karin Ek"]),
    ("Enligt Karin Ek är bron ”slut för alltid”.", ["Karin Ek"]),
    ("»Vi går i morgen«, sagde borgmester Bo Lund til avisen.", ["Bo Lund"]),
    ("«Vi går i morgen», sa ordfører Kari Lie.", ["Kari Lie"]),
    ("„Odejdeme zítra,“ řekla primátorka Ivana Malá.", ["Ivana Malá"]),
    ("„Plecăm mâine”, a declarat primarul Ion Popa pentru ziar.", ["Ion Popa"]),
    ("«Мы уйдём завтра», — заявил глава района Олег Белов.", ["Олег Белов"]),
    ("— Мы уйдём завтра, — сказала Анна Белова.", ["Анна Белова"]),
    ("«Ми підемо завтра», — сказала Олена Біла.", ["Олена Біла"]),
    ("«A ponte caeu onte», dixo Xoán Pita.", ["Xoán Pita"]),
    ("«El pont ha caigut», ha dit l'alcaldessa, Núria Puig.", ["Núria Puig"]),
    ("„Мостът ще бъде затворен“, каза Борис Илиев.", ["Борис Илиев"]),
    ("„Most je zatvoren“, rekao je gradonačelnik Ivo Horvat.", ["Ivo Horvat"]),
    ("„Most je zavretý,“ povedala Jana Kováčová.", ["Jana Kováčová"]),
    ("«Köprü için para yok» dedi Ayşe Kaya.", ["Ayşe Kaya"]),
    ("«Έκλεισε η γέφυρα», είπε η δήμαρχος Άννα Κώστα.", ["Άννα Κώστα"]),
    ("「橋は春に開通します」と山口市の田中太郎市長は記者会見で述べた。", ["田中太郎"]),
    ("佐藤花子さんは「川の水が一晩で消えました」と話した。", ["佐藤花子"]),
    ("“桥明天就要关闭了，”王小明说。", ["王小明"]),
    ("市长李华表示：“我们明天就走。”", ["李华"]),
]

NOBODY = [
    "Le ministre n'a jamais dit « je pars demain » dans cette ville.",
    "Le film « La Nuit des loups » sort mercredi dans les salles de la ville.",
    "La préfecture a jugé le projet « prématuré pour la ville ».",
    "« Nous partons demain », a-t-il déclaré devant les élus de la ville.",
    "Petra Kahl kam. Wie der „Bote“ berichtete, sagte Kahl nichts dazu, wie es mit der Brücke ist.",
    "Petra Kahl kam. „Wir reißen die Brücke ab“, sagte Kahl nie, wie die Stadt der Zeitung erklärte.",
    "Ana Ríos habló. «Nos han mentido», denunció ante los medios la portavoz del puerto en la plaza.",
    "„Wir wissen noch nichts“, sagte der Sprecher der Polizei in der Stadt.",
    "Die Zeitung „Der Bote“ und das Buch „Die Nacht der Wölfe“ sind nicht mehr zu haben.",
    "Según el informe de la Junta del Puerto, la venta es «la única salida».",
    "«No sabemos nada todavía», dijo la Casa Blanca en un comunicado.",
    "El alcalde no dijo que todo estuviera «perdido para siempre» en el puerto.",
    "“Não há risco para o país”, disse o Banco Central em nota.",
    "Il libro «La notte dei lupi» è in vendita da ieri in tutte le librerie.",
    "Według ministra most jest „nie do uratowania” i nie będzie go już.",
    "映画「夜の列車が来る前に」が公開された。",
    "「明日は雨が降るかもしれない」と政府は説明した。",
]


@pytest.mark.parametrize(("text", "names"), SAID)
def test_who_is_beside_a_verb_of_speech_is_named(text: str, names: list[str]) -> None:
    found = find_quotations(text)
    assert [who.name for quotation in found for who in quotation.speakers if who.named] == names


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_is_named_where_it_is_not_sure(text: str) -> None:
    assert [who.name for quotation in find_quotations(text) for who in quotation.speakers if who.named] == []


def test_an_office_or_a_paper_is_said_as_printed_and_is_no_person() -> None:
    (quotation,) = find_quotations("Según el informe de la Junta del Puerto, la venta es «la única salida».")
    assert [(who.name, who.named) for who in quotation.speakers] == [("el informe de la Junta del Puerto", False)]


def test_a_text_that_quotes_another_language_is_read_in_its_own() -> None:
    (quotation,) = find_quotations("“C’est la vie et que sera, sera, mes amis,” said Ana Costa.")
    assert [who.name for who in quotation.speakers] == ["Ana Costa"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ana Costa said that the bridge was closed.", None),
        ("Ana Costa de Porto said it in the rain.", None),
        ("La mairie a fermé le pont et les rues du centre.", "fr"),
        ("Мост закрыт.", "other"),
        ("", None),
    ],
)
def test_the_language_of_a_text_is_told_and_english_in_doubt(text: str, code: str | None) -> None:
    language = language_of(text, text)
    assert (language.code if language else None) == code
