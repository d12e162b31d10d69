"""The Django application of the screens."""

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "certification.web"
    label = "web"
    verbose_name = "Ứng dụng web"

    def ready(self) -> None:
        """Connect what listens to signals: the begin of sessions, and what people do with their own accounts."""
        import_module("certification.web.sessions")
        import_module("certification.web.accounts.records")
