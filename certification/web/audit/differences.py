"""Differences: what an entry of the log says was before and is after, value by value."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from certification.web.speech import say
from reports.words import NOTHING


@frozen
class Difference:
    """One value by its name, before and after; ``changed``: the two differ."""

    name: str
    before: str
    after: str
    changed: bool


def compare(before: Any, after: Any) -> list[Difference]:
    """Every value of the two sides, those that differ first."""
    then, now = dict(_flatten("", before)), dict(_flatten("", after))
    names = list(dict.fromkeys((*now, *then)))
    found = [
        Difference(name, then.get(name, NOTHING), now.get(name, NOTHING), then.get(name) != now.get(name))
        for name in names
    ]
    return sorted(found, key=lambda each: not each.changed)


def _flatten(name: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case None if not name:
            return
        case dict() if value:
            for key, inner in value.items():
                yield from _flatten(f"{name} › {key}" if name else str(key), inner)
        case list() if value and any(isinstance(inner, dict | list) for inner in value):
            for place, inner in enumerate(value, start=1):
                yield from _flatten(f"{name} › {place}" if name else str(place), inner)
        case _:
            yield name, _text(value)


def _text(value: Any) -> str:
    match value:
        case None | "" | [] | {}:
            return NOTHING
        case bool():
            return say("có", "yes") if value else say("không", "no")
        case list():
            return ", ".join(map(_text, value))
        case _:
            return str(value)
