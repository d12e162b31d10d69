"""Which language a request speaks: the one chosen by the reader, else Vietnamese."""

from django.utils.translation import get_language

from levels.faults import Language, Text


def language() -> Language:
    """The language of the current request; Vietnamese outside of one."""
    return "en" if (get_language() or "").startswith("en") else "vi"


def say(vi: str, en: str) -> str:
    """The sentence of the two that is in the current language."""
    return en if language() == "en" else vi


def tell(text: Text) -> str:
    """``text`` in the current language."""
    return text.say(language())
