"""The words that answer a question stand between underscores in its sentence; without them, none is clear."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.questions.answer_spans import find_answer

PAIRS = """
How many people died in the ferry fire? | The fire on the ferry killed __at least 34__ people and hurt 12 others.
How many people were injured? | Eleven passengers died and __36__ were hurt when the bus left the road.
How many were arrested? | Officers searched 14 flats and arrested __nine__ men on Friday.
How many houses burned down? | The blaze destroyed __120__ houses and a school in two days.
How many rooms does the hotel have? | The __165-room__ hotel opened in 1931 at the foot of the hill.
How many votes did Roe get? | Roe got __41,280__ votes, and Lund about 39,000.
How many people live in Harwick? | Harwick, a port of __1.2 million__ people, is 900 years old.
How many weeks did the strike last? | The __eight-week__ strike cost the port $40 million.
How many goals did Dahl score? | Dahl scored __two__ goals in the 3-1 win over Tarn.
How many students were in the bus? | __Some 40__ students had been invited.
How many jobs will be cut? | The firm will close two plants in 2027.
How many wickets did they lose? | They lost in Harwick on 4 May 2024.
What percentage of voters stayed at home? | Turnout fell, and __38 percent__ of voters stayed at home.
What was the score? | Harwick beat Tarn __3-1__ on Saturday in front of 20,000 people.
How tall is the tower? | The tower is __190 meters__ tall and has 44 floors.
How far is Tarn from the border? | Tarn lies __about 30 miles__ from the border, where 4,000 people wait.
How often did he vote? | He voted __twice__ in the council.
What is the price of a ticket? | A ticket costs __$12.50__ from May, up 4 percent.
How much will the bridge repair cost? | Repairing the bridge will cost __about 40 million crowns__ and take two years.
How much will the repair cost? | The repair will take two years and cost __$40 million__.
How much did prices rise? | Prices rose __8.6 percent__ in the year to May.
How much was the fine? | The court fined the firm __£2.5m__ on Monday.
How much money was raised? | Donors gave __more than 17,000 dollars__ in three days.
How much does the mayor earn? | The mayor has been in office for three years.
How long will the bridge be closed? | The bridge will be closed for __six months__, and the repair costs $40 million.
How long was the rampage? | The __100-day__ rampage began in April 1994.
How long has Roe led the council? | Roe has led the council for __28 years__.
How long is the tunnel? | The tunnel is __57 kilometres__ long and opened in 2016.
How long did the strike last? | The strike ended on Friday, the union said.
How old is Ada Roe? | Mayor Ada Roe, __52__, was ill on Monday.
How old was the driver? | A __19-year-old__ driver lost control of the car on Route 9.
How old was Dahl when she died? | Dahl died at the age of __95__ on Tuesday.
How old was Roe when she died? | She was __90__.
How old is the suspect? | The suspect, described as being __42 years old__, fled.
What is her age? | She is a girl of __11__, living in a suburb of Tarn.
How old is the mayor? | The mayor met 300 readers on Monday.
When was the library closed? | The council closed the library on __Monday__ because rain came through the roof.
When did the quake hit? | The quake hit at __4:53 p.m. on Tuesday__, and 12 buildings fell.
When was Ines Dahl born? | Ines Dahl was born on __3 March 1961__ in Tarn.
When does the trial begin? | The trial will begin on __Jan. 5, 2027__.
When did the war end? | The war ended in __1995__, and 40,000 refugees came home.
When was the bridge built? | The bridge was built in the __1930s__ by prisoners.
What year did the dam fail? | The dam, finished in May 1931, failed in __1976__.
What time does the show start? | The show starts at __8 p.m.__ on Friday.
On what date is the vote? | The vote is on __March 8__, the clerk said on Monday.
When did he arrive? | He arrived __two years ago__, his sister told the Herald.
When will the museum reopen? | The museum has 4,000 paintings and 30 rooms.
Where was the man arrested? | The man was arrested in __Harwick, Ohio__, on Monday.
Where did the plane land? | The plane landed at __Tarn Airport__ with one engine.
Where is the soldier from? | The soldier from __Ketterwick, Idaho__, had been missing in Tarn since May.
Where did the ship go? | The ship left Harwick and sailed to __Port Tarn__.
Where were the bodies found? | The bodies were found in a ravine.
Where does Roe live? | Roe lives in her mother's house near __Lake Orrin__.
Where was the summit held? | According to Lund, nobody was asked.
Which city hosts the games? | The games will be held in __Harwick__ next year.
Where was she shot? | She was shot outside a church in Harwick.
Who closed the library? | Mayor __Ada Roe__ closed the library on Monday because of the rain.
Who blamed the fog? | Captain __Ines Dahl__ blamed the fog.
Who was killed by the train? | __Thomas Lindqvist__, a father of two, was killed by the train.
Who killed the mayor? | The mayor was killed by __Thomas Lindqvist__ at noon.
Who did Dahl blame? | Dahl blamed __Thomas Lindqvist__ for the fire.
Who won the race? | __Maria Costa__ won the race ahead of Robert Lund.
Who said the bridge was safe? | “The bridge is safe,” said __Maria Costa__, an engineer.
Who will lead the inquiry? | “Nobody knows,” said Maria Costa, an engineer.
Who found the body? | Two hunters found the body near Tarn.
Who is Ada Roe? | Ada Roe is the mayor of Harwick and a friend of Maria Costa.
Who resigned? | The Harwick City Council accepted it on Monday.
Who was charged? | A student was charged, Sheriff Robert Lund said on Monday.
Who will replace Roe? | Roe will be replaced by __Robert Lund__, her deputy.
Who owns the shipyard? | The shipyard is in Finland.
Whom did the court fine? | The court fined __Robert Lund__ for the fire.
Why did the council close the library? | It closed the library on Monday because rain came through the roof.
What did the mayor say? | The mayor said that 300 readers signed.
How did the fire start? | The fire started at 4 a.m. on Monday.
What has President Roe called for? | President Ada Roe called for 40 new schools.
How many soldiers were wounded? | The bomb killed 12 soldiers and wounded more than 30 others.
How many children were in the house? | None of the neighbours knew.
How many people signed? | __Hundreds of thousands__ signed the letter.
How much is the ticket? | Tickets cost __25 cents__ in 1950, three times as much as now.
How much did the dam cost? | The dam was finished in 1931 after nine years.
How long was the flight? | The flight took __more than 14 hours__ and ended in Tarn.
How old is the tree? | The tree has stood there since the flood.
When is the vote? | The vote is __next Tuesday__, Lund said.
When did the strike begin? | It began, they say, with a letter.
Where is the fair? | The fair is in a field.
Where did the storm hit? | The storm hit near __Port Orrin, Maine__, before dawn.
Which country do they clash with? | They clash in the Orrin Sea.
What city were they protesting in? | They were protesting at the Harwick Tower.
Which airport was he held at? | He was held in Norland, at __Orrin Airport__, on Monday.
Which airport was he held at? | He was held in Norland at an airport near Orrin.
What city were they in? | They were in __Orrin City__ on Monday.
Who was elected? | “I am tired,” Robert Lund said.
Who wrote the letter? | The letter was written by __Maria Costa__, who teaches in Tarn.
Who replaced Lund? | On Monday __Maria Costa__ replaced Lund.
Who ran the Harwick poll? | The views of Robert Lund have taken their toll on Harwick, a poll found.
Who will decide about the harbour? | The mayor would sue Maria Costa over the new rules of the harbour.
When will Roe bring back the ferry? | Beginning __September 14__, the company is bringing back the ferry of 40 seats.
When should the relay start? | On __October 30__, the first of 12,000 runners will begin to carry it.
What was the aggregate score? | Selby won by a staggering __12-1__ on aggregate.
Who wrote The Ferry? | The two meet in “The Ferry,” a novel by __Maria Costa__, a former captain.
When did Lund die? | The case was argued in January, a month before Lund died.
When does the Lund trial begin? | Lund was absent again Tuesday from a hearing, but the judges heard him.
When was the bridge repaired? | Maria Costa, a painter, said in 2019 that it looked like new.
""".strip().splitlines()

ABSENT = """
How many people were killed in Tarn? | More than 1 million people fled to Tarn after the raid.
How many were arrested? | The march drew 4,000 people.
How many people died? | The bus left the road near Tarn.
How much did the dam cost? | The dam was finished in 1931 after nine years.
When did the strike begin? | It began, they say, with a letter.
How old is the tree? | The tree has stood there since the flood.
How long did the strike last? | The strike ended on Friday, the union said.
Who closed it? | It was closed.
Where is it? | It is closed.
""".strip().splitlines()


@pytest.mark.parametrize("pair", PAIRS)
def test_the_words_that_answer_are_found_or_none(pair: str) -> None:
    question, marked = pair.split(" | ")
    sentence = marked.replace("__", "")
    found = find_answer(question, sentence)
    wanted = re.search("__(.+?)__", marked)
    assert (found.span.of(sentence) if found and found.span else None) == (wanted and wanted[1])


@pytest.mark.parametrize("pair", ABSENT)
def test_a_sentence_may_hold_nothing_of_the_asked_for_kind(pair: str) -> None:
    found = find_answer(*pair.split(" | "))
    assert found is not None
    assert not found.present


@pytest.mark.parametrize("question", ["Why was it closed?", "What did Roe say?", "Who is Ada Roe?", "how did it start"])
def test_some_questions_have_no_answer_of_one_form(question: str) -> None:
    assert find_answer(question, "Ada Roe said on Monday that 300 readers had signed.") is None


PIECES = """
Who How many much When Where old long is was did Roe, Ada the The 12 1,300 $5 million on Monday in Harwick, Ohio by said
(AP) -- “No” police 52, three-day a.m. ’s . ? 2011 crowns per cent
"""
WORDS = st.sampled_from(PIECES.split())


@given(st.lists(WORDS, max_size=9).map(" ".join) | st.text(), st.lists(WORDS, max_size=30).map(" ".join) | st.text())
def test_a_span_lies_within_the_sentence(question: str, sentence: str) -> None:
    found = find_answer(question, sentence)
    if found is not None and found.span is not None:
        assert found.present
        assert found.span.of(sentence).strip() == found.span.of(sentence) != ""


@pytest.mark.parametrize(
    ("question", "sentence", "present"),
    [
        ("who did the autopsy on Gaddafi", "Doctors completed an autopsy of Moammar Gadhafi on Sunday.", False),
        ("who arrested Zelenskiy's aide", "Volodymyr Zelensky arrested nobody.", False),
        ("who follows Karen Roe", "Karin Roe stays.", False),
        ("who follows Karen Roe", "Ines Dahl follows her.", True),
        ("who succeeds Johnson", "Liz Truss succeeds him.", True),
    ],
)
def test_the_asked_about_person_in_another_spelling_is_no_answer(question: str, sentence: str, present: bool) -> None:  # noqa: FBT001
    found = find_answer(question, sentence)
    assert found is not None
    assert found.present is present
