"""The folder of a certification round: decisions with their bundles, summaries, appraisal sheets."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from certification.decisions import Signing
from certification.hierarchy import Assessment
from certification.issuing import Issued, issue
from levels.faults import Language
from reports.documents import render_appraisal_sheet, render_decision, render_summary
from reports.sheets import appraisal_workbook
from rules.explain import explain
from rules.verdict import Verdict


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
    current = dict(verdicts)

    def save(files: Mapping[str, bytes]) -> None:
        for name, content in files.items():
            (folder / name).write_bytes(content)
            names.append(name)
        progress(1)

    render = partial(render_decision, template=template)
    for issued in issue(assessment, verdicts, codes, signing, render):
        current |= {verdict.unit.code: verdict for verdict in issued.decision.verdicts}
        save(issued.files)
        own = current.get(issued.decision.issuer.code)
        decision = issued.decision
        # Only the decision knows whether the dossiers are closed and what the communes' facts are.
        provisional, synthetic = bool(decision.provisional), decision.synthetic
        summary = render_summary(
            decision.issuer, decision.verdicts, language, own, provisional=provisional, synthetic=synthetic
        )
        save(_named(_stem("tong-hop", issued, issued.decision.issuer.code), summary))
        if sheets:
            for verdict in issued.decision.verdicts:
                explanation = explain(verdict, min(verdict.levels.level + 1, 5), current)
                sheet = dict(
                    render_appraisal_sheet(verdict, explanation, language, provisional=provisional, synthetic=synthetic)
                )
                sheet["xlsx"] = appraisal_workbook(verdict, explanation, language, provisional=provisional)
                save(_named(_stem("phieu-tham-dinh", issued, verdict.unit.code), sheet))
    return names


def _stem(kind: str, issued: Issued, code: str) -> str:
    tier = f"-{issued.decision.tier}" if kind == "tong-hop" else ""
    return f"{kind}-{code}{tier}-{issued.decision.cycle}"


def _named(stem: str, rendered: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{stem}.{kind}": content for kind, content in rendered.items()}
