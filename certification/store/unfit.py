"""Unfit: what somebody asked for cannot be done, as plain words for the form that he filled in."""

from django.db.models import Model

from levels.faults import Text


class Unfit(Exception):
    """What was asked for does not fit; ``text`` says why and what is expected, ``field`` which entry it concerns."""

    def __init__(self, text: Text, field: str = "") -> None:
        super().__init__(text.en)
        self.text = text
        self.field = field


def refuse_long(model: type[Model], field: str, **texts: str) -> None:
    """Raise ``Unfit`` where one of ``texts`` is longer than its column of ``model``: SQLite would take it, not so
    PostgreSQL. ``field``: the entry of the form that it concerns.
    """
    for name, text in texts.items():
        column = model._meta.get_field(name)  # noqa: SLF001 - Django documents it
        most = getattr(column, "max_length", None)
        if most is not None and len(text) > most:
            raise Unfit(
                Text(
                    vi=f"«{text[:40]}…» dài {len(text)} ký tự; tối đa {most}.",
                    en=f"“{text[:40]}…” has {len(text)} characters; at most {most}.",
                ),
                field,
            )
