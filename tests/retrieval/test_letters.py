"""Letters signed by a name and a place are what the signer says."""

import pytest

from retrieval.text.quotations import find_quotations

_LIBRARY = "I was sorry to read that the library will close. My children learnt to read there."
_POOL = "We all pay for the pool, but few of us swim in it. I think the council is right to ask for more."


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"Dear Sir,\n\n{_LIBRARY}\n\nMarta Quill, Leeds", ["Marta Quill"]),
        (f"Dear Editor,\n{_LIBRARY}\nMarta Quill, Leeds", ["Marta Quill"]),
        (f"Dear Sir,\n\n{_LIBRARY}\n\nYours faithfully,\nMarta Quill", ["Marta Quill"]),
        (f"Letters\n\n{_LIBRARY}\n\nMarta Quill, Leeds", ["Marta Quill"]),
        (
            f"Letters to the editor\n\n{_LIBRARY}\n\nMarta Quill, Leeds\n\n{_POOL}\n\nTom Brandvold, York",
            ["Marta Quill", "Tom Brandvold"],
        ),
        (
            f"Your letters\n\n{_LIBRARY}\n\nMarta Quill, Leeds\n\n{_POOL}\n\n{_POOL}\n\nTom Brandvold, North Berwick",
            ["Marta Quill", "Tom Brandvold", "Tom Brandvold"],
        ),
        (
            f"Letters\n\nDear Sir,\n\n{_LIBRARY}\n\nMarta Quill, Leeds\n\nDear Sir,\n\n{_POOL}\n\nTom Brandvold, York",
            ["Marta Quill", "Tom Brandvold"],
        ),
        (f"Readers’ letters\n\n{_LIBRARY}\n\nMarta Quill, Leeds", ["Marta Quill"]),
        (f"{_LIBRARY}\n\nMarta Quill, Leeds", []),
        (f"Letters were sent about the library.\n\n{_LIBRARY}\n\nMarta Quill, Leeds", []),
        (f"Dear readers,\n\n{_LIBRARY}\n\nLeeds, Yorkshire", []),
        (f"Letters\n\n{_LIBRARY}\n\nName and address withheld", []),
    ],
)
def test_a_letter_is_its_signers(text: str, names: list[str]) -> None:
    assert [speaker.name for found in find_quotations(text) for speaker in found.speakers] == names
