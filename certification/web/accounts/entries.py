"""What an administrator fills in about accounts and roles; whether it fits is said by ``store.accounts``."""

import datetime
from typing import Any, Self

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from certification.procedure.roles import Role
from certification.store.accounts import Person
from certification.store.appointing import Post
from certification.store.models import Account, UnitRecord
from certification.store.unfit import Unfit
from certification.web.speech import language, say, tell


class EntryForm(forms.Form):
    """A form whose refusal by the store stands at its field."""

    def refuse(self, unfit: Unfit) -> None:
        """Show why the store refused."""
        self.add_error(unfit.field if unfit.field in self.fields else None, tell(unfit.text))


class AppointForm(EntryForm):
    """A role at a unit, for a time, by an act."""

    role = forms.ChoiceField()
    unit = forms.ModelChoiceField(queryset=UnitRecord.objects.none(), required=False)
    basis = forms.CharField(max_length=300, required=False)
    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, units: QuerySet[UnitRecord], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = language()
        role, unit = self.fields["role"], self.fields["unit"]
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(unit, forms.ModelChoiceField)
        role.choices = [("", "–"), *((each.value, each.label.say(spoken)) for each in Role)]
        role.label = say("Vai trò", "Role")
        unit.queryset = units
        unit.label = say("Đơn vị", "Unit")
        unit.empty_label = say("(toàn hệ thống)", "(whole installation)")
        unit.help_text = say(
            "Chỉ quản trị, thanh tra và lập kế hoạch có thể để toàn hệ thống.",
            "Only administrators, auditors and planners may be for the whole installation.",
        )
        self.fields["basis"].label = say("Căn cứ (số, ngày của quyết định)", "By which act (number, date)")
        self.fields["since"].label = say("Từ ngày (để trống: ngay bây giờ)", "From (empty: now)")
        self.fields["until"].label = say(
            "Đến hết ngày (để trống: cho đến khi kết thúc)", "Last day (empty: until ended)"
        )

    def post(self) -> Post:
        """What was filled in; the last day belongs to the appointment."""
        entered = self.cleaned_data
        until = entered["until"] and entered["until"] + datetime.timedelta(days=1)
        return Post(
            role=Role(entered["role"]),
            unit=entered["unit"],
            basis=entered["basis"].strip(),
            since=_midnight(entered["since"]),
            until=_midnight(until),
        )


class InviteForm(AppointForm):
    """A person and the first role."""

    username = forms.CharField(max_length=50)
    full_name = forms.CharField(max_length=200)
    email = forms.EmailField(required=False)
    language = forms.ChoiceField(choices=[("vi", "Tiếng Việt"), ("en", "English")], initial="vi")
    field_order = ("full_name", "username", "email", "language", "role", "unit", "basis", "since", "until")

    def __init__(self, *args: Any, units: QuerySet[UnitRecord], **kwargs: Any) -> None:
        super().__init__(*args, units=units, **kwargs)
        self.fields["username"].label = say("Tên đăng nhập", "User name")
        self.fields["username"].help_text = say(
            "Chữ thường không dấu, chữ số, dấu chấm, gạch ngang.", "Plain lower-case letters, digits, dots, hyphens."
        )
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        self.fields["full_name"].label = say("Họ và tên", "Name")
        self.fields["email"].label = say("Thư điện tử (nếu có)", "E-mail (if any)")
        self.fields["language"].label = say("Ngôn ngữ", "Language")

    def person(self) -> Person:
        """What was filled in about the person."""
        entered = self.cleaned_data
        return Person(entered["username"], entered["full_name"], entered["email"], entered["language"])


class CorrectForm(EntryForm):
    """A name and an address, and the version they were corrected from."""

    full_name = forms.CharField(max_length=200)
    email = forms.EmailField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].label = say("Họ và tên", "Name")
        self.fields["email"].label = say("Thư điện tử", "E-mail")

    @classmethod
    def of(cls, account: Account) -> Self:
        """The form with what is stored now."""
        return cls(initial={"full_name": account.full_name, "email": account.email, "version": account.version})

    def overtake(self, version: int) -> None:
        """Keep what was typed, on top of ``version``: sending it again is a choice made with both in sight."""
        self.data = {**{name: self.data.get(name, "") for name in self.fields}, "version": str(version)}


def _midnight(day: datetime.date | None) -> datetime.datetime | None:
    if day is None:
        return None
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
