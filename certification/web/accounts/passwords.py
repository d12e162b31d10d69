"""Passwords: what a new one must be. Guesses begin with what is common, and with the holder's name."""

import re

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError

from certification.store.models import Account
from certification.store.search import fold
from certification.web.speech import say

LENGTH = 12
LEFT = 6
"""How many letters must be left once names or common words are taken away; a number stands for two."""

_COMMON = """
    matkhau password passwd quantri quantrihethong admin administrator dangnhap taikhoan nguoidung hethong
    chuyendoiso chinhquyen chinhphu uyban ubnd nhandan congchuc vanphong tinh huyen xaphuong hoidong thamdinh
    vietnam kontum hanoi saigon hochiminh danang haiphong cantho daklak gialai bacninh chuprong tphcm
    anhyeuem emyeuanh yeuem yeuanh anhnhoem emnhoanh iloveyou tinhyeu maimai hanhphuc giadinh conyeu
    khongbiet khongnho xinchao chaoban camon maman motnam motngay codon buon vuive
    nguyen tran pham hoang huynh phan vuong dang duong
    matkhaucuatoi matkhaumoi mothaiba mothaibabon qwerty asdfgh zxcvbn qazwsx abc xyz
"""
_WORDS = sorted(_COMMON.split(), key=len, reverse=True)  # the longest first: «quantrihethong» before «quantri»
_NUMBER = re.compile(r"[0-9]+")
_NUMBER_COUNTS = 2
"""A number of however many digits adds no more than this: guesses try dates and running numbers first."""


class LongEnough(MinimumLengthValidator):
    """A password has ``LENGTH`` characters or more; a sentence is easy to remember and hard to guess."""

    def __init__(self, min_length: int = LENGTH) -> None:
        super().__init__(min_length)

    def get_error_message(self) -> str:
        return say(
            f"Mật khẩu quá ngắn: cần ít nhất {self.min_length} ký tự.",
            f"The password is too short: at least {self.min_length} characters are needed.",
        )

    def get_help_text(self) -> str:
        return say(
            f"Ít nhất {self.min_length} ký tự; một câu dễ nhớ có dấu cách là tốt nhất.",
            f"At least {self.min_length} characters; a sentence that you remember, with spaces, is best.",
        )


class NotAboutTheHolder(UserAttributeSimilarityValidator):
    """A password is not made of the holder's own user name, name or address, with or without tones."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("username", "full_name", "email"), max_similarity=0.7)

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ``ValidationError`` where the password repeats what is known of ``user``."""
        super().validate(password, user)
        if user is None:
            return
        plain = re.sub(r"[^a-z0-9]", "", fold(password))
        names = {re.sub(r"[^a-z0-9]", "", fold(each)) for each in (user.username, user.full_name)}
        for name in names:
            if len(name) >= 5 and name in plain and len(plain.replace(name, "")) < LEFT:
                raise ValidationError(self.get_error_message())

    def get_error_message(self) -> str:
        return say(
            "Mật khẩu quá giống tên đăng nhập, họ tên hoặc địa chỉ thư của bạn.",
            "The password is too similar to your user name, name or address.",
        )

    def get_help_text(self) -> str:
        return say("Không dùng tên của chính mình.", "Not your own name.")


class NotCommon(CommonPasswordValidator):
    """A password is none of the 20,000 most used, and not put together from common Vietnamese words and numbers."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - not read
        """Raise ``ValidationError`` where hardly anything is left of the password without the common words."""
        super().validate(password)
        rest = re.sub(r"[^a-z0-9]", "", fold(password).replace("@", "a"))
        for word in _WORDS:
            rest = rest.replace(word, " ")
        numbers = len(_NUMBER.findall(rest))
        if len(_NUMBER.sub("", rest).replace(" ", "")) + _NUMBER_COUNTS * numbers < LEFT:
            raise ValidationError(self.get_error_message())

    def get_error_message(self) -> str:
        return say(
            "Mật khẩu này dễ đoán: nó gồm những từ hoặc dãy số hay dùng.",
            "This password is easily guessed: it is made of common words or numbers.",
        )

    def get_help_text(self) -> str:
        return say(
            "Không dùng từ và dãy số hay gặp như «matkhau», «123456».", "No common words and numbers: matkhau, 123456."
        )
