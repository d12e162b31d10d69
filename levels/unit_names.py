"""Names of units as decisions print them and as offices write them: when two of them name the same unit.

The decisions themselves write one office in several ways: «Sở Lao động –Thương binh và Xã hội» and
«Sở Lao động, Thương binh và Xã hội», «Văn hoá» and «Văn hóa», «UBND huyện Gia Bình» for huyện Gia Bình.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
_SYLLABLE = re.compile(r"[^\W_]+")
_COMMITTEES = (("ubnd",), ("uy\u0309", "ban", "nhân", "dân"))  # as _syllables gives them


def same_unit(printed: str, name: str) -> bool:
    """Whether ``name`` is the unit that a decision prints as ``printed``.

    Not told apart: a committee and its place («UBND quận Ba Đình», quận Ba Đình), upper and lower case,
    where the tone stands (hoá, hóa), composed and decomposed letters, dashes, commas and spaces.
    A different letter or tone is a different unit, and so is a different kind: huyện is not thị xã.
    """
    return _syllables(printed) == _syllables(name)


def absent(printed: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Those of the units ``printed`` in a list that none of ``names`` names, in printed order."""
    known = {_syllables(name) for name in names}
    return tuple(entry for entry in printed if _syllables(entry) not in known)


@functools.lru_cache(maxsize=4096)
def _syllables(name: str) -> tuple[str, ...]:
    found = tuple(map(_tone_last, _SYLLABLE.findall(unicodedata.normalize("NFC", name.casefold()))))
    for committee in _COMMITTEES:
        if found[: len(committee)] == committee and len(found) > len(committee):
            return found[len(committee) :]
    return found


def _tone_last(syllable: str) -> str:
    """``syllable`` with its tone behind the last letter, so that it does not matter which vowel carries it."""
    letters = unicodedata.normalize("NFD", syllable)
    tones = "".join(letter for letter in letters if letter in _TONES)
    plain = "".join(letter for letter in letters if letter not in _TONES)
    return unicodedata.normalize("NFC", plain) + tones
