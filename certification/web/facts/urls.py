"""The addresses under which facts are entered and proved."""

from django.urls import path

from certification.web.facts import documents, drafts, entry, exchange

app_name = "facts"
urlpatterns = [
    path("<int:dossier>/facts/", entry.show_dossier, name="dossier"),
    path("<int:dossier>/facts/form.xlsx", exchange.send_form, name="form"),
    path("<int:dossier>/facts/import/", exchange.take_in, name="import"),
    path("cycles/<int:cycle>/import/", exchange.take_in_many, name="import_many"),
    path("<int:dossier>/facts/last-year/", drafts.show_offers, name="drafts"),
    path("<int:dossier>/facts/drafts/<str:group>/", drafts.settle, name="settle"),
    path("<int:dossier>/facts/groups/<str:group>/", entry.show_group, name="group"),
    path("<int:dossier>/facts/enter/<str:criterion>/", entry.enter, name="enter"),
    path("<int:dossier>/facts/try/<str:criterion>/", entry.attempt, name="try"),
    path("<int:dossier>/proofs/<int:use>/", documents.send, name="proof"),
    path("<int:dossier>/proofs/<int:use>/remove/", documents.remove, name="remove_proof"),
    path("<int:dossier>/facts/proofs/<str:criterion>/", documents.attach, name="attach"),
]
