"""Search: keys under which names are found whatever their tones and case, and the Vietnamese order of names."""

import unicodedata

from reports import words


def fold(text: str) -> str:
    """``Huyện Đắk Hà`` → ``huyen dak ha``: what a name and a search for it are both turned into.

    Databases do this differently (SQLite cannot even lower ``Đ``), so the key is stored beside the name.
    """
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


MOST_WORDS = 12
"""Words of a search that are looked for: each asks one question more of the database, and anybody may search."""


def words_of(text: str) -> list[str]:
    """The words to be looked for when somebody searches for ``text``."""
    return fold(text).split()[:MOST_WORDS]


def collation_key(text: str) -> str:
    """``reports.words.collation_key`` as a text that a database sorts byte by byte in the same order."""
    letters, tones, _ = words.collation_key(text)
    return f"{''.join(f'{letter:04x}' for letter in letters)} {''.join(map(str, tones))}"
