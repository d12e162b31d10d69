"""The application object of ``certify`` with its global options."""

from typing import Annotated

import typer

from certification.cli.options import describe
from certification.cli.rulebooks import framework_app
from certification.cli.speech import say

app = typer.Typer(
    help=describe(
        "Công nhận mức, chấm điểm và xếp hạng chuyển đổi số: kết quả nào, vì sao, còn thiếu gì.",
        "Certifies, scores and ranks digital transformation: which result, why, what is missing.",
        "certify evaluate --sample",
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(framework_app, name="framework")


def _show_version(wanted: bool) -> None:
    if wanted:
        from certification.issuing import software

        print(software())
        raise typer.Exit


@app.callback()
def main(
    _lang: Annotated[str | None, typer.Option("--lang", metavar="vi|en", help=say("Ngôn ngữ.", "Language."))] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help=say("Phiên bản.", "The version."))
    ] = False,
) -> None:
    """Refuse a language that is not there; the others were taken by ``choose_language``."""
    if _lang is not None:
        raise typer.BadParameter(say(f"«{_lang}»: chỉ có vi hoặc en", f"«{_lang}»: it is vi or en"))
