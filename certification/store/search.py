"""Search: keys under which names are found whatever their tones and case, and the Vietnamese order of names."""

import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # the order of Vietnamese dictionaries: huyền, hỏi, ngã, sắc, nặng


def fold(text: str) -> str:
    """``Huyện Đắk Hà`` → ``huyen dak ha``: what a name and a search for it are both turned into.

    Databases do this differently (SQLite cannot even lower ``Đ``), so the key is stored beside the name.
    """
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


def collation_key(text: str) -> str:
    """A text that sorts as Vietnamese dictionaries do: letters first (a ă â … d đ), then tones, byte by byte.

    Every letter becomes a character of its place in the alphabet; the tones follow after a separator, so that
    names that differ by tone only stand together in the order none, huyền, hỏi, ngã, sắc, nặng.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFC", text).lower():
        parts = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in parts if mark in _TONES), "")
        base = unicodedata.normalize("NFC", parts.replace(tone, "")) if tone else char
        place = _ALPHABET.find(base)
        letters.append(
            f"{place + 10:02d}"
            if place >= 0
            else f"0{base}"
            if base.isdigit()
            else "00"
            if base.isspace()
            else f"9{base}"
        )
        tones.append(str(_TONES.index(tone) + 1) if tone else "0")
    return f"{''.join(letters)} {''.join(tones)}"
