"""Plain text: what is kept reads as it was typed. NFC, lines that end alike, nothing that cannot be seen.

Characters that turn the direction of writing can make a reason or a name read as something else than it is, and what
is invisible makes two names look like one. Forms drop them and say so (``web.middleware``), files are refused with
the place of each (``evidence.values.CONTROL``); what comes any other way is refused here, before it is saved.
"""

import unicodedata
from typing import Any

from django.db.models import CharField, Model, TextField

from certification.store.unfit import Unfit
from evidence.values import CONTROL
from levels.faults import Text


def tidy(text: str) -> str:
    """``text`` in NFC, its lines ended by one character; what is invisible is still there."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def strip_hidden(text: str) -> tuple[str, int]:
    """``text`` as ``tidy`` leaves it, without control, direction and invisible characters; how many there were."""
    return CONTROL.subn("", tidy(text))


def refuse_hidden(sender: type[Model], instance: Model, raw: bool = False, **_: Any) -> None:
    """Before a row is saved: bring its text into its plain form.

    Raises ``Unfit`` naming the column whose text holds what cannot be seen.
    """
    if raw:
        return
    for column in sender._meta.concrete_fields:  # noqa: SLF001 - Django documents it
        # What nobody types (keys of search and order, hashes) is not text.
        if not isinstance(column, CharField | TextField) or not column.editable or column.choices:
            continue
        text = getattr(instance, column.attname)
        if not isinstance(text, str) or (text.isascii() and text.isprintable()):
            continue
        plain = tidy(text)
        if hidden := CONTROL.search(plain):
            raise Unfit(refusal(hidden.group()), column.name)
        if plain != text:
            setattr(instance, column.attname, plain)


def refusal(character: str) -> Text:
    """What is said of a text that holds ``character``."""
    name = f"U+{ord(character):04X}"
    return Text(
        vi=f"Có ký tự điều khiển hoặc ký tự ẩn ({name}); hãy xóa rồi gõ lại.",
        en=f"There is a control or invisible character ({name}); delete it and type the text again.",
    )
