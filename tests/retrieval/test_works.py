"""Titles, names, signs, links and scare quotes name nobody, and what is said does."""

import pytest

from retrieval.text.quotations import find_quotations

TITLES = [
    "Rosa Blum sang “Salt and Rope” at the harbour.",
    "Rosa Blum said her song “Salt and Rope” was finished.",
    "Rosa Blum starred in “The Last Ferry” for two years, Hollis Kerr said.",
    "Rosa Blum, who starred in “The Last Ferry,” said she was tired.",
    "Hollis Kerr said he had read the novel “Salt and Rope” twice.",
    "Hollis Kerr’s second album, “Salt and Rope,” is out, said Rosa Blum.",
    "In her memoir, “Salt and Rope,” Rosa Blum says little.",
    "Rosa Blum said the film “The Last Ferry” had been cut.",
    "“The Last Ferry” star Rosa Blum said she was tired.",
    "“The Last Ferry,” a film by Rosa Blum, said little.",
    "“Salt and Rope” by Rosa Blum was printed in May.",
    "“Salt and Rope” (Gull Press, 2019) is Rosa Blum’s best book.",
    "Rosa Blum told the host of “Morning Harbour” that she was tired.",
    "Rosa Blum said on Sunday on “Morning Harbour” that she was tired.",
    "Rosa Blum told BBC’s “Morning Harbour” that she was tired.",
    "Rosa Blum hosts “Morning Harbour” and says she is tired.",
    "Rosa Blum wrote an essay called “Against Ferries” and said so.",
    "Rosa Blum published a report titled “Ferries Without Captains” and said so.",
    "Rosa Blum’s exhibition “Nets and Knots” opens on Friday, Hollis Kerr said.",
    "“Nets and Knots” opens on Friday in Selby, Rosa Blum said.",
    "The chapter “When to Leave” is short, Rosa Blum wrote.",
    "The podcast “Deep Water” named Rosa Blum its guest.",
    "The musical is known for “Wet Feet” and “Dry Land,” Rosa Blum said.",
    "Rosa Blum played “Clear Night” and, as an encore, “Wet Feet.”",
    "The painting “Two Herons” was sold to Rosa Blum.",
    "The episode “A Bad Tide” was written by Rosa Blum.",
    "The cast of “The Last Ferry” met Rosa Blum.",
    "The video game “Harbour Master” amuses Rosa Blum, she said.",
    "Rosa Blum called her boat, the yacht “Second Wind,” a friend.",
    "Rosa Blum won a prize for “Salt and Rope,” said Hollis Kerr.",
    "The handbook “Living With Water” was reprinted, Rosa Blum said.",
    "Tickets for “The Last Ferry” are gone, Rosa Blum said.",
    "Hollis Kerr said that Rosa Blum is the maker of “Dust.”",
    "The restaurant “The Angry Leek” belongs to Rosa Blum, Hollis Kerr said.",
]

LABELS = [
    "The so-called “right to moor” is dead, Rosa Blum said.",
    "Rosa “The Gull” Blum said she was tired.",
    "Rosa Blum, known as “the Gull,” said she was tired.",
    "Rosa Blum, nicknamed “Gull,” said she was tired.",
    "Rosa Blum, dubbed the “ferry queen,” said she was tired.",
    "Rosa Blum goes by the name “Gull,” she said.",
    "Rosa Blum said a group called “Friends of Mud” had written.",
    "Rosa Blum said the word “mud” had many meanings.",
    "Rosa Blum said the term “mud flat” was wrong.",
    "The name Blum is German for “flower,” she said.",
    "Supporters wore caps with the slogan “Row Harder,” Rosa Blum said.",
    "Rosa Blum ran under the slogan “Row Harder.”",
    "Rosa Blum held a sign that read “Go home.”",
    "Rosa Blum carried a banner reading “No more mud” through Selby.",
    "Rosa Blum wore a T-shirt that said “I float.”",
    "Rosa Blum said he wore a hat emblazoned with “I float” that day.",
    "“No more mud,” read a sign that Rosa Blum held.",
    "Rosa Blum posted it with the hashtag “RowHarder.”",
    "Related: “Rosa Blum: why I left the sea”",
    "READ MORE: “Ferry sinks,” says Rosa Blum",
    "Watch: “Rosa Blum sings in the rain”",
    "See also: “Ten ferries to avoid,” by Rosa Blum",
    "Trending now: “Rosa Blum in tears”",
    "Don’t miss: “The ferry that came back”",
    "NEWS | SPORT | “Best of the week” | “My account”",
    "Click “Accept all” and then “Continue,” says the manual by Rosa Blum.",
    "The “experts” whom Rosa Blum met were two cousins.",
    "Rosa Blum serves “artisan” coffee in a shed.",
    "Rosa Blum walked in to chants of “Row! Row! Row!” on Monday.",
    "The door marked the end. The tattoo said “Mother,” and Rosa Blum’s friends laughed.",
    "Her motto, “Row harder,” hangs in Rosa Blum’s office.",
    "Rosa Blum “borrowed” the boat from a museum.",
    "Rosa Blum wrote the words “mud” and “tide” on the board.",
    "By “order” Rosa Blum means fewer ferries.",
    "The headline “Ferry Sinks” made Rosa Blum angry.",
]

SAID = [
    ("Rosa Blum called the plan “a coffin.”", "a coffin."),
    ("Rosa Blum described the ferry as “old and slow.”", "old and slow."),
    ("Rosa Blum said the film was “mostly mud.”", "mostly mud."),
    ("“The film is mostly mud,” Rosa Blum said.", "The film is mostly mud,"),
    ("In her book, Rosa Blum writes: “The sea is a clerk.”", "The sea is a clerk."),
    ("Of the song, Rosa Blum said: “It Took Years.”", "It Took Years."),
    ("“No,” Rosa Blum said.", "No,"),
    ("“Never Again,” Rosa Blum said.", "Never Again,"),
    ("Rosa Blum, who hosts a show, said: “It is late.”", "It is late."),
    ("In a statement headlined by her name, Rosa Blum said: “It is late.”", "It is late."),
    ("After she had watched the film, Rosa Blum said: “It is late.”", "It is late."),
    ("Under a sign, Rosa Blum said: “It is late.”", "It is late."),
    ("Rosa Blum tweeted: “It Is Late.”", "It Is Late."),
    ("“It is late,” said Rosa Blum, author of a novel.", "It is late,"),
    ("Rosa Blum shouted “Bravo!”", "Bravo!"),
    ("More ferries are needed, Rosa Blum said: “It is late.”", "It is late."),
    ("Rosa Blum said she was “deeply sorry.”", "deeply sorry."),
]


@pytest.mark.parametrize("text", [*TITLES, *LABELS])
def test_nobody_is_named_for_what_is_not_said(text: str) -> None:
    assert not [one.content.of(text) for one in find_quotations(text) if one.speakers]


@pytest.mark.parametrize(("text", "words"), SAID)
def test_what_is_said_keeps_its_speaker(text: str, words: str) -> None:
    (found,) = (one for one in find_quotations(text) if one.content.of(text) == words)
    assert [who.name for who in found.speakers] == ["Rosa Blum"]
