"""How large articles, files, questions and answers may be, wherever they are fetched, read, asked or stored."""

from typing import Final

LONGEST_TEXT: Final = 400_000
"""Characters of the longest text that is read as an article: some eighty pages of a newspaper.

Measured of 387,000 characters of news on one core: 0.4 s by rules, with a parse 12 s and 450 MB, against the 90 s and
1.5 GB that the worker is allowed; and 364 passages to embed. Longer texts are books, or attacks.
"""

LARGEST_FILE: Final = 5_000_000
"""Bytes of the largest file or page: the text of an article is a small part of what stands around it."""

LONGEST_QUESTION: Final = 300
"""Characters of a question."""

MOST_CITATIONS: Final = 10
"""Passages of an answer, each of another story; members page through them."""

SHORTEST_ANNOUNCED: Final = 20
LONGEST_ANNOUNCED: Final = 300
"""Characters of a quotation that is announced with its article."""

LONGEST_TITLE: Final = 300
LONGEST_NAME: Final = 120
"""Characters of a publisher or an author."""
MOST_AUTHORS: Final = 50
LONGEST_URL: Final = 2_000
MOST_LINKED: Final = 50
"""Quoted words in a page's linked data."""
LONGEST_LINKED: Final = 1_000
"""Characters of each."""
