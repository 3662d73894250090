"""Which part of a printed role can be shown beside a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.names.printable import printable_role

BEHIND = [
    ("nursing major", None),
    ("political science major from Memphis", None),
    ("retired army major", "retired army major"),
    ("major in the army", "major in the army"),
    ("mayor of Porto", "mayor of Porto"),
    ("former aide to Mr. Lund", "former aide to Mr. Lund"),
    ("adviser to Mr", "adviser"),
    ("former adviser to President Rui B", "former adviser"),
    ("who was campaign manager for Ms. Lund in the spring", "campaign manager for Ms. Lund in the spring"),
    ("who praised the mayor", None),
    ("praised the work of a donor to the party", None),
    ("one of the mayor’s closest aides", None),
    ("harbour master whose father sank", "harbour master"),
    ("lawyer known for her hats", "lawyer"),
    ("history teacher at a school that was closed", "history teacher at a school"),
    ("top adviser to the mayor and later worked at the bank", "top adviser to the mayor"),
    ("director of the Port Trust and an independent analyst", "director of the Port Trust"),
    ("head of the union and close friend of the mayor", "head of the union"),
    ("chief executive and co-founder of Lumo", "chief executive and co-founder of Lumo"),
    ("adviser on ports and coastal affairs", "adviser on ports and coastal affairs"),
    ("friend and adviser", "adviser"),
    ("combat veteran and former customs officer", "former customs officer"),
    ("then ambassador to Chad", "then ambassador to Chad"),
    ("group’s chief strategist", "chief strategist"),
    ("Lund campaign’s director", "Lund campaign’s director"),
    ("former governor Rui Lund", None),
    ("chief rival", None),
    ("author of ''Night Boats", "author"),
    ("coach, ”", "coach"),
    ("62-year-old ferry captain", "ferry captain"),
    ("black actor", "actor"),
    ("African-American delegate from Selby", "delegate from Selby"),
    ("openly gay bishop", "bishop"),
    ("Oslo-born novelist", "novelist"),
    ("Peruvian novelist", "novelist"),
    ("Peruvian ambassador", "Peruvian ambassador"),
    ("English professor at Selby College", "English professor at Selby College"),
    ("Muslim mayor", "mayor"),
    ("Catholic bishop of Selby", "Catholic bishop of Selby"),
    ("Black Harbours Caucus chair", "Black Harbours Caucus chair"),
    ("disabled rights campaigner", "disabled rights campaigner"),
    ("disgraced financier", "financier"),
    ("bearded millionaire", None),
    ("widow of a sailor", None),
    ("Selby resident", None),
    ("Democrat of Vermont", None),
    ("Republican", None),
    ("smiling", None),
    ("the", None),
    ("•", None),
    ("-", None),
    ("", None),
]

BEFORE = [
    ("Pentagon press secretary", "Pentagon press secretary"),
    ("Rep.", "Rep."),
    ("Bank of Selby governor", "Bank of Selby governor"),
    ("Secretary of State", "Secretary of State"),
    ("Former Secretary of", None),
    ("Officials at", None),
    ("and Mr", None),
    (",” coach", "coach"),
    ("”", None),
    ("SELBY (PA) — President", "President"),
    ("SELBY - Labour candidate", "Labour candidate"),
    ("As harbour secretary", "harbour secretary"),
    ("Even Selby FM host", "Selby FM host"),
    ("Labour candidate Selby Senator", "Selby Senator"),
    ("Senators", None),
    ("President (2016)", None),
    ("mayor of Porto, Even the president of the", None),
]


JUDGED = [
    ("Congress’ most zealous advocate for mass migration", None),
    ("zealous advocate for mass migration", None),
    ("fierce advocate of open borders", None),
    ("staunch defender of the ferry", None),
    ("tireless champion of the poor", None),
    ("ardent advocate for the port", None),
    ("perhaps the party’s most outspoken advocate of tolls", None),
    ("rabid activist", None),
    ("passionate activist for bees", None),
    ("consumer advocate", "consumer advocate"),
    ("victims’ advocate", "advocate"),
    ("public defender", "public defender"),
    ("climate activist", "climate activist"),
    ("immigration activist from Selby", "immigration activist from Selby"),
    ("notorious gangster", None),
    ("crooked lawyer", "lawyer"),
    ("failed banker", "banker"),
    ("corrupt mayor of Porto", "mayor of Porto"),
    ("hapless mayor of Porto", "mayor of Porto"),
    ("firebrand preacher", "preacher"),
    ("bombastic host of a show", "host of a show"),
    ("member", None),
    ("constituent", None),
]

HELD = [
    (
        "senior harbour official during Ana Costa’s administration",
        "senior harbour official during Ana Costa’s administration",
    ),
    ("who was mayor of Porto", None),
    ("who was the mayor of Porto", None),
    ("who served as mayor of Porto", None),
    ("who had been mayor of Porto", None),
    ("who worked as a lawyer", None),
    ("who was mayor of Porto from 1999 to 2004", "mayor of Porto from 1999 to 2004"),
    ("who served as mayor of Porto in the 1990s", "mayor of Porto in the 1990s"),
    ("who served as harbour minister under Lund", "harbour minister under Lund"),
    ("who was harbour minister until 2004", None),
    ("mayor of Porto until 2004", None),
    ("mayor of Porto before he moved to Selby", None),
    ("mayor of Porto when the bridge fell", None),
    ("mayor of Porto at the time", None),
    ("the mayor of Porto at that time", None),
    ("mayor of Porto while the bridge was built", None),
    ("harbour master till May", None),
    ("then mayor of Porto", "then mayor of Porto"),
    ("then the mayor of Porto", None),
    ("then-mayor of Porto", "then-mayor of Porto"),
    ("once mayor of Porto", "once mayor of Porto"),
    ("formerly mayor of Porto", "formerly mayor of Porto"),
    ("previously the mayor of Porto", None),
    ("now mayor of Porto", "mayor of Porto"),
    ("former mayor of Porto", "former mayor of Porto"),
    ("ex-mayor of Porto", "ex-mayor of Porto"),
    ("who is mayor of Porto", "mayor of Porto"),
    ("who has been mayor of Porto since 2004", "mayor of Porto"),
    ("who serves as mayor of Porto", "mayor of Porto"),
    ("mayor of Porto since 2004", "mayor of Porto"),
    ("ambassador to Chad from 2009 to 2012", "ambassador to Chad from 2009 to 2012"),
    ("mayor of Porto in the 1990s", "mayor of Porto in the 1990s"),
]

CUT = [
    ("chief marketing and customer experience officer", "chief marketing and customer experience officer"),
    ("EastLine’s chief marketing and sales officer", "EastLine’s chief marketing and sales officer"),
    ("chief financial officer", "chief financial officer"),
    ("chief of staff", "chief of staff"),
    ("founder of Race to Erase MS", "founder of Race to Erase MS"),
    ("adviser to Ms", "adviser"),
    ("Carole King", None),
    ("Martin Bishop", None),
    ("Vale Bishop", "Vale Bishop"),
]


@pytest.mark.parametrize(("printed", "shown"), [*BEHIND, *JUDGED, *HELD, *CUT])
def test_of_a_role_behind_a_name_the_whole_phrase_is_shown(printed: str, shown: str | None) -> None:
    assert printable_role(printed) == shown


@pytest.mark.parametrize(("printed", "shown"), BEFORE)
def test_a_role_before_a_name_is_shown_where_it_reaches_up_to_the_name(printed: str, shown: str | None) -> None:
    assert printable_role(printed, before=True) == shown


@given(st.text())
def test_what_is_shown_is_a_part_of_what_is_printed(printed: str) -> None:
    shown = printable_role(printed)
    assert shown is None or shown in " ".join(printed.split())
