"""The folder of a published ranking: the decision, its pictures and workbook, the units' sheets, the bundle."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from certification.dossier import named
from certification.issuing import software
from certification.ranking_bundle import SUFFIX, seal_ranking
from certification.rating import Rating
from levels.faults import Language
from reports.documents import as_svg
from reports.drawing import as_png
from reports.publication import render_publication
from reports.ranking_report import render_ranking_report
from reports.ranking_sheets import ranking_workbook
from reports.score_charts import draw_bars
from reports.score_map import draw_score_maps
from reports.score_sheet import render_score_sheet
from rules.publication import Publication
from rules.scores import GroupRanking, Ranking, Reading


def write_publications(
    folder: Path,
    rating: Rating,
    publications: Sequence[Publication],
    language: Language,
    *,
    part: bool,
    sheets: bool,
    template: Path | None,
    progress: Callable[[int], object],
) -> list[str]:
    """Write what belongs to each publication, sealed; the names of the files in the order they were made.

    Decisions are legal acts and always in Vietnamese; ``language`` is that of the rest. With ``part``
    the names say which groups they are about; ``sheets`` adds every unit's score sheet.
    """
    names: list[str] = []
    for publication in publications:
        stem = file_stem(publication, part=part)
        documents: dict[str, bytes] = {}
        for name, content in _render(publication, rating, stem, language, sheets=sheets, template=template):
            documents[name] = content
            (folder / name).write_bytes(content)
            progress(1)
        _, bundle = seal_ranking(publication, rating, documents, software())
        (folder / f"{stem}{SUFFIX}").write_bytes(bundle)
        names += [*documents, f"{stem}{SUFFIX}"]
    return names


def file_stem(publication: Publication, *, part: bool) -> str:
    """``xep-hang-27-2023``: the issuer and the cycle; with ``part`` of its groups also which."""
    stem = f"xep-hang-{publication.issuer.code}-{publication.cycle}"
    return "-".join((stem, *dict.fromkeys(group.group.id for group in publication.groups))) if part else stem


def _render(
    publication: Publication,
    rating: Rating,
    stem: str,
    language: Language,
    *,
    sheets: bool,
    template: Path | None,
) -> Iterator[tuple[str, bytes]]:
    """Every file of a publication but its bundle, each as soon as it is made."""
    yield from named(stem, render_publication(publication, template=template)).items()
    ranking = Ranking(publication.index, publication.cycle, publication.groups)
    provisional = bool(publication.provisional)  # only the publication knows whether the dossiers are closed
    yield f"{stem}.xlsx", ranking_workbook(ranking, language, provisional=provisional)
    yield from named(f"bao-cao-{stem}", render_ranking_report(ranking, language, provisional=provisional)).items()
    for group in publication.groups:
        yield from _draw(group, stem, language)
    if sheets:
        explained = rating.explain(Reading.ACCEPTED)
        for score in publication.scores:
            code = score.unit.code
            rendered = render_score_sheet(
                explained.place_of[code],
                ranking,
                rating.rounds.get(code, ()),
                language=language,
                provisional=provisional,
            )
            yield from named(f"phieu-diem-{code}-{publication.cycle}", rendered).items()


def _draw(group: GroupRanking, stem: str, language: Language) -> Iterator[tuple[str, bytes]]:
    """The ranked bars and the heat map of a group, each page as a picture to show (SVG) and to paste (PNG)."""
    within = "" if group.parent is None else f"-{group.parent.code}"
    pictures = {"bieu-do": draw_bars(group, language), "ban-do": draw_score_maps(group, language)}
    for kind, pages in pictures.items():
        for number, drawing in enumerate(pages, start=1):
            name = f"{stem}-{kind}-{group.group.id}{within}-{number}"
            yield f"{name}.svg", as_svg(drawing).encode("utf-8")
            yield f"{name}.png", as_png(drawing)
