"""The Django application of the screens."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "certification.web"
    label = "web"
    verbose_name = "Ứng dụng web"
