"""The addresses of the API; its operations lie beneath ``v1``."""

from django.urls import path

from certification.web.api import pages
from certification.web.api.api import api

urlpatterns = [
    path("", pages.show_documentation, name="api_documentation"),
    path("openapi.json", pages.send_schema, name="api_schema"),
    path("v1/", api.urls),
]
