"""What the administrator fills in about units, cycles and rulebooks; whether it fits is said by the store."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone

from certification.store.cycles import Opening
from certification.store.models import RulebookRecord, UnitRecord
from certification.store.unfit import Unfit
from certification.store.unit_import import Taking
from certification.web.formats import size_text
from certification.web.speech import say, tell
from certification.web.words import TIERS, capital
from evidence.succession import LABELS, Change, Defect, Kind
from levels.framework import Tier

MAX_DIRECTORY, MAX_TABLE, MAX_YAML = 10_000_000, 1_000_000, 600_000
"""How large an upload may be, in bytes: a whole country's directory, ten thousand changes, four times a rulebook."""


def day_input() -> forms.DateInput:
    """A field that browsers offer a calendar for."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EntryForm(forms.Form):
    """A form whose fields are called as ``name_fields`` says, and whose refusal by the store stands at its field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_fields()

    def name_fields(self) -> None:
        """Give the fields their labels and helps in the request's language."""

    def refuse(self, unfit: Unfit) -> None:
        """Show why the store refused."""
        self.add_error(unfit.field if unfit.field in self.fields else None, tell(unfit.text))


class BoundedFile(forms.FileField):
    """An upload of at most ``most`` bytes."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def clean(self, *args: Any, **kwargs: Any) -> Any:
        """The file, if it is not too large."""
        file = super().clean(*args, **kwargs)
        if isinstance(file, UploadedFile) and (file.size or 0) > self.most:
            most = size_text(self.most)
            raise forms.ValidationError(say(f"Tệp quá lớn; tối đa {most}.", f"The file is too large; at most {most}."))
        return file


class DirectoryForm(EntryForm):
    """A directory, or the list that came along, and the province to take from it."""

    file = BoundedFile(most=MAX_DIRECTORY, required=False, widget=forms.FileInput(attrs={"accept": ".xls,.xlsx,.csv"}))
    province = forms.CharField(max_length=80, required=False)

    def name_fields(self) -> None:
        """See ``EntryForm``."""
        self.fields["file"].label = say("Tệp danh mục (.xls, .xlsx, .csv)", "The directory (.xls, .xlsx, .csv)")
        self.fields["file"].help_text = say(
            "Tệp xuất từ danhmuchanhchinh.nso.gov.vn, hoặc units.csv. Để trống: danh mục ba cấp trước 01/7/2025"
            " kèm phần mềm.",
            "Exported from danhmuchanhchinh.nso.gov.vn, or a units.csv. Empty: the three tiers before 1 July 2025 that"
            " came with the software.",
        )
        self.fields["province"].label = say("Tỉnh, thành phố (mã hoặc tên)", "Province (code or name)")
        self.fields["province"].help_text = say(
            "Chỉ cần khi danh mục có nhiều tỉnh.", "Needed only where the directory has several."
        )


class TakingForm(EntryForm):
    """What of a directory is taken over."""

    units = forms.CharField(widget=forms.HiddenInput)
    since = forms.DateField(required=False, widget=day_input())
    changed = forms.BooleanField(required=False)
    ended = forms.BooleanField(required=False)
    on = forms.DateField(required=False, widget=day_input())
    instrument = forms.CharField(max_length=300, required=False)

    def name_fields(self) -> None:
        """See ``EntryForm``."""
        words = {
            "since": say("Đơn vị mới có từ ngày (để trống: từ trước)", "New units exist since (empty: always)"),
            "changed": say("Ghi nhận tên và cấp trên mới", "Take over new names and parents"),
            "ended": say("Kết thúc đơn vị không còn trong danh mục", "End units that are no longer listed"),
            "on": say("Ngày có hiệu lực của thay đổi", "First day of the changes"),
            "instrument": say("Văn bản (số, ký hiệu)", "Legal act (number)"),
        }
        for name, label in words.items():
            self.fields[name].label = label

    def taking(self) -> Taking:
        """What was filled in."""
        entered = self.cleaned_data
        return Taking(
            entered["since"], entered["changed"], entered["ended"], entered["on"], entered["instrument"].strip()
        )


class ChangeForm(EntryForm):
    """What happens to which units, since when and by which act."""

    kind = forms.ChoiceField()
    on = forms.DateField(widget=day_input())
    instrument = forms.CharField(max_length=300)
    before = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}))

    def name_fields(self) -> None:
        """See ``EntryForm``."""
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("", "–"), *((each.value, tell(LABELS[each])) for each in Kind)]
        kind.label = say("Thay đổi", "Change")
        self.fields["on"].label = say("Ngày có hiệu lực", "First day")
        self.fields["instrument"].label = say("Văn bản (số, ký hiệu)", "Legal act (number)")
        self.fields["instrument"].help_text = say("Ví dụ: 1677/NQ-UBTVQH15", "For example 1677/NQ-UBTVQH15")
        self.fields["before"].label = say("Mã các đơn vị cũ", "Codes of the units before")
        self.fields["before"].help_text = say(
            "Mỗi mã một dòng, hoặc cách nhau bằng dấu cách; để trống khi thành lập mới.",
            "One a line, or separated by spaces; empty for a unit established anew.",
        )

    def codes(self) -> tuple[str, ...]:
        """The codes of the units before, as they were typed."""
        return tuple(self.cleaned_data["before"].replace(",", " ").replace("|", " ").replace(";", " ").split())


class ResultForm(forms.Form):
    """One unit as it is afterwards; what is left empty stays as it was."""

    code = forms.CharField(max_length=16, required=False)
    name = forms.CharField(max_length=150, required=False)
    tier = forms.ChoiceField(required=False)
    parent = forms.CharField(max_length=16, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tier = self.fields["tier"]
        assert isinstance(tier, forms.ChoiceField)
        tier.choices = [("", say("(như cũ)", "(as before)")), *((each.value, tell(TIERS[each])) for each in Tier)]
        tier.label = say("Cấp", "Tier")
        self.fields["code"].label = say("Mã", "Code")
        self.fields["name"].label = say("Tên", "Name")
        self.fields["parent"].label = say("Mã cấp trên", "Code of the parent")

    @property
    def filled(self) -> bool:
        """Whether anything was filled in."""
        return any(self.cleaned_data.get(name) for name in self.fields)


ResultForms = forms.formset_factory(ResultForm, extra=0, min_num=1, max_num=60, absolute_max=60)

_COLUMNS = {"to": "code", "name": "name", "tier": "tier", "parent": "parent"}


def changes_from(form: ChangeForm, results: "forms.BaseFormSet[ResultForm]") -> tuple[list[Change], list[ResultForm]]:
    """The changes that were filled in, and the part of the form that each came from."""
    entered = form.cleaned_data
    filled = [each for each in results if each.filled] or [results[0]]
    changes = [
        Change(
            Kind(entered["kind"]),
            entered["on"],
            " ".join(entered["instrument"].split()),
            form.codes(),
            each.cleaned_data.get("code", ""),
            " ".join(each.cleaned_data.get("name", "").split()),
            Tier(each.cleaned_data["tier"]) if each.cleaned_data.get("tier") else None,
            each.cleaned_data.get("parent", ""),
        )
        for each in filled
    ]
    return changes, filled


def sentence(defect: Defect) -> str:
    """What is wrong with a change, as a sentence."""
    text = f"{tell(defect.found)}; {tell(defect.expected)}"
    return capital(text) + ("" if text.endswith(("…", "?")) else ".")


def show_defect(defect: Defect, form: ChangeForm, parts: list[ResultForm]) -> None:
    """Say at its field what is wrong with a change."""
    text = sentence(defect)
    if defect.column in _COLUMNS:
        parts[defect.place].add_error(_COLUMNS[defect.column], text)
        return
    column = {"from": "before", "date": "on", "kind": "kind", "instrument": "instrument"}[defect.column]
    if text not in form.errors.get(column, []):
        form.add_error(column, text)


class ChangesFileForm(EntryForm):
    """A table of changes."""

    file = BoundedFile(most=MAX_TABLE, widget=forms.FileInput(attrs={"accept": ".csv,.jsonl"}))

    def name_fields(self) -> None:
        """See ``EntryForm``."""
        self.fields["file"].label = say("Tệp unit_changes.csv", "The file unit_changes.csv")


class RulebookField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A rulebook by its id, version and instrument."""

    def label_from_instance(self, obj: RulebookRecord) -> str:
        """``kon-tum-121-2025 1.0: 121/QĐ-UBND``."""
        return f"{obj}: {obj.name.partition(':')[0]}"


class OpeningForm(EntryForm):
    """A cycle to be opened."""

    rulebook = RulebookField(queryset=RulebookRecord.objects.none(), empty_label="–")
    year = forms.IntegerField(min_value=2000, max_value=2999)
    root = forms.ModelChoiceField(queryset=UnitRecord.objects.none(), empty_label="–")
    day = forms.DateField(widget=day_input())

    def __init__(
        self, *args: Any, rulebooks: QuerySet[RulebookRecord], roots: QuerySet[UnitRecord], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("rulebook", rulebooks), ("root", roots)):
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ModelChoiceField)
            chosen.queryset = rows
        today = timezone.localdate()
        self.initial = {"year": today.year, "day": today, **self.initial}

    def name_fields(self) -> None:
        """See ``EntryForm``."""
        self.fields["rulebook"].label = say("Bộ tiêu chí, bộ chỉ số", "Rulebook")
        self.fields["year"].label = say("Năm đánh giá", "Year")
        self.fields["root"].label = say("Phạm vi", "Units under")
        self.fields["root"].help_text = say(
            "Mọi đơn vị thuộc đơn vị này mà bộ tiêu chí đánh giá đều có một hồ sơ.",
            "Every unit under it that the rulebook assesses gets a dossier.",
        )
        self.fields["day"].label = say("Danh sách đơn vị theo ngày", "Units as they are on")

    def opening(self) -> Opening:
        """What was filled in."""
        entered = self.cleaned_data
        return Opening(entered["rulebook"], entered["year"], entered["root"], entered["day"])


class ReasonForm(EntryForm):
    """Why a cycle is closed or opened again."""

    why = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def name_fields(self) -> None:
        """See ``EntryForm``."""
        self.fields["why"].label = say("Lý do", "Reason")


class RulebookForm(EntryForm):
    """A rulebook's YAML."""

    file = BoundedFile(most=MAX_YAML, widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}))

    def name_fields(self) -> None:
        """See ``EntryForm``."""
        self.fields["file"].label = say("Tệp YAML", "The YAML file")
