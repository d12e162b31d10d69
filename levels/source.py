"""Reads the text of a framework file into plain data and remembers where everything stands.

Strict YAML only: mappings, lists, whole numbers, true and false, and text. ``1.10``, ``yes`` and ``2025-03-10`` stay
text; anchors, aliases and tags are refused, so that no small file can grow into a large one.
"""

import os
import pathlib
import re
from collections.abc import Mapping
from typing import Any

from attrs import define, field, frozen
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from levels.faults import Findings, Text

MAX_BYTES = 2_000_000  # the largest instrument so far needs a tenth of it
MAX_DEPTH = 20
_MEGABYTES = MAX_BYTES // 10**6

Path = tuple[str | int, ...]
"""The way to a value: keys and list indices from the top of the file."""

_WHOLE_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")
_NOTHING = ("", "~", "null")


@frozen
class Positions:
    """Where every value of a file stands: row and column, both counted from 1."""

    file: str
    places: Mapping[Path, tuple[int, int]] = field(factory=dict)
    keys: Mapping[Path, tuple[int, int]] = field(factory=dict)

    def of_key(self, *path: str | int) -> tuple[int, int]:
        """The place of the key at the end of ``path``; where there is no such key, that of the value."""
        return self.keys.get(path) or self.of(*path)

    def of(self, *path: str | int) -> tuple[int, int]:
        """The place of ``path``, or of the nearest thing around it that the file holds."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))


class _Broken(Exception):
    """The text cannot be read any further; the fault has been noted."""


@define
class _Open:
    """A mapping or list that is still being read; ``key`` is the key whose value comes next, at ``key_place``."""

    value: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None
    key_place: tuple[int, int] = (1, 1)


def read_bytes(name: str | os.PathLike[str]) -> bytes | None:
    """The content of a file, one byte more than may be at most; None where there is no file that can be read.

    A pipe or a device is none: it would block, or never end.
    """
    path = pathlib.Path(name)
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError):  # ValueError: a name that holds NUL
        return None


def read_source(raw: bytes, findings: Findings) -> tuple[Any, Positions]:
    """Plain data and positions of the YAML text ``raw``; every fault goes into ``findings``.

    The data is None where the text is so broken that nothing can be said of its content.
    """
    places: dict[Path, tuple[int, int]] = {}
    keys: dict[Path, tuple[int, int]] = {}
    try:
        text = _decode(raw, findings)
        data = _Reader(text, findings, places, keys).read()
    except _Broken:
        data = None
    return data, Positions(findings.file, places, keys)


def _decode(raw: bytes, findings: Findings) -> str:
    if len(raw) > MAX_BYTES:
        findings.error(
            1,
            1,
            found=Text(f"tệp lớn hơn {_MEGABYTES} MB", f"the file is larger than {_MEGABYTES} MB"),
            expected=Text(f"cần không quá {_MEGABYTES} MB", f"at most {_MEGABYTES} MB are expected"),
        )
        raise _Broken
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # With a byte order mark the codec counts from behind it.
        before = raw.removeprefix(b"\xef\xbb\xbf")[: error.start].decode("utf-8")
        findings.error(
            *_place(before, len(before)),
            found=Text("tệp không phải UTF-8", "the file is not UTF-8"),
            expected=Text("hãy lưu lại tệp bằng UTF-8", "save the file as UTF-8"),
        )
        raise _Broken from None
    if not text.strip():
        findings.error(
            1,
            1,
            found=Text("tệp rỗng", "the file is empty"),
            expected=Text("cần một khung tiêu chí", "a framework is expected"),
        )
        raise _Broken
    return text


def _place(text: str, index: int) -> tuple[int, int]:
    """Row and column of the character ``index`` of ``text``."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _start(event: Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


@frozen
class _Reader:
    """Turns the parser's events into plain data, without recursion."""

    text: str
    findings: Findings
    places: dict[Path, tuple[int, int]]
    keys: dict[Path, tuple[int, int]]

    def read(self) -> Any:
        """The data of the only document; raises ``_Broken`` after noting why it cannot go on."""
        root: list[Any] = []
        stack = [_Open(root, ())]
        try:
            for event in YAML(typ="safe", pure=True).parse(self.text):
                if isinstance(event, NodeEvent):
                    self._take(event, stack)
                elif isinstance(event, CollectionEndEvent):
                    stack.pop()
                elif isinstance(event, DocumentStartEvent) and root:
                    self._refuse(
                        event,
                        Text("có thêm một tài liệu YAML", "a second YAML document"),
                        Text("mỗi tệp chỉ có một tài liệu", "one document per file is expected"),
                    )
                    raise _Broken
                if len(stack) > MAX_DEPTH:
                    self._refuse(
                        event,
                        Text("quá nhiều tầng lồng nhau", "too many layers within each other"),
                        Text(f"cần không quá {MAX_DEPTH} tầng", f"at most {MAX_DEPTH} layers are expected"),
                    )
                    raise _Broken
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._say_broken((mark.line + 1, mark.column + 1), error.problem or error.context)
        except ReaderError as error:
            self._say_broken(_place(self.text, error.position), error.reason)
        except (ValueError, OverflowError) as error:  # an escape like \UFFFFFFFF names no character
            self._say_broken((1, 1), str(error))
        return root[0] if root else None

    def _take(self, event: NodeEvent, stack: list[_Open]) -> None:
        """Put the value that ``event`` begins into the mapping or list that is open."""
        if isinstance(event, AliasEvent) or event.anchor or getattr(event, "tag", None):
            self._refuse(
                event,
                Text("neo, bí danh hoặc thẻ YAML", "a YAML anchor, alias or tag"),
                Text("hãy viết thẳng giá trị", "write the value itself"),
            )
        value = self._value(event)
        top = stack[-1]
        if isinstance(top.value, list):
            path: Path = (*top.path, len(top.value)) if len(stack) > 1 else ()
            top.value.append(value)
        elif top.key is None:
            self._take_key(event, top)
            return
        else:
            path = (*top.path, top.key)
            top.value.setdefault(top.key, value)
            top.key = None
        # YAML places a value that is left out where the next thing begins; a reader looks at its key.
        place = _start(event) if value is not None else top.key_place
        self.places.setdefault(path, place)
        if isinstance(value, dict | list):
            stack.append(_Open(value, path))

    def _take_key(self, event: NodeEvent, top: _Open) -> None:
        if not isinstance(event, ScalarEvent):
            self._refuse(
                event,
                Text("khóa không phải chữ", "a key that is not text"),
                Text("khóa phải là chữ", "keys must be text"),
            )
            raise _Broken
        if event.value in top.value:
            self._refuse(
                event,
                Text(f"khóa «{event.value}» lặp lại", f"the key «{event.value}» occurs twice"),
                Text("mỗi khóa chỉ viết một lần", "every key may stand once"),
            )
        top.key, top.key_place = event.value, _start(event)
        self.keys.setdefault((*top.path, event.value), top.key_place)

    def _value(self, event: NodeEvent) -> Any:
        if isinstance(event, MappingStartEvent):
            return {}
        if isinstance(event, SequenceStartEvent):
            return []
        if not isinstance(event, ScalarEvent):  # an alias: refused, so it has no value
            return None
        if event.style:  # quoted or a block: text as it stands
            return event.value
        if event.value in _NOTHING:
            return None
        if event.value in ("true", "false"):
            return event.value == "true"
        return int(event.value) if _WHOLE_NUMBER.fullmatch(event.value) else event.value

    def _refuse(self, event: Event, found: Text, expected: Text) -> None:
        self.findings.error(*_start(event), found=found, expected=expected)

    def _say_broken(self, place: tuple[int, int], problem: str) -> None:
        self.findings.error(
            *place,
            found=Text(f"YAML không đọc được ({problem})", f"broken YAML ({problem})"),
            expected=Text("cần YAML hợp lệ", "valid YAML is expected"),
        )
        raise _Broken
