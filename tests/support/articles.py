"""Articles made up for tests; the places and people in them do not exist."""

from __future__ import annotations

from datetime import UTC, datetime

from retrieval.domain.articles import Draft

BRIDGE = Draft(
    text=(
        "Harbour bridge closed after cracks are found\n\n"
        "The harbour bridge was closed on Tuesday after an inspector found cracks in two of its bearings.\n\n"
        "“Nobody was ever in danger,” said Ada Okafor, the mayor of Port Selby. "
        "“But we will not wait for luck to run out.”\n\n"
        "Engineers hope to reopen one lane within a week, the port authority told residents in a letter.\n"
    ),
    publisher="The Selby Courier",
    url="https://courier.example/bridge",
    published_at=datetime(2024, 5, 7, tzinfo=UTC),
)

BAKERY = Draft(
    text=(
        "Oldest bakery in Port Selby wins national prize\n\n"
        "A bakery that has sold rye bread since 1871 won the national prize for craft on Saturday.\n\n"
        "“My grandmother would have asked what took them so long,” said Piotr Lindqvist, who runs the bakery.\n\n"
        "The prize comes with 10,000 crowns, which will pay for a new oven.\n"
    ),
    publisher="Selby Radio",
    published_at=datetime(2024, 6, 1, tzinfo=UTC),
)

SCHOOL = Draft(
    text=(
        "School roof to be repaired over the summer\n\n"
        "The roof of the primary school will be repaired in July because rain came through the ceiling of the gym.\n\n"
        "Linda Okafor, the head teacher, called the work “long overdue” and thanked the parents for their patience.\n"
    ),
    publisher="The Selby Courier",
    published_at=datetime(2024, 4, 2, tzinfo=UTC),
)
