"""The addresses of the application; every group of screens has its own beneath these."""

from django.urls import URLPattern, URLResolver, include, path

from certification.web.help import show_help
from certification.web.languages import choose_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", choose_language, name="language"),
    path("help/", show_help, name="help"),
    path("", include("certification.web.looking.urls")),
    path("", include("certification.web.accounts.urls")),
    path("account/", include("certification.web.accounts.sign_in")),
    path("administration/", include("certification.web.administration.urls")),
    path("decisions/", include("certification.web.decisions.urls")),
    path("audit/", include("certification.web.audit.urls")),
    path("", include("certification.web.procedure.urls")),
    path("dossiers/", include("certification.web.facts.urls")),
    path("api/", include("certification.web.api.urls")),
    path("tokens/", include("certification.web.api.token_urls")),
    path("planning/", include("certification.web.planner.urls")),
    path("appraisal/", include("certification.web.appraisal.urls")),
    path("indexes/", include("certification.web.indexes.urls")),
    path("public/", include("certification.web.portal.urls")),
]

handler400 = "certification.web.failures.bad_request"
handler403 = "certification.web.failures.forbidden"
handler404 = "certification.web.failures.not_found"
handler429 = "certification.web.failures.too_many"  # allauth asks for it
handler500 = "certification.web.failures.broken"
