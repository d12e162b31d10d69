"""The environment of the pages: Jinja with the words, addresses and formats that every template may use.

Undefined names are errors and markup is escaped. Whatever a page says is written in it in both languages:
``t("Tiếng Việt", "English")``.
"""

from functools import cache
from importlib import metadata
from typing import Any

import attrs
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from certification.procedure import permissions
from certification.procedure.actions import Action
from certification.procedure.subjects import Subject
from certification.store.models import Dossier, UnitRecord
from certification.store.reminding import can_mail
from certification.store.subjects import outline_of, subject_of_unit
from certification.web.accounts.providers import providers
from certification.web.addresses import address_of, dossier_href
from certification.web.exports import excel_href, exporting
from certification.web.formats import (
    day_text,
    figure,
    iso_text,
    level_name,
    level_text,
    moment_text,
    money_text,
    number_text,
    size_text,
)
from certification.web.gate import actor_in
from certification.web.navigation import navigation
from certification.web.simulated import mark_for
from certification.web.speech import language, say, tell
from certification.web.words import (
    action_name,
    actual_text,
    capital,
    cycle_name,
    duty_name,
    mark_of,
    role_name,
    state_in,
    state_name,
    tier_name,
    time_left,
    urgency_kind,
)
from reports.documents import environment as document_environment
from reports.drawing import Drawing
from reports.words import in_sentence, printable


def environment(**options: Any) -> Environment:
    """Jinja for the pages of the application; ``options`` come from Django's settings."""
    ours = Environment(  # noqa: S701 - autoescape is on, among the options
        **{
            **options,
            "undefined": StrictUndefined,
            "autoescape": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.do"],
        }
    )
    ours.globals.update(
        t=say,
        tell=tell,
        language=language,
        navigation=navigation,
        made_up_mark=mark_for,
        url=address_of,
        can_link=can_link,
        excel_href=excel_href,
        exporting=exporting,
        dossier_href=dossier_href,
        may=may,
        static=static,
        version=version,
        can_mail=can_mail,
        proof_megabytes=proof_megabytes,
        providers=providers,
        picture=picture,
        tier_name=tier_name,
        action_name=action_name,
        cycle_name=cycle_name,
        actual_text=actual_text,
        duty_name=duty_name,
        role_name=role_name,
        state_in=state_in,
        state_name=state_name,
        time_left=time_left,
        urgency_kind=urgency_kind,
        mark_of=mark_of,
    )
    ours.filters.update(
        number=number_text,
        figure=figure,
        money=money_text,
        day=day_text,
        moment=moment_text,
        iso=iso_text,
        size=size_text,
        level=level_text,
        level_name=level_name,
        in_sentence=in_sentence,
        capital=capital,
    )
    return ours


def can_link(name: str, *args: object, **kwargs: object) -> bool:
    """Whether there is such a view: parts of the application that an installation leaves out are not linked to."""
    try:
        address_of(name, *args, **kwargs)
    except NoReverseMatch:
        return False
    return True


@pass_context
def may(context: Context, action: str, about: Dossier | UnitRecord | Subject | None = None) -> bool:
    """Whether the reader may do ``action``, as far as a page has to know; a change itself is judged again.

    ``about`` None: anywhere at all. Not for macros, which see no request: pass them what this says.
    """
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return False
    match about:
        case Dossier():
            subject: Subject | None = outline_of(about)
        case UnitRecord():
            subject = subject_of_unit(about)
        case _:
            subject = about
    return permissions.may(actor_in(request), Action(action), subject)


def proof_megabytes() -> int:
    """How large a file may be that is handed in as proof."""
    return int(settings.PROOF_MEGABYTES)


@cache
def version() -> str:
    """The version of the program, for the foot of every page."""
    return metadata.version("certify-digital-levels")


def picture(drawing: Drawing, number: int = 1) -> Markup:
    """A drawing as SVG inside a page, with its title and description for those who do not see it.

    ``number`` tells the drawings of one page apart.
    """
    template = document_environment().get_template("drawing.html")
    draw = getattr(template.make_module(), "picture")  # noqa: B009 - a macro is no attribute that the checker knows
    svg = draw(printable(attrs.asdict(drawing)), number)
    return Markup(str(svg).strip())  # noqa: S704 - made by our own template, which escapes every text
