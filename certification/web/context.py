"""Context: what every page is given beside what its view gives it."""

from typing import Any

from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject


def one_csrf_input(request: HttpRequest) -> dict[str, Any]:
    """The hidden field with the token of the page's forms, masked once for the page instead of for each form.

    Two pages never hold the same mask, which is what keeps a token from being read out of compressed answers. A page
    without forms asks for none and sets no cookie.
    """
    return {"csrf_input": SimpleLazyObject(lambda: csrf_input(request))}
