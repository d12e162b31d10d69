"""The addresses of the reader's own tokens."""

from django.urls import path

from certification.web.api import pages

app_name = "tokens"
urlpatterns = [
    path("", pages.show_tokens, name="list"),
    path("issue/", pages.issue, name="issue"),
    path("<int:token>/revoke/", pages.revoke, name="revoke"),
]
