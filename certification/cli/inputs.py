"""What the commands read: rulebook, units, facts and earlier decisions, with all faults told at once."""

import contextlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from attrs import frozen

from certification.cli.options import DEFAULT_FRAMEWORK, watch
from certification.cli.speech import language, say, tell
from levels.faults import Fault, Faulty, Text

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.hierarchy import Assessment
    from evidence.units import Units
    from levels.framework import Framework
    from rules.verdict import Verdict


@frozen
class Sources:
    """Where a command reads from, as given on the command line."""

    framework: str = DEFAULT_FRAMEWORK
    units: str | None = None  # paths stay as they were typed: faults call the file so
    evidence: str | None = None
    cycle: int | None = None
    sample: bool = False
    decisions: tuple[str, ...] = ()
    documents: str | None = None  # the folder of proofs
    blank: bool = False  # no facts are wanted, so none need be named


def complain(faults: Iterable[Fault]) -> None:
    """Print faults on standard error, one unwrapped line each."""
    for fault in faults:
        print(fault.line(language()), file=sys.stderr)


def refuse(text: str, code: int = 2) -> typer.Exit:
    """Say on standard error why a command cannot go on; raise what is returned."""
    print(text, file=sys.stderr)
    return typer.Exit(code)


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """Turn every foreseen error of the rooms into plain sentences and an exit code."""
    from certification.decisions import NotRecognisable
    from rules.compile import NotCompilable
    from rules.decide import Undecidable
    from rules.engine import EngineFailure

    try:
        yield
    except Faulty as error:
        complain(error.faults)
        raise typer.Exit(2) from error
    except NotRecognisable as error:
        raise refuse(tell(error.text)) from error
    except (Undecidable, EngineFailure, NotCompilable) as error:
        stopped = say("Dừng lại, không đưa ra kết luận nào:", "Stopped, no verdict is given:")
        raise refuse(f"{stopped} {error}", 3) from error
    except OSError as error:
        cannot = say("không đọc hoặc ghi được", "cannot be read or written")
        place = "" if error.filename is None else f"{error.filename}:1:1: "  # a full disk names no file
        raise refuse(f"{place}{cannot} ({error.strerror})") from error


def load(sources: Sources) -> "Assessment":
    """The assessment that the sources describe; warnings are told on standard error.

    Raises ``Faulty`` with every fault of the files.
    """
    from certification.hierarchy import Assessment
    from certification.verification import read_recognitions
    from evidence.proofs import hash_documents
    from evidence.tables import read_evidence, read_units
    from levels.lint import lint
    from levels.loader import load_with_positions

    framework, positions = load_with_positions(sources.framework)
    wrong = [fault for fault in lint(framework, positions) if fault.severity == "error"]
    if wrong:  # a rulebook that contradicts itself decides nothing
        raise Faulty(wrong)
    if sources.blank and sources.units is not None and sources.cycle is not None:
        return Assessment(framework, read_units(sources.units), {}, sources.cycle)
    units_path, evidence_path = _tables(sources)
    units = read_units(units_path)
    _warn_of_another_province(framework, units)
    evidence = read_evidence(evidence_path, framework, units, sources.cycle)
    complain(evidence.warnings)
    recognitions = read_recognitions(map(Path, sources.decisions), framework, evidence.cycle, units)
    last_year = evidence.history.get(evidence.cycle - 1, {})
    facts = evidence.facts
    if sources.documents is not None:
        facts = hash_documents(facts, Path(sources.documents))
    return Assessment(framework, units, facts, evidence.cycle, recognitions, last_year)


def _tables(sources: Sources) -> tuple[str, str]:
    if sources.sample:
        if sources.units is not None or sources.evidence is not None:
            raise refuse(
                say(
                    "--sample dùng tỉnh mẫu, không đi cùng --units hoặc --evidence.",
                    "--sample is the sample province; it does not go with --units or --evidence.",
                )
            )
        from evidence.samples import sample_paths

        sample = sample_paths()
        print(
            say(
                "Dữ liệu mô phỏng: tỉnh mẫu kèm theo phần mềm, không phải số liệu thật.",
                "Synthetic data: the sample province that comes with the software, no real figures.",
            ),
            file=sys.stderr,
        )
        return str(sample.units), str(sample.evidence)
    missing = [name for name, path in (("--units", sources.units), ("--evidence", sources.evidence)) if path is None]
    if sources.units is None or sources.evidence is None:
        raise refuse(
            say(
                f"Thiếu {' và '.join(missing)}; hãy chỉ ra tệp, hoặc dùng --sample để chạy thử trên tỉnh mẫu.",
                f"{' and '.join(missing)} missing; name the file, or use --sample to try the sample province.",
            )
        )
    return sources.units, sources.evidence


def _warn_of_another_province(framework: "Framework", units: "Units") -> None:
    """A decision of one province's committee does not bind another's."""
    for unit in units.values():
        if unit.tier == "province" and unit.name.casefold() not in framework.instrument.issuer.casefold():
            print(
                say(
                    f"Lưu ý: {unit.name} được xét theo {framework.instrument.number} của {framework.instrument.issuer};"
                    " nếu có bộ tiêu chí riêng, hãy chỉ ra bằng --framework.",
                    f"Note: {unit.name} is assessed under {framework.instrument.number} of"
                    f" {framework.instrument.issuer}; name a rulebook of its own with --framework.",
                ),
                file=sys.stderr,
            )


def chosen_units(
    assessment: "Assessment", codes: Iterable[str], *, below: bool = False, only_below: bool = False
) -> list[str]:
    """The units named, each once; with ``below`` also all under them that can be assessed, with
    ``only_below`` these without the units named.

    Raises ``Faulty`` naming every unknown code.
    """
    import difflib

    faults, chosen = [], []
    for place, code in enumerate(codes, start=1):
        if code not in assessment.units:
            near = difflib.get_close_matches(code, assessment.units, n=3)
            hint = ", ".join(f"{c} ({assessment.units[c].name})" for c in near) or "–"
            faults.append(
                Fault(
                    "UNIT",
                    place,
                    code,
                    Text(vi=f"không có đơn vị mã «{code}»", en=f"there is no unit with the code «{code}»"),
                    Text(vi=f"mã gần giống: {hint}", en=f"close codes: {hint}"),
                )
            )
            continue
        waiting = [code]
        while waiting:
            current = waiting.pop(0)
            if not (only_below and current == code):
                chosen.append(current)
            if below or only_below:
                waiting.extend(child.code for child in assessment.units.children(current))
    if faults:
        raise Faulty(faults)
    many = below or only_below
    return [c for c in dict.fromkeys(chosen) if not many or assessment.units[c].tier in assessment.framework.sets]


def decide_all(assessment: "Assessment", workers: int = 1, codes: "list[str] | None" = None) -> dict[str, "Verdict"]:
    """The verdicts by unit code, with a progress bar; only those of ``codes`` where given."""
    from certification.hierarchy import evaluate

    total = len(assessment.order if codes is None else codes)
    with watch(say("Xét các đơn vị", "Deciding units"), total) as step:
        found = evaluate(assessment, workers=workers, progress=step, codes=codes)
        return {verdict.unit.code: verdict for verdict in found}
