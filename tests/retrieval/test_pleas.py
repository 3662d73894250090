"""What a page tells its reader for its own sake is no passage, and never the marked sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.boilerplate import layout
from retrieval.text.pleas import is_all_pleas, is_plea

PLEAS = """
Follow here for the latest updates.
Follow our live coverage here for more updates.
Follow Ana Costa on Twitter @anacosta_hh.
You can follow the Harbour Herald on Facebook, Instagram and X.
Follow him @tarnreporter.
Sign up here for our morning newsletter.
Please sign up to the Harwick Briefing to get the news in your inbox.
Subscribe to our podcast wherever you listen, for free today.
Get the Tarn Tribune's best stories delivered to your inbox every morning.
Want more stories like this in your inbox? Sign up now.
Never miss a match with our sports newsletter.
To stay up to date on the vote, subscribe to our weekly newsletter.
Download our app for breaking news alerts.
Click here to read the whole report.
Read more: Harbour bridge to close for a year
RELATED: Ferry fares rise in spring
Also read: How the vote was counted
WATCH: Crowds cross the new bridge
More on the bridge: What the inspector found
Support local journalism by becoming a member today.
Become a subscriber to the Harwick Post and never miss a story like this.
Consider donating to support our newsroom.
Thank you for reading the Harwick Post.
This article is free. Please consider a subscription to support our reporting.
You have read three of your five free articles this month.
Already a subscriber? Log in.
We use cookies to improve your experience on this site.
This website uses cookies.
harwickpost.com uses third-party cookies to measure visits.
By continuing to use this site you agree to our use of cookies and our privacy policy.
You can change your cookie settings at any time.
Accept all cookies.
By signing up you agree to our terms and conditions.
You can unsubscribe at any time.
Please enable JavaScript to read this page.
Your browser does not support video.
Share this article on Facebook, WhatsApp or by email.
Article continues below.
The story continues after the advertisement.
Ana Costa and Bo Lund contributed to this report.
Reporting by Ana Costa in Harwick; editing by Bo Lund
Contributing: Ana Costa, Harwick Post
Email the author at acosta@example.org.
A version of this story first appeared in our Harbour newsletter.
Wir verwenden Cookies, um unsere Seite zu verbessern.
Lesen Sie auch: Die Brücke wird gesperrt
Lire aussi : Le pont sera fermé
Lea también: El puente cierra
""".strip().splitlines()

NEWS = """
The company uses cookies to follow its users, the court found.
Cookies were served at the mayor's reception.
The newsletter was read by 40,000 people before it closed.
He signed up for the army in 1999 and never came back.
Police asked residents to follow the marked road to the harbour.
“Follow us on Twitter,” the mayor said.
Follow the money, the prosecutor said on Twitter.
Residents can register for the vote at the town hall until Friday.
More than 300 people signed the letter.
Read aloud, the letter takes four minutes.
Share prices fell on Monday.
The mayor contributed 500 dollars to the campaign.
Subscribers left the platform after the price went up.
Support for the bridge is growing in the north.
Get out of the water, the guard shouted.
Watch towers were built along the river.
Thank you letters arrived from three continents.
We use less water than ten years ago.
Related companies were fined as well.
Contact with the ship was lost at noon.
Anyone with information is asked to contact the police at 555-0100.
Click beetles were found in the wood.
""".strip().splitlines()


@pytest.mark.parametrize("line", PLEAS)
def test_a_plea_is_no_passage(line: str) -> None:
    lede = "The harbour bridge was closed on Tuesday after an inspector found cracks in two of its bearings."
    assert is_all_pleas(line)
    assert [span.of(f"{lede}\n\n{line}\n\n{lede}") for span in layout(f"{lede}\n\n{line}\n\n{lede}").text] == [
        lede,
        lede,
    ]


@pytest.mark.parametrize("line", NEWS)
def test_news_is_no_plea(line: str) -> None:
    assert not is_plea(line)
    assert not is_all_pleas(line)


def test_a_paragraph_with_news_in_it_stays() -> None:
    assert not is_all_pleas("The bridge reopened on Friday. Follow here for the latest updates.")
    assert is_plea("Follow here for the latest updates.")


@given(st.text(max_size=600))
def test_no_text_is_too_odd(text: str) -> None:
    assert is_plea(text) in {True, False}
    assert is_all_pleas(text) in {True, False}
