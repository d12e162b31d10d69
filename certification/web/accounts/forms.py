"""The forms of allauth in our words: it comes without Vietnamese. What they check is theirs."""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as second
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts

from certification.store.models import Account
from certification.web.speech import tell
from levels.faults import Text

_PASSWORD = Text(vi="Mật khẩu", en="Password")
_NEW = Text(vi="Mật khẩu mới", en="New password")
_AGAIN = Text(vi="Nhập lại mật khẩu mới", en="The new password again")
_CODE = Text(vi="Mã xác thực", en="Code")
_DIFFERENT = Text(vi="Hai lần nhập không giống nhau.", en="The two entries differ.")


class Worded(forms.Form):
    """A form whose fields are called as ``words`` says, in the language of the request, without placeholders."""

    words: ClassVar[Mapping[str, Text]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = password_rules() if name == "password1" else ""
            if name in self.words:
                field.label = tell(self.words[name])


class SamePassword(Worded):
    """A form that takes a new password twice."""

    def clean(self) -> dict[str, Any]:
        """Check that both are the same; says so at the second."""
        cleaned = forms.Form.clean(self) or {}
        first, second_time = cleaned.get("password1"), cleaned.get("password2")
        if first and second_time and first != second_time:
            self.add_error("password2", tell(_DIFFERENT))
        return cleaned


def password_rules() -> str:
    """What a new password must be, as one line of help."""
    return " ".join(password_validators_help_texts())


class LoginForm(Worded, account.LoginForm):
    """User name or address, and password."""

    words: ClassVar = {
        "login": Text(vi="Tên đăng nhập hoặc thư điện tử", en="User name or e-mail"),
        "password": _PASSWORD,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }


class ChangePasswordForm(SamePassword, account.ChangePasswordForm):
    """The present password, and a new one twice."""

    words: ClassVar = {
        "oldpassword": Text(vi="Mật khẩu hiện tại", en="Present password"),
        "password1": _NEW,
        "password2": _AGAIN,
    }


class SetPasswordForm(SamePassword, account.SetPasswordForm):
    """A first password for somebody who has only used single sign-on."""

    words: ClassVar = {"password1": _NEW, "password2": _AGAIN}


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    """The address to which the link is sent."""

    words: ClassVar = {"email": Text(vi="Thư điện tử của tài khoản", en="The account's e-mail address")}

    def clean_email(self) -> str:
        """The address; ``users`` is the active account that has it now, not one that once had it."""
        email = str(self.cleaned_data["email"]).strip().casefold()
        self.users = list(Account.objects.filter(email=email, is_active=True).exclude(email=""))
        return email


class ResetPasswordKeyForm(SamePassword, account.ResetPasswordKeyForm):
    """A new password twice, from the link in the mail."""

    words: ClassVar = {"password1": _NEW, "password2": _AGAIN}


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    """The password once more, before something that matters."""

    words: ClassVar = {"password": _PASSWORD}


class AuthenticateForm(Worded, second.AuthenticateForm):
    """A code of the authenticator, or a recovery code."""

    words: ClassVar = {"code": _CODE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric"}


class SecondReauthenticateForm(Worded, second.ReauthenticateForm):
    """As ``AuthenticateForm``, before something that matters."""

    words: ClassVar = {"code": _CODE}


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):
    """The first code of a new authenticator: it shows that the secret has arrived."""

    words: ClassVar = {"code": _CODE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": "6"}


class DeactivateTOTPForm(Worded, totp.DeactivateTOTPForm):
    """Nothing to fill in."""


class GenerateRecoveryCodesForm(Worded, recovery.GenerateRecoveryCodesForm):
    """Nothing to fill in."""


class NewPasswordForm(SamePassword):
    """The password that a person sets by a one-time link."""

    password1 = account.SetPasswordField()
    password2 = account.PasswordField(autocomplete="new-password")
    words: ClassVar = {
        "password1": Text(vi="Mật khẩu", en="Password"),
        "password2": Text(vi="Nhập lại mật khẩu", en="The password again"),
    }

    def __init__(self, *args: Any, holder: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = self.fields["password1"]
        assert isinstance(first, account.SetPasswordField)
        first.user = holder
