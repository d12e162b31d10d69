"""Which language the command line speaks: ``--lang vi|en`` anywhere, else CERTIFY_LANG, else Vietnamese."""

from collections.abc import Mapping, Sequence

from levels.faults import Language, Text

_language: Language = "vi"


def choose_language(arguments: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Set the language and return the arguments without ``--lang``.

    A language other than ``vi`` and ``en`` stays among the arguments, where it is refused.
    """
    global _language
    _language = "en" if environment.get("CERTIFY_LANG") == "en" else "vi"
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if argument == "--":
            return [*rest, argument, *waiting]
        if name != "--lang":
            rest.append(argument)
            continue
        value = value if equals else next(waiting, "")
        if value in ("vi", "en"):
            _language = "en" if value == "en" else "vi"
        else:
            rest[:0] = ["--lang", value]
    return rest


def language() -> Language:
    """The language chosen for this run."""
    return _language


def say(vi: str, en: str) -> str:
    """The sentence of the two that is in the language chosen."""
    return vi if _language == "vi" else en


def tell(text: Text) -> str:
    """``text`` in the language chosen."""
    return text.say(_language)
