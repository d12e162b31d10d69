"""Help: what the words on the pages mean, and the keys that work on them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from certification.web.gate import public


@public
def show_help(request: HttpRequest) -> HttpResponse:
    """The page of help, for everybody."""
    return render(request, "help.html")
