"""Intake: filled-in Excel forms into a file of facts, checked whole before a byte is written."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attrs import evolve, frozen

from evidence.asked import amount_writer
from evidence.facts import Fact, Facts
from evidence.forms import FormContent, read_form_cycle, read_forms
from evidence.merge import merge
from evidence.tables import read_evidence, read_units, write_facts
from levels.faults import Fault, Faulty, Text
from levels.loader import Rulebook, load_rulebook


@frozen
class Intake:
    """What a batch of forms would make of a file of facts."""

    rulebook: Rulebook
    facts: Facts  # the rows of the cycle after the merge, by unit and ``Fact.row``
    history: tuple[Fact, ...]  # the rows of other cycles, kept as they are
    changed: int  # facts that are new or different
    conflicts: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    read: str | None  # digest of the file of facts as it was read; None: there was none

    def write(self, path: str) -> None:
        """Write the merged facts, whole or not at all.

        Raises ``Faulty`` where somebody else has changed the file since: his facts would be lost.
        """
        if _digest(path) != self.read:
            found = Text(vi="tệp vừa bị người khác thay đổi", en="somebody else has changed the file meanwhile")
            expected = Text(vi="hãy nhập lại từ đầu, chưa ghi gì", en="import again, nothing was written")
            raise Faulty([Fault(path, 1, 1, found, expected)])
        rows = [*self.history, *(fact for dossier in self.facts.values() for fact in dossier.values())]
        write_facts(path, rows, self.rulebook)


def _digest(path: str | None) -> str | None:
    if path is None or not Path(path).is_file():
        return None
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def take_in(
    files: Sequence[str],
    rulebook_name: str,
    units_path: str,
    into: str | None,
    cycle: int | None,
    progress: Callable[[int], object],
    *,
    appraisal: bool = False,
) -> Intake:
    """Read ``files`` and lay them beside the facts in ``into``, which need not exist yet.

    ``cycle`` None: the one that the first form is of; the others must be of the same.
    Nothing known is overwritten: where two submissions, or a submission and ``into``, say
    something different of the same unit, criterion, cycle and round, a conflict is reported. Raises
    ``Faulty`` with the faults of every form; without ``appraisal`` a form with the council's
    columns is one, for nobody appraises what he entered.
    """
    rulebook = load_rulebook(rulebook_name)
    units = read_units(units_path)
    if cycle is None:
        cycle = read_form_cycle(files[0])
    known: Facts = {}
    history: list[Fact] = []
    warnings: list[Fault] = []
    read = _digest(into)
    if into is not None and Path(into).exists():
        evidence = read_evidence(into, rulebook, units, cycle)
        earlier = [rows for year, rows in evidence.stated.items() if year != cycle]
        history = [fact for rows in earlier for dossier in rows.values() for fact in dossier.values()]
        known = evidence.stated.get(cycle, {})
        warnings.extend(evidence.warnings)
    facts: dict[str, Mapping[str, Fact]] = {**known}
    conflicts = []
    done = 0

    def step(count: int) -> None:
        nonlocal done
        progress(count - done)
        done = count

    write = amount_writer(rulebook)
    forms = read_forms(files, rulebook, units, cycle, progress=step)
    if not appraisal:
        _refuse_appraised(forms)
    for form in forms:
        dated = {code: evolve(fact, cycle=cycle) for code, fact in form.facts.items()}
        code = form.unit.code
        # Only this unit is laid beside its form: with 10,000 forms anything else would be quadratic.
        merged = merge({code: facts.get(code, {})}, {code: dated}, cycle, form.file, write)
        facts |= merged.facts
        warnings.extend(form.warnings)
        for conflict in merged.conflicts:
            keep = Text(
                vi="hãy thống nhất hai bản trước khi nhập", en="the two submissions must be settled before the import"
            )
            row, column = form.rows[conflict.known.criterion]
            conflicts.append(Fault(form.file, row, column, conflict.say(), keep))
    changed = sum(
        fact != known.get(unit, {}).get(code) for unit, dossier in facts.items() for code, fact in dossier.items()
    )
    return Intake(rulebook, facts, tuple(history), changed, tuple(conflicts), tuple(warnings), read)


def _refuse_appraised(forms: Sequence[FormContent]) -> None:
    found = Text(vi="phiếu có phần thẩm định của Hội đồng", en="the form has the council's columns")
    expected = Text(
        vi="chỉ nhận với --appraisal, khi chính Hội đồng gửi",
        en="accepted only with --appraisal, from the council itself",
    )
    faults = [Fault(form.file, 1, 1, found, expected) for form in forms if form.appraised]
    if faults:
        raise Faulty(faults)
