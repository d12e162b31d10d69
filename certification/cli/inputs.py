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
from certification.cli.stored import is_configured, read_stored
from levels.faults import Fault, Faulty, Text, printable, reason_of

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.cluster.executor import Executor
    from certification.decisions import Signing
    from certification.hierarchy import Assessment
    from certification.rating import Rating
    from evidence.dossiers import Evidence
    from evidence.samples import Sample
    from evidence.units import Units
    from levels.framework import Framework
    from levels.index import Index
    from levels.loader import Rulebook
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

    @property
    def read(self) -> tuple[str | None, ...]:
        """The files and folders that are read, as typed."""
        return (self.framework, self.units, self.evidence, *self.decisions, self.documents)


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
    from certification.cluster.executor import ClusterFailure
    from certification.decisions import Unsignable
    from rules.compile import NotCompilable
    from rules.decide import Undecidable
    from rules.engine import EngineFailure
    from rules.shares import Unscorable

    try:
        yield
    except Faulty as error:
        complain(error.faults)
        raise typer.Exit(2) from error
    except Unsignable as error:
        raise refuse(tell(error.text)) from error
    except (Undecidable, EngineFailure, NotCompilable, Unscorable) as error:
        stopped = say("Dừng lại, không đưa ra kết luận nào:", "Stopped, no verdict is given:")
        raise refuse(f"{stopped} {error}", 3) from error
    except ClusterFailure as error:
        raise refuse(tell(error.text), error.code) from error
    except BrokenPipeError:  # the reader of the output has seen enough: no fault of any file
        raise
    except OSError as error:
        cannot = say("không đọc hoặc ghi được", "cannot be read or written")
        place = "" if error.filename is None else f"{error.filename}:1:1: "  # a full disk names no file
        raise refuse(printable(f"{place}{cannot} ({tell(reason_of(error))})")) from error


def load(sources: Sources) -> "Assessment | Rating":
    """What the sources describe: an assessment under a framework of levels, a rating under an index.

    Warnings are told on standard error. Raises ``Faulty`` with every fault of the files.
    """
    from levels.index import Index

    rulebook = read_rulebook(sources.framework)
    if isinstance(rulebook, Index):
        return _load_rating(rulebook, sources)
    return _load_assessment(rulebook, sources)


def load_assessment(sources: Sources, instead: str) -> "Assessment":
    """As ``load``, for a command that knows levels only; an index is refused, naming the command ``instead``."""
    from levels.index import Index

    rulebook = read_rulebook(sources.framework)
    if isinstance(rulebook, Index):
        raise refuse(
            say(
                f"{rulebook.id} là bộ chỉ số tính điểm, không có mức để công nhận; hãy dùng «{instead}».",
                f"{rulebook.id} is an index of points without levels to recognise; use «{instead}».",
            )
        )
    return _load_assessment(rulebook, sources)


def load_rating(sources: Sources) -> "Rating":
    """As ``load``, for a command that knows points only; a framework of levels is refused."""
    from levels.index import Index

    rulebook = read_rulebook(sources.framework)
    if not isinstance(rulebook, Index):
        raise refuse(
            say(
                f"{rulebook.id} công nhận mức, không tính điểm; hãy chỉ ra một bộ chỉ số bằng --framework"
                " (xem «certify framework list»).",
                f"{rulebook.id} recognises levels and knows no points; name an index with --framework"
                " (see «certify framework list»).",
            )
        )
    return _load_rating(rulebook, sources)


def read_rulebook(name: str) -> "Rulebook":
    """The rulebook of an id or file. Raises ``Faulty``: one that contradicts itself decides nothing."""
    from levels.lint import lint
    from levels.loader import load_with_positions

    rulebook, positions = load_with_positions(name)
    wrong = [fault for fault in lint(rulebook, positions) if fault.severity == "error"]
    if wrong:
        raise Faulty(wrong)
    return rulebook


def _load_assessment(framework: "Framework", sources: Sources) -> "Assessment":
    from certification.hierarchy import Assessment
    from certification.verification import read_recognitions
    from evidence.tables import read_units

    if is_configured(sources):
        stored = read_stored(framework, sources)
        assert isinstance(stored, Assessment)  # its rulebook is one of levels
        return stored
    if sources.blank and sources.units is not None and sources.cycle is not None:
        return Assessment(framework, read_units(sources.units), {}, sources.cycle)
    units, evidence = _read_tables(framework, sources)
    recognitions = read_recognitions(map(Path, sources.decisions), framework, evidence.cycle, units)
    _warn_of_no_decisions(sources, evidence.cycle, found_any=bool(recognitions))
    last_year = evidence.history.get(evidence.cycle - 1, {})
    return Assessment(framework, units, evidence.facts, evidence.cycle, recognitions, last_year)


def _warn_of_no_decisions(sources: Sources, cycle: int, *, found_any: bool) -> None:
    """Whoever names decisions relies on them: that a folder holds none, or none of this cycle, is said."""
    from certification.bundle import SUFFIX

    for path in sources.decisions:
        if Path(path).is_dir() and not any(Path(path).glob(f"*{SUFFIX}")):
            print(
                say(
                    f"Lưu ý: thư mục {path} của --decisions không có gói quyết định nào (*{SUFFIX}).",
                    f"Note: the folder {path} of --decisions holds no bundle of a decision (*{SUFFIX}).",
                ),
                file=sys.stderr,
            )
        elif not found_any:
            print(
                say(
                    f"Lưu ý: {path} của --decisions không có quyết định nào theo bộ tiêu chí này của năm {cycle}.",
                    f"Note: {path} of --decisions holds no decision under this rulebook on {cycle}.",
                ),
                file=sys.stderr,
            )


def _load_rating(index: "Index", sources: Sources) -> "Rating":
    from certification.rating import Rating, find_doubts
    from evidence.dossiers import Evidence
    from evidence.tables import read_units

    if sources.decisions:
        raise refuse(
            say(
                f"--decisions là các quyết định công nhận mức; {index.id} không đọc mức của cấp dưới.",
                f"--decisions are decisions on levels; {index.id} reads no levels of units below.",
            )
        )
    if is_configured(sources):
        stored = read_stored(index, sources)
        assert isinstance(stored, Rating)  # its rulebook is an index
        return stored
    if sources.blank and sources.units is not None and sources.cycle is not None:
        return Rating(index, read_units(sources.units), Evidence({}, sources.cycle, {}, ()))
    units, evidence = _read_tables(index, sources)
    rating = Rating(index, units, evidence)
    complain(find_doubts(rating, sources.units or index.id, sources.evidence or index.id))
    return rating


def _read_tables(rulebook: "Rulebook", sources: Sources) -> "tuple[Units, Evidence]":
    from attrs import evolve

    from evidence.proofs import hash_documents
    from evidence.tables import read_evidence, read_units

    units_path, evidence_path = _tables(rulebook, sources)
    units = read_units(units_path)
    _warn_of_another_province(rulebook, units)
    evidence = read_evidence(evidence_path, rulebook, units, sources.cycle)
    complain(evidence.warnings)
    if sources.documents is not None:
        evidence = evolve(evidence, facts=hash_documents(evidence.facts, Path(sources.documents)))
    return units, evidence


def _tables(rulebook: "Rulebook", sources: Sources) -> tuple[str, str]:
    if sources.sample:
        if sources.units is not None or sources.evidence is not None:
            raise refuse(
                say(
                    "--sample dùng tỉnh mẫu, không đi cùng --units hoặc --evidence.",
                    "--sample is the sample province; it does not go with --units or --evidence.",
                )
            )
        sample = find_sample(rulebook)
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


def find_sample(rulebook: "Rulebook") -> "Sample":
    """The bundled sample that goes with a rulebook; the province's where it is one of levels."""
    from evidence.samples import sample_ids, sample_paths
    from levels.index import Index

    if not isinstance(rulebook, Index):
        return sample_paths()
    if rulebook.id not in sample_ids():
        raise refuse(
            say(
                f"Không có dữ liệu mẫu cho {rulebook.id}; hãy chỉ ra --units và --evidence.",
                f"There is no sample for {rulebook.id}; name --units and --evidence.",
            )
        )
    return sample_paths(rulebook.id)


def _warn_of_another_province(rulebook: "Rulebook", units: "Units") -> None:
    """A decision of one province's committee does not bind another's."""
    instrument = rulebook.instrument
    issuer = instrument.issuer.casefold()
    if any(unit.name.casefold() in issuer for unit in units.values() if unit.tier in ("province", "district")):
        return
    named = instrument.number or rulebook.id
    for unit in units.values():
        if unit.tier == "province":
            print(
                say(
                    f"Lưu ý: {unit.name} được xét theo {named} của {instrument.issuer};"
                    " nếu có bộ tiêu chí riêng, hãy chỉ ra bằng --framework.",
                    f"Note: {unit.name} is assessed under {named} of"
                    f" {instrument.issuer}; name a rulebook of its own with --framework.",
                ),
                file=sys.stderr,
            )


def chosen_units(
    assessment: "Assessment | Rating", codes: Iterable[str], *, below: bool = False, only_below: bool = False
) -> list[str]:
    """The units named, each once; with ``below`` also all under them that can be assessed, with
    ``only_below`` these without the units named.

    Raises ``Faulty`` naming every unknown code.
    """
    import difflib

    from evidence.conditions import MOST_ALIKE, units_named

    faults, chosen = [], []
    for place, code in enumerate(codes, start=1):
        if code not in assessment.units:
            alike = [unit.code for unit in units_named(assessment.units, code)[:MOST_ALIKE]]
            near = alike or difflib.get_close_matches(code, assessment.units, n=3)
            hint = ", ".join(f"{c} ({assessment.units[c].name})" for c in near)
            known = Text(vi=f"mã gần giống: {hint}", en=f"close codes: {hint}")
            if alike:
                known = Text(vi=f"hãy ghi mã đơn vị: {hint}", en=f"write the unit's code: {hint}")
            unlike = Text(vi="cần một mã trong tệp đơn vị", en="expected a code of the units file")
            faults.append(
                Fault(
                    "UNIT",
                    place,
                    code,
                    Text(vi=f"không có đơn vị mã «{code}»", en=f"there is no unit with the code «{code}»"),
                    known if near else unlike,
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
    return [c for c in dict.fromkeys(chosen) if not many or assessment.units[c].tier in assessment.rulebook.sets]


def check_date(signing: "Signing", cycle: int) -> None:
    """An act on a cycle is signed in its year or in the next; raises what ends the command where it is not."""
    if signing.signed_on and signing.signed_on.year not in (cycle, cycle + 1):
        raise refuse(
            say(
                f"--date {signing.signed_on:%d/%m/%Y}: không thuộc kỳ đánh giá {cycle}",
                f"--date {signing.signed_on}: not of the cycle {cycle}",
            )
        )


@contextlib.contextmanager
def working(workers: int | None, scheduler: str | None, *, threads: int = 1) -> "Iterator[Executor]":
    """What does the work that ``--workers`` or ``--scheduler`` ask for; both together are refused.

    Neither: this process, on ``threads`` threads. Raises ``ClusterFailure``.
    """
    from certification.cluster.executor import executor

    if workers is not None and scheduler is not None:
        raise refuse(
            say(
                "--workers là các tiến trình trên máy này, --scheduler là cụm máy; chỉ chọn một.",
                "--workers are processes of this machine, --scheduler other machines; choose one.",
            )
        )
    with executor(workers, scheduler, threads=threads) as found:
        yield found


def decide_all(
    assessment: "Assessment",
    codes: "list[str] | None" = None,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
) -> dict[str, "Verdict"]:
    """The verdicts by unit code, with a progress bar; only those of ``codes`` where given.

    ``workers`` and ``scheduler`` as the options of that name. Raises as ``working`` and ``hierarchy.evaluate``.
    """
    from certification.hierarchy import evaluate

    total = len(assessment.order if codes is None else codes)
    with watch(say("Xét các đơn vị", "Deciding units"), total) as step, working(workers, scheduler) as executor:
        found = evaluate(assessment, executor=executor, progress=step, codes=codes)
        return {verdict.unit.code: verdict for verdict in found}
