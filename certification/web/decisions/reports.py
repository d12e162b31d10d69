"""The province's yearly report to the ministry: the department types its words, looks at it, takes it with it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.store.changes import Overtaken
from certification.store.models import Cycle, YearReport
from certification.store.subjects import calendar_in, subject_of_unit
from certification.store.year_reports import Words, keep_words, summarise_year, words_of
from certification.web.decisions.register import tabs
from certification.web.decisions.scope import send_document
from certification.web.gate import actor_in, gate, require
from certification.web.speech import say, tell
from reports.year_report import render_year_report
from reports.year_sheets import year_workbook

_KINDS = frozenset({"html", "pdf", "docx", "xlsx"})


class WordsForm(forms.Form):
    """What the department adds to the figures."""

    done = forms.CharField(required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))
    difficulties = forms.CharField(required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}))
    proposals = forms.CharField(required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))
    number = forms.CharField(required=False, max_length=60)
    signed_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    signer = forms.CharField(required=False, max_length=150)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, kept: YearReport | None = None) -> None:
        names = ("done", "difficulties", "proposals", "number", "signed_on", "signer", "version")
        super().__init__(data, initial={} if kept is None else {name: getattr(kept, name) for name in names})
        for name, label, help_text in (
            ("done", say("Tình hình tổ chức thực hiện", "How the year was organised"), ""),
            ("difficulties", say("Khó khăn, vướng mắc", "Difficulties"), ""),
            ("proposals", say("Kiến nghị, đề xuất", "Proposals"), ""),
            ("number", say("Số báo cáo", "Number of the report"), say("Ví dụ 512/BC-SKHCN", "As 512/BC-SKHCN")),
            ("signed_on", say("Ngày ký", "Day of signing"), ""),
            ("signer", say("Họ và tên người ký", "Name of who signs"), ""),
        ):
            self.fields[name].label, self.fields[name].help_text = label, help_text
        paragraphs = say("Mỗi dòng thành một đoạn.", "Each line becomes a paragraph.")
        for name in ("done", "difficulties", "proposals"):
            self.fields[name].help_text = paragraphs


@gate(Action.READ_REPORTS, anywhere=True)
@require_GET
def list_reports(request: HttpRequest) -> HttpResponse:
    """The years of levels of which the reader may see the report, each with its last day."""
    actor = actor_in(request)
    rows = Cycle.objects.filter(rulebook__kind="levels").select_related("rulebook", "root__parent__parent")
    found = [
        (cycle, calendar_in(cycle).last_day("summary"))
        for cycle in rows.order_by("-year")
        if may(actor, Action.READ_REPORTS, subject_of_unit(cycle.root))
    ]
    return render(request, "decisions/reports.html", {"cycles": found, "here": "reports", "tabs": tabs(request)})


@gate(Action.READ_REPORTS, Cycle)
@require_http_methods(["GET", "POST"])
def edit_report(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """The figures and the words; a POST keeps the words. Raises ``Refused``."""
    _only_levels(cycle)
    actor, kept = actor_in(request), words_of(cycle)
    editable = may(actor, Action.SUMMARISE, subject_of_unit(cycle.root))
    form = WordsForm(request.POST if request.method == "POST" else None, kept)
    current: YearReport | None = None
    if request.method == "POST":
        require(request, Action.SUMMARISE, subject_of_unit(cycle.root))
        if form.is_valid():
            given = dict(form.cleaned_data)
            version = given.pop("version")
            try:
                keep_words(actor, cycle, Words(**given), version)
            except Overtaken as overtaken:
                current = overtaken.current
                form.add_error(None, tell(overtaken.text))
            else:
                messages.success(request, say("Đã lưu báo cáo.", "The report is saved."))
                return redirect("decisions:report", cycle=cycle.pk)
    context = {
        "cycle": cycle,
        "form": form,
        "editable": editable,
        "current": current,
        "last_day": calendar_in(cycle).last_day("summary"),
        "here": "reports",
        "tabs": tabs(request),
    }
    return render(request, "decisions/report.html", context, status=422 if form.errors else 200)


@gate(Action.READ_REPORTS, Cycle)
@require_GET
@xframe_options_sameorigin
def send_report(request: HttpRequest, cycle: Cycle, kind: str) -> HttpResponse:
    """The report as a document or a workbook, with the words as they were last saved."""
    _only_levels(cycle)
    if kind not in _KINDS:
        raise Http404
    summary = summarise_year(cycle, words_of(cycle))
    content = year_workbook(summary) if kind == "xlsx" else render_year_report(summary, frozenset({kind})).get(kind)
    if content is None:  # this machine makes no PDF
        raise Http404
    return send_document(content, f"bao-cao-{cycle.root.code}-{cycle.year}.{kind}", download="download" in request.GET)


def _only_levels(cycle: Cycle) -> None:
    if cycle.rulebook.kind != "levels":
        raise Http404
