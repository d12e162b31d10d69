"""Scenario files and the words of ``--set``: read strictly, with every fault of all of them at once.

A file holds ``name``, optionally ``note`` and ``base`` (other files, applied first, relative to this one), and
``set: {UNIT: {CRITERION: VALUE}}``. A value is what evidence.csv accepts (``84/104``, ``80 %``, ``3``, ``có``),
optionally with ``@status`` (else: as the council would have accepted it), or the status alone (``@rejected``).
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import define, evolve, field

from evidence.asked import Asked, Catalogue
from evidence.facts import Amount, Facts, Status
from evidence.scenarios import Assumption, Place, Scenario, shorten, stack, suppose
from evidence.units import Units
from evidence.values import CONTROL, Flaw, Unreadable, quote, read_status, suggest
from levels.faults import Fault, Faulty, Findings, Text, printable
from levels.source import Positions, read_bytes, read_source

MAX_NAME, MAX_NOTE = 150, 1000
MAX_BASES = 20
"""How deep files may rest on each other."""

STATUSES = (Status.SELF_REPORTED, Status.VERIFIED, Status.REJECTED, Status.UNKNOWN, Status.EXEMPT)
_KEYS = ("name", "note", "base", "set")
_WORD = re.compile(r"([^:=]*):([^=]*)=(.*)", re.DOTALL)
_FORM = Text(
    vi="cần dạng UNIT:CRITERION=VALUE, ví dụ 23281:I.2=84/104",
    en="expected UNIT:CRITERION=VALUE, such as 23281:I.2=84/104",
)
_QUOTED = Text(vi='hãy đặt trong dấu nháy, ví dụ "@rejected"', en='put it in quotes, such as "@rejected"')


@define
class ScenarioReader:
    """Reads any number of scenarios under one rulebook; ``stop`` raises the faults of all of them."""

    catalogue: Catalogue
    units: Units
    faults: list[Fault] = field(factory=list)
    known: dict[str, tuple[Assumption, ...]] = field(factory=dict)

    def check(self, scenario: Scenario, facts: Facts) -> None:
        """Note everything in ``scenario`` that could not stand in a dossier beside the recorded ``facts``."""
        try:
            suppose(scenario, facts, self.catalogue, self.units)
        except Faulty as faulty:
            self.faults += faulty.faults

    def stop(self) -> None:
        """Raise ``Faulty`` with everything that was found at fault, file by file, if there is anything."""
        files = list(dict.fromkeys(fault.file for fault in self.faults))

        def place(fault: Fault) -> tuple[int, int, int]:
            return files.index(fault.file), fault.row, fault.column if isinstance(fault.column, int) else 0

        if self.faults:
            raise Faulty(sorted(dict.fromkeys(self.faults), key=place))

    def read_words(self, words: Sequence[str]) -> Scenario:
        """The scenario of ``UNIT:CRITERION=VALUE`` words, the later on top; faults name the word's position."""
        assumptions = []
        for number, word in enumerate(words, start=1):
            place = Place("--set", number)
            match = _WORD.fullmatch(word)
            if match is None:
                found = Text(vi=f"không đọc được {quote(word)}", en=f"{quote(word)} cannot be read")
                self.faults.append(place.fault(Flaw("word", found, _FORM)))
            elif (found_one := self._assume(place, place, *match.groups())) is not None:
                assumptions.append(found_one)
        return stack(shorten(" ".join(printable("; ".join(words)).split()), MAX_NAME), assumptions)

    def read_file(self, path: str | os.PathLike[str]) -> Scenario:
        """The scenario of a file, that of its bases included; an empty one where it is at fault."""
        findings = Findings(os.fspath(path))
        raw = read_bytes(findings.file)
        if raw is None:
            found = Text(vi="không mở được tệp kịch bản", en="the scenario cannot be opened")
            findings.error(1, 1, found=found, expected=Text(vi="cần một tệp YAML", en="expected a YAML file"))
            self.faults += findings.faults
            return Scenario("", ())
        return self._read(findings, raw, ())

    def _read(self, findings: Findings, raw: bytes, above: tuple[str, ...]) -> Scenario:
        page, positions = self._read_page(findings, raw)
        name, note = (self._text(findings, positions, page, key) for key in ("name", "note"))
        if page and not page.get("set") and "base" not in page:
            found = Text(vi="kịch bản không giả định điều gì", en="the scenario assumes nothing")
            findings.error(
                1, 1, found=found, expected=Text(vi="cần khóa set hoặc base", en="expected the key set or base")
            )
        self.faults += findings.faults
        assumptions: list[Assumption] = []
        for path, place in self._bases(positions, page.get("base")):
            assumptions += self._read_base(findings.file, path, place, (*above, findings.file))
        assumptions += self._own(positions, page.get("set"))
        return stack(name, assumptions, note)

    def _read_page(self, findings: Findings, raw: bytes) -> tuple[dict[str, Any], Positions]:
        """What a file holds by its keys; empty, with the faults noted, where it is no scenario."""
        expected = Text(vi="cần các khóa name, note, base, set", en="expected the keys name, note, base, set")
        if not raw.strip(b" \t\r\n\xef\xbb\xbf"):
            findings.error(1, 1, found=Text(vi="tệp rỗng", en="the file is empty"), expected=expected)
            return {}, Positions(findings.file)
        page, positions = read_source(raw, findings)
        for at, fault in enumerate(findings.faults):
            if "'@'" in fault.found.en:  # YAML keeps the sign to itself: a bare @rejected is no text
                findings.faults[at] = evolve(fault, expected=_QUOTED)
        if isinstance(page, dict):
            for key in page.keys() - set(_KEYS):
                found = Text(vi=f"không có khóa {quote(key)}", en=f"there is no key {quote(key)}")
                findings.error(*positions.of_key(key), found=found, expected=suggest(key, _KEYS))
            return page, positions
        if not findings.errors:
            found = Text(vi="tệp không phải một kịch bản", en="the file is no scenario")
            findings.error(1, 1, found=found, expected=expected)
        return {}, positions

    def _text(self, findings: Findings, positions: Positions, page: dict[str, Any], key: str) -> str:
        """One line of text; "" with the fault noted where it is none, or where a name is missing."""
        value = page.get(key)
        text = " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        limit = MAX_NAME if key == "name" else MAX_NOTE
        if is_line(text, limit) or not page or (key not in page and key == "note"):
            return text
        missing = Text(vi=f"thiếu {key}", en=f"{key} is missing")
        wrong = Text(vi=f"{key} không dùng được", en=f"{key} cannot be used")
        expected = Text(
            vi=f"cần chữ trên một dòng, tối đa {limit} ký tự", en=f"expected one line of at most {limit} characters"
        )
        findings.error(*positions.of(key), found=wrong if key in page else missing, expected=expected)
        return ""

    def _bases(self, positions: Positions, value: Any) -> list[tuple[str, tuple[int, int]]]:
        """The files that one rests on, each with the place where it is named."""
        bases: list[tuple[str, tuple[int, int]]] = []
        listed = [] if value is None else value if isinstance(value, list) and value else [value]
        for number, entry in enumerate(listed):
            place = positions.of("base", number)  # of a text that stands alone: its own
            if isinstance(entry, str):
                bases.append((entry, place))
            else:
                found = Text(vi="base không phải danh sách tệp", en="base is no list of files")
                expected = Text(vi="cần danh sách tên tệp kịch bản", en="expected a list of scenario files")
                self.faults.append(Fault(positions.file, *place, found, expected))
        return bases

    def _read_base(
        self, file: str, written: str, place: tuple[int, int], above: tuple[str, ...]
    ) -> tuple[Assumption, ...]:
        path = os.path.normpath(Path(file).parent / written)
        raw = read_bytes(path)
        whole = path if raw is None else os.path.realpath(path)
        if whole in self.known:
            return self.known[whole]
        opened = [os.path.realpath(other) for other in above]
        if whole in opened:
            circle = " → ".join((*above[opened.index(whole) :], path))
            found = Text(vi=f"các kịch bản dựa vào nhau vòng quanh: {circle}", en=f"bases run in a circle: {circle}")
        elif len(above) > MAX_BASES:
            found = Text(vi=f"quá {MAX_BASES} tầng base", en=f"more than {MAX_BASES} layers of bases")
        elif raw is None:
            found = Text(vi=f"không mở được tệp {quote(written)}", en=f"the file {quote(written)} cannot be opened")
        else:
            scenario = self._read(Findings(path), raw, above)
            return self.known.setdefault(whole, scenario.assumptions)
        expected = Text(vi="cần một tệp kịch bản khác", en="expected another scenario file")
        self.faults.append(Fault(file, *place, found, expected))
        return ()

    def _own(self, positions: Positions, value: Any) -> list[Assumption]:
        assumptions: list[Assumption] = []
        expected = Text(vi="cần set: {UNIT: {CRITERION: VALUE}}", en="expected set: {UNIT: {CRITERION: VALUE}}")
        wrong: list[tuple[str, ...]] = [] if value is None or isinstance(value, dict) else [("set",)]
        rows: dict[tuple[str, str], int] = {}
        for unit, criteria in value.items() if isinstance(value, dict) else ():
            if not isinstance(criteria, dict) or not criteria:
                wrong.append(("set", unit))
                continue
            for code, written in criteria.items():
                path = ("set", unit, code)
                key, at = (Place(positions.file, *place) for place in (positions.of_key(*path), positions.of(*path)))
                if isinstance(written, dict | list):
                    wrong.append(path)
                    continue
                text = "" if written is None else str(written).lower() if isinstance(written, bool) else str(written)
                whose = Place(positions.file, *positions.of_key("set", unit)) if unit not in self.units else key
                found = self._assume(whose, at, unit, code, text)
                if found is not None and (first := rows.setdefault(found.key, key.row)) != key.row:
                    self.faults.append(key.fault(_twice(found, first)))
                elif found is not None:
                    assumptions.append(found)
        for path_ in wrong:
            found_ = Text(vi=f"không đọc được {' → '.join(path_)}", en=f"{' → '.join(path_)} cannot be read")
            self.faults.append(Fault(positions.file, *positions.of_key(*path_), found_, expected))
        return assumptions

    def _assume(self, key: Place, at: Place, unit: str, code: str, text: str) -> Assumption | None:
        """What three texts assume; None, with the faults noted at ``key`` or ``at``, where they cannot be read."""
        unit, code = unit.strip(), code.strip()
        asked = self._find(key, unit, code)
        written, sign, status_text = text.rpartition("@") if "@" in text else (text, "", "")
        status = read_status(status_text.strip()) if sign and status_text.strip() else None
        if sign and status not in STATUSES:
            word = status_text.strip()
            found = Text(vi=f"không có trạng thái {quote(word)}", en=f"there is no status {quote(word)}")
            self.faults.append(at.fault(Flaw("status", found, suggest(word.casefold(), STATUSES))))
            return None
        if asked is None:
            return None
        amount = self._amount(at, asked, unit, written.strip(), needed=not sign)
        if amount is None and (written.strip() or not sign):
            return None
        return Assumption(unit, asked.code, status or Status.VERIFIED, amount, at)

    def _find(self, place: Place, unit: str, code: str) -> Asked | None:
        if unit not in self.units:
            found = Text(vi=f"không có đơn vị {quote(unit)}", en=f"there is no unit {quote(unit)}")
            self.faults.append(place.fault(Flaw("unit", found, suggest(unit, list(self.units)))))
            return None
        known = self.units[unit]
        asked = self.catalogue.asked.get(known.tier, {}).get(code)
        if asked is None:
            noun = self.catalogue.noun
            flaw = self.catalogue.refuse(known, code) or Flaw(
                "criterion",
                Text(vi=f"không có {noun.vi} {quote(code)}", en=f"there is no {noun.en} {quote(code)}"),
                suggest(code, self.catalogue.codes(known.tier)),
            )
            self.faults.append(place.fault(flaw))
        return asked

    def _amount(self, at: Place, asked: Asked, unit: str, text: str, *, needed: bool) -> Amount | None:
        try:
            amount = asked.read_written(text)
        except Unreadable as unreadable:
            for flaw in unreadable.flaws:
                found = Text(
                    vi=f"{asked.code} của {unit}: {flaw.found.vi}", en=f"{asked.code} of {unit}: {flaw.found.en}"
                )
                self.faults.append(at.fault(Flaw(flaw.column, found, flaw.expected)))
            return None
        if amount is None and needed:
            found = Text(
                vi=f"{asked.code} của {unit}: không có giá trị", en=f"{asked.code} of {unit}: there is no value"
            )
            expected = Text(vi="cần giá trị, hoặc @trạng thái", en="expected a value, or @status")
            self.faults.append(at.fault(Flaw("value", found, expected)))
        return amount


def is_line(text: str, limit: int = MAX_NAME) -> bool:
    """Whether ``text`` can be a name: one line of at most ``limit`` characters, none of them invisible."""
    return bool(text) and len(text) <= limit and not CONTROL.search(text) and text == " ".join(text.split())


def _twice(assumption: Assumption, row: int) -> Flaw:
    code, unit = assumption.criterion, assumption.unit
    found = Text(vi=f"{code} của {unit} đã có ở dòng {row}", en=f"{code} of {unit} is already in row {row}")
    return Flaw("criterion", found, Text(vi="chỉ giả định một lần trong một tệp", en="assume it once in one file"))
