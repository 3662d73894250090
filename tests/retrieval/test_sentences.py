"""Sentences of news English; a bar in the table stands where one ends."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.domain.articles import Span
from retrieval.text.sentences import sentences

CASES = """
“It would be a mistake,” press secretary Maj. Gen. Ann Lee told reporters.|“There are other ways.”
“All of that is a waste.|He could have chosen otherwise.|He did not,” a U.S. official told the paper.
Sen. Amy Roe (D-Vt.) wrote that he is “not so upset that he’ll turn down $3.3B.”|Aides agreed.
The firm moved to the U.S.|It now employs 40 people.
The U.S. Senate voted.|Sen. Roe spoke for the U.S. delegation.
"Did you see it?" she asked.|"No," he said.
“Stop!” shouted Officer Lee.|The man ran.
“He can’t do that!” Smith said, adding: “Who is he?”|Jones agreed.
“Did you see it?” asked Mr. Brown.|“I did not!”|He laughed.
The talks ended at 5 p.m. Monday in Geneva.|They resume at 9 a.m.|Delegates will attend.
The vote is at 9 p.m. ET on Friday.|Polls close then.
Prices rose 3.5 percent in Jan. 2012, the Labor Dept. said.|That beat forecasts of 2.1 percent.
Dr. Jane A. Smith, M.D., of St. Mary's Hospital in Washington, D.C., agreed.|She left.
Acme Corp. declined to comment.|He works for Acme Inc. in Boston.
"I am sorry," said J.R. Smith, 34.|"It was wrong."
Rep. Jim Moss, R-Ohio, and Gov. Ida Grey, D-Mich., met on Jan. 5.|They talked.
The No. 1 seed beat No. 8 seed Hall 6-4, 6-2.|It took 1 hr. 20 min.
Lt. Col. James Brown was killed near Ft. Worth, Texas.|An inquiry began.
He bought it for $1.5 million... and then sold it.|Nobody knew why.
“What we do . . . is not for show,” she said.|He agreed.
"You can't say that," Roe said.|(She later apologised.)|The crowd booed.
Was it worth it?|Absolutely!|We would do it again.
The quake hit at 4:53 p.m.|Buildings fell.
“Is this the end?”|No one knew.
1. A trio of costumes
Yahoo! Inc. fell.|Its rival did not.
The fire killed Ashley "A.J." Porter and Thomas "T.R." Lindqvist of Harwick.|Both were firefighters.
MANCHESTER, N.H. (AP) — The senator spoke for an hour.|Nobody left.
Pvt. Ronald “R.J.” Osei of Dayton was hurt.|He is 23.
Harold "Hal" Burr spoke.|He left.
ST. PAUL, Minn. (Reuters) - The dam failed.|Water rose.
WASHINGTON, D.C. (Daily Herald) — A vote is due.|It will be close.
BATON ROUGE, La. -- The river fell.|Boats ran aground.
The former U.S. Ambassador Jane Roe resigned.|She had served since 2012.
The U.S. Department of Energy agreed.|The deal ends in May.
He moved to the U.S. in 1999.|He stayed.
The flight left the U.K. on Friday.|It landed on Saturday.
W. Somerset Hale wrote it.|J. K. Maro read it.|C.S. Ilves did not.
The author J. R. R. Feld died.|He was 81.
Mary J. Toll won.|Plan B failed.
The Rev. Dr. Paul Orr Jr. said so.|He left.
Martin Hale Jr., 41, and Sr. Pilar Anz met.|They talked.
Brig. Gen. Tom Ux, Adm. Lou Perch and Maj. Iva Stone spoke.|Nobody asked.
First Sgt. Adam Crane, Sgt. 1st Class Bo Lund and Spc. Cy Ness died.|An inquiry began.
Det. Chief Insp. Nora Wells arrested him.|He denied it.
Asst. Atty. Gen. Ruth Ames objected.|The judge agreed.
Lt. Gov. Peg Dunn and Supt. Al Fry resigned.|Both gave no reason.
Acme Co. Ltd. was sold.|The price is not known.
She joined Baker & Sons Inc. in 2004.|It failed.
Shares of Tarn Bros. Holdings fell.|They recovered later.
The shop on Main St. closed.|Its owner moved to Oak Ave. last year.
He lives at 12 St. John's Rd. in Harwick.|She does not.
The case of Orr v. Lund was heard.|Roe vs. Wade was cited.
Smith, et al. v. Jones was dropped.|No reason was given.
She has a Ph.D. in physics.|He has an M.B.A. from Yale.
Elsa Birk, Ph.D., agreed.|Ann Roe, Esq. did not.
Flight No. 5 was late.|No. 6 was not.
He was asked.|The answer was no.|Nobody came.
See pp. 12-14 and fig. 3 for details.|The rest is in vol. 2.
The harbour's keeper, Ada Lund, said Sept. 23 during a visit that p. 3, ch. 4, para. 5 and Art. 6 stand.|P. Orr left.
It began at 8 p.m.|Police arrived late.
The bus left at 10:30 a.m. Eastern.|It was full.
They met at 4 p.m. local time.|Rain fell.
I wonder ... maybe not.|He left.
“I wonder …” she said.|He left.
"It is over."|He left.
“We won’t go.”[1]|The crowd cheered.
The dam was built in 1931.[2]|It failed in 1976.[3]|Nobody died.
Read it at www.example.org.|It is free.
See https://example.org/a.html?b=1.|It is long.
It rose 3.5 percent to $4.25.|The other fell .5 percent.
Version 2.0 is out.|It costs 3.50 euros.
Der Vertrag vom 3. Oktober 1990 gilt.|Er endet nie.
Am 24. Dezember schloss das Werk.|Im 19. Jahrhundert war es neu.
Die 2. Bundesliga beginnt.|Der 1. FC Harwick spielt.
He turned 30.|Later he left.
The score was 4.|Nobody scored again.
It happened on Jan. 5.|On Feb. 6, it ended.
He left in Sept. Nobody knew.
He left in Oct. 1999.|She left in Nov. of that year.
The firm, est. 1901, is old.|It is in Mass. now.
Harwick, Mich. voters went to the polls.|Turnout was low.
She is from Harwick, Ohio.|He is from Tarn, Wash. and likes it.
“What?!” she cried.|“No!”
Who?|Me?|Yes!
Jeopardy! host Al Roe died.|He was 80.
He played for Yahoo! for years.|It closed.
The E.P.A. Administrator resigned.|The F.B.I. Director did not.
The U.N. Security Council met.|It adjourned.
The D.C. Circuit ruled.|It was 2-1.
Mrs. O'Hara and Ms. de la Cruz met Messrs. Lund and Orr.|They talked.
e.g. cars, i.e. vehicles, approx. 5 of them, came.|They left.
“Go!” Gov. Ida Grey said.|He went.
It cost approx. $5 million.|It is a lot, cf. the budget.
Capt. Sara Lin (ret.) and Col. Max Oy, USMC (Ret.), agreed.|The general did not.
(He was late.)|She was not.
The band (formed in St. Louis, Mo.) split.|Fans wept.
Rep. Al Roe, R-Fla., met Sen. Bo Lee, D-N.Y., on Monday.|Both left.
Sen. Bo Lee, D-N.Y. and Rep. Al Roe agreed.|It passed.
The Dow rose 1.2%.|The S&P 500 fell.
She was born c. 1900.|He was born ca. 1910.
Robert E. Lee High School closed.|Franklin D. Roe Elementary did not.
Room 101 at St. Mary's Univ. Hospital was empty.|It burned.
Gates 1-4 at Wm. Penn Bldg. closed.|Geo. Hale left.
Chas. Lund died on Tues. in Harwick.|He was 90.
He paid Rs. 500 and Fr. 20.|It was too much.
At approx. 5 ft. 10 in. tall, he was short.|She was 6 ft. 2.
It is 20 sq. mi. in area.|It has 5 min. of sun.
“I did it,” he said.|“She helped.”
He said it was “over.”|Then he left.
The Hon. Mr. Justice Pryce ruled.|The Rt. Hon. Ann Roe did not.
Gen. Sec. Bo Lund resigned.|Vice Adm. Cy Roe stayed.
It was plan B.|Nobody liked it.
Paul Orr Jr.|He was late.
He founded Orrin Corp.|He sold it in 2009.
She holds a Ph.D.|She teaches.
He paused...|Then he left.
“It is over.”|“Is it?”
He lives in Boston, Mass.|She does not.
Agents of the F.B.I.|They came at night.
He lives in Washington, D.C.|His wife does not.
“He is gone.”|Smith said no more.
He called it “a mess.”|Others agreed.
“Are you mad?”|She said, “No.”|He left.
“Run!”|The man said nothing.
The Harwick (Vt.) Herald and the Tarn (Ore.) Post closed.|Others did not.
Orrin, Inc. (ORN) and Acme Corp. (the parent) merged.|It took a year.
He moved to the U.S.|(He had been born in Harwick.)
He joined the U.S.[4] Navy.|She did not.
The lake is deep.²|It is cold.³
The show is on at 9 p.m. ET/PT on Fridays.|The second part follows.
The rate fell to 4.2%.[12]|It rose later.[13]|Nobody knows why.
Mt. Hood and Ft. Bragg are far.|St. Reyes is not.
""".strip().splitlines()


@pytest.mark.parametrize("case", CASES)
def test_sentences_end_where_a_reader_would_end_them(case: str) -> None:
    text = case.replace("|", " ")
    assert [found.of(text) for found in sentences(text)] == case.split("|")


def test_an_empty_line_ends_a_sentence_and_a_line_break_does_not() -> None:
    text = "A headline\n\nThe mayor of\nRiver City left."
    assert [found.of(text) for found in sentences(text)] == ["A headline", "The mayor of\nRiver City left."]


def test_only_the_span_is_read() -> None:
    text = "One left. Two stayed. Three sang."
    assert sentences(text, Span(10, 21)) == [Span(10, 21)]


PIECES = st.lists(
    st.sampled_from(
        [
            "Mr. Roe ",
            "said. ",
            "U.S. ",
            "“No!” ",
            "He ",
            "\n\n",
            "\n",
            "3.5 ",
            "… ",
            "x",
            ".",
            " ",
            "[1]",
            "“A.J.” ",
            "(AP) ",
            "am 3. ",
        ]
    )
)


@given(st.text() | PIECES.map("".join))
def test_nothing_but_white_space_lies_outside_of_sentences(text: str) -> None:
    found = sentences(text)
    assert re.sub(r"\s", "", text) == re.sub(r"\s", "", "".join(span.of(text) for span in found))
    assert found == sorted(found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(span.of(text) == span.of(text).strip() for span in found)
