"""The addresses of the application; every group of screens has its own beneath these."""

from django.urls import URLPattern, URLResolver, path

from certification.web.languages import choose_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", choose_language, name="language"),
]
