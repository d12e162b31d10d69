"""``certify decide``, ``verify``, ``demo``: decisions written, sealed and verified."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from certification.cli.app import app
from certification.cli.inputs import Sources, check_date, chosen_units, decide_all, load_assessment, refuse, refusing
from certification.cli.options import (
    DEFAULT_FRAMEWORK,
    BelowOption,
    ClosedOption,
    CycleOption,
    DateOption,
    DecisionsOption,
    DocumentsOption,
    EvidenceOption,
    FrameworkOption,
    MinutesOption,
    NumberOption,
    OnlyBelowOption,
    OutOption,
    Plain,
    ReplaceOption,
    SampleOption,
    SheetsOption,
    SignerOption,
    TemplateOption,
    UnitsArgument,
    UnitsOption,
    describe,
    print_json,
    watch,
)
from certification.cli.speech import language, say, tell

if TYPE_CHECKING:  # importing them would make «certify --help» slow
    from certification.decisions import Signing
    from certification.hierarchy import Assessment
    from rules.verdict import Verdict


@app.command(
    "decide",
    help=describe(
        "Soạn quyết định công nhận (Word, PDF, HTML) và gói niêm phong.",
        "Write the recognition decision (Word, PDF, HTML) and the sealed bundle.",
        "certify decide 62 --with-below --sample --out out",
    ),
)
def decide_units(
    units_to_decide: UnitsArgument,
    out: OutOption,
    with_below: BelowOption = False,
    only_below: OnlyBelowOption = False,
    sheets: SheetsOption = False,
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    decisions: DecisionsOption = None,
    documents: DocumentsOption = None,
    number: NumberOption = "",
    date: DateOption = None,
    signer: SignerOption = "",
    minutes: MinutesOption = "",
    closed: ClosedOption = False,
    template: TemplateOption = None,
    replace: ReplaceOption = False,
) -> None:
    """Issue the decisions on the units named, those on communes first.

    Number, signer and minutes are those of one act: they are refused where several would come out.
    """
    from certification.decisions import Signing

    signing = Signing(number, date.date() if date else None, signer, minutes, closed)
    with refusing():
        sources = Sources(framework, units, evidence, cycle, sample, tuple(decisions or ()), documents)
        assessment = load_assessment(sources, "certify publish")
        check_date(signing, assessment.cycle)
        codes = chosen_units(assessment, units_to_decide, below=with_below, only_below=only_below)
        acts = {(assessment.units[code].parent, assessment.units[code].tier) for code in codes}
        if len(acts) > 1 and (number or signer or minutes):
            raise refuse(
                say(
                    f"--number, --signer, --minutes là của một quyết định, ở đây có {len(acts)}; hãy ra lần lượt:"
                    " cấp xã trước (--only-below), rồi cấp huyện với --decisions.",
                    f"--number, --signer, --minutes are those of one decision, here are {len(acts)}; issue them one by"
                    " one: on communes first (--only-below), then on districts with --decisions.",
                )
            )
        _warn_if_late(assessment, signing)
        verdicts = decide_all(assessment, codes=assessment.resting_on(codes))
        written = write_decisions(assessment, verdicts, codes, signing, out, replace, sheets=sheets, template=template)
    for name in written:
        print(out / name)


@app.command(
    "verify",
    help=describe(
        "Tính lại một quyết định hoặc xếp hạng đã niêm phong, ngoại tuyến; mã thoát 1 nếu có điều không khớp.",
        "Recompute a sealed decision or ranking offline; exit code 1 if anything does not agree.",
        "certify verify out/quyet-dinh-608-commune-2025.bundle.json",
    ),
)
def verify_bundle(
    bundle: Annotated[str, typer.Argument(metavar="BUNDLE", help=say("Gói niêm phong.", "The sealed bundle."))],
    decisions: DecisionsOption = None,
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    shape: Annotated[Plain, typer.Option("--format")] = Plain.TEXT,
) -> None:
    """Verify a bundle; the bundles it rests on are looked for beside it and in ``--decisions``.

    A rulebook that does not come with the software is trusted only where ``--framework`` names it.
    """
    from certification.bundle import bundles_beside
    from certification.ranking_verification import is_ranking, verify_ranking
    from certification.revocation_bundle import acts_beside, is_revocation, verify_revocation
    from certification.verification import verify
    from levels.faults import printable
    from levels.loader import load_rulebook

    with refusing():
        trusted = {load_rulebook(framework).digest}
        if is_ranking(Path(bundle), bundle):
            findings = list(verify_ranking(Path(bundle), bundle, trusted))
        elif is_revocation(Path(bundle), bundle):
            beside = acts_beside(Path(bundle), map(Path, decisions or ()))
            findings = list(verify_revocation(Path(bundle), bundle, beside))
        else:
            others = bundles_beside(Path(bundle), map(Path, decisions or ()))
            findings = list(verify(Path(bundle), bundle, others, trusted))
    agrees = all(finding.agrees is not False for finding in findings)
    unseen = sum(finding.agrees is None for finding in findings)
    if shape is Plain.JSON:
        print_json(
            {
                "agrees": agrees,
                "findings": [{"agrees": finding.agrees, "text": printable(tell(finding.text))} for finding in findings],
            }
        )
    else:
        for finding in findings:
            print({True: "✓ ", False: "✗ ", None: "– "}[finding.agrees] + printable(tell(finding.text)))
        print(say("Khớp" if agrees else "KHÔNG khớp", "It agrees" if agrees else "It does NOT agree"), end="")
        print(say(f"; {unseen} điều chưa kiểm tra.", f"; {unseen} things not looked at.") if unseen else ".")
    if not agrees:
        raise typer.Exit(1)


@app.command(
    "demo",
    help=describe(
        "Công nhận toàn bộ tỉnh mẫu: bảng mức và các quyết định.",
        "Certify the whole sample province: a table of levels and the decisions.",
        "certify demo --out out",
    ),
)
def demonstrate(out: OutOption = Path("out")) -> None:
    """The main job on the bundled province."""
    from certification.cli.pages import print_levels
    from certification.decisions import Signing

    with refusing():
        assessment = load_assessment(Sources(sample=True), "certify publish")
        verdicts = decide_all(assessment)
        print_levels(assessment, verdicts)
        codes = [code for code in assessment.units if code in verdicts]
        written = write_decisions(assessment, verdicts, codes, Signing(), out, replace=True)
    print(say(f"{len(written)} tệp quyết định và tổng hợp trong {out}/", f"{len(written)} decision files in {out}/"))
    program = "certify" if shutil.which("certify") else os.path.relpath(sys.argv[0])
    held_back = next(c for c in assessment.units if c in verdicts and verdicts[c].levels.level < 5)
    name = assessment.units[held_back].name
    own = "--units units.csv --evidence evidence.csv --cycle 2025"
    print(
        say(
            f"""Tiếp theo, hãy thử:
  {program} why {held_back} --sample   (vì sao {name} chưa lên mức sau)
  {program} form {held_back} --with-below --sample --out forms   (phiếu Excel để đơn vị điền)
  {program} evaluate {own}   (số liệu của chính bạn)""",
            f"""Next, try:
  {program} why {held_back} --sample   (why {name} is not a level higher)
  {program} form {held_back} --with-below --sample --out forms   (Excel forms for the units to fill in)
  {program} evaluate {own}   (your own figures)""",
        )
    )


def _warn_if_late(assessment: "Assessment", signing: "Signing") -> None:
    last = next(d.last_day(assessment.cycle) for d in assessment.framework.deadlines if d.step == "recognition")
    if signing.signed_on and signing.signed_on > last:
        print(
            say(
                f"Lưu ý: ngày ký {signing.signed_on:%d/%m/%Y} sau ngày cuối cùng để công nhận, {last:%d/%m/%Y}.",
                f"Note: the date of signing {signing.signed_on} is after the last day for recognition, {last}.",
            ),
            file=sys.stderr,
        )


def write_decisions(
    assessment: "Assessment",
    verdicts: Mapping[str, "Verdict"],
    codes: list[str],
    signing: "Signing",
    out: Path,
    replace: bool,
    *,
    sheets: bool = False,
    template: Path | None = None,
) -> list[str]:
    """Write the decisions on ``codes`` with summaries (and sheets), all or nothing; the file names."""
    from certification.dossier import write_dossier
    from certification.staging import staged
    from reports.documents import unavailable

    for text in unavailable().values():
        print(tell(text), file=sys.stderr)
    with staged(out, replace=replace) as stage, watch(say("Soạn văn bản", "Writing documents"), None) as step:
        return write_dossier(
            stage, assessment, verdicts, codes, signing, language(), sheets=sheets, template=template, progress=step
        )
