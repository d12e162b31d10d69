"""The folder of a certification round: decisions with their bundles, summaries, appraisal sheets."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from certification.decisions import Signing
from certification.hierarchy import Assessment
from certification.issuing import file_stem, issue
from levels.faults import Language
from reports.documents import render_appraisal_sheet, render_decision, render_summary
from reports.sheets import appraisal_workbook
from rules.explain import explain
from rules.verdict import Decision, Verdict


def write_dossier(
    folder: Path,
    assessment: Assessment,
    verdicts: Mapping[str, Verdict],
    codes: Sequence[str],
    signing: Signing,
    language: Language,
    *,
    sheets: bool,
    template: Path | None,
    progress: Callable[[int], object],
) -> list[str]:
    """Write the decisions on ``codes`` with a summary each, and with ``sheets`` every unit's sheet.

    Decisions are legal acts and always in Vietnamese; ``language`` is that of the rest. Returns
    the names of the files in the order they were made.
    """
    names: list[str] = []

    def render(decision: Decision, current: Mapping[str, Verdict]) -> Mapping[str, bytes]:
        return _render(decision, current, language, sheets=sheets, template=template, progress=progress)

    for issued in issue(assessment, verdicts, codes, signing, render):
        for name, content in issued.files.items():
            (folder / name).write_bytes(content)
            names.append(name)
    return names


def _render(
    decision: Decision,
    verdicts: Mapping[str, Verdict],
    language: Language,
    *,
    sheets: bool,
    template: Path | None,
    progress: Callable[[int], object],
) -> dict[str, bytes]:
    """All documents of a decision by file name: itself, the summary, the units' sheets."""
    issuer, cycle = decision.issuer, decision.cycle
    # Only the decision knows whether the dossiers are closed and what the communes' facts are.
    provisional, synthetic = bool(decision.provisional), decision.synthetic
    files = named(file_stem(decision), render_decision(decision, template))
    progress(1)
    own = verdicts.get(issuer.code)
    summary = render_summary(issuer, decision.verdicts, language, own, provisional=provisional, synthetic=synthetic)
    files |= named(f"tong-hop-{issuer.code}-{decision.tier}-{cycle}", summary)
    progress(1)
    for verdict in decision.verdicts if sheets else ():
        explanation = explain(verdict, min(verdict.levels.level + 1, 5), verdicts)
        sheet = render_appraisal_sheet(verdict, explanation, language, provisional=provisional, synthetic=synthetic)
        workbook = appraisal_workbook(verdict, explanation, language, provisional=provisional)
        files |= named(f"phieu-tham-dinh-{verdict.unit.code}-{cycle}", {**sheet, "xlsx": workbook})
        progress(1)
    return files


def named(stem: str, rendered: Mapping[str, bytes]) -> dict[str, bytes]:
    """What was rendered, by file name: ``stem`` with the kind as its suffix."""
    return {f"{stem}.{kind}": content for kind, content in rendered.items()}
