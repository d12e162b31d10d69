"""The addresses of the application and a bare view, which every middleware stands before as before all others."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from certification.web.gate import public


@public
def bare(_: HttpRequest) -> HttpResponse:
    """As little as a Django view can do."""
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare), path("", include("certification.web.urls"))]
