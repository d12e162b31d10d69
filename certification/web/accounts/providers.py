"""The providers of single sign-on that this installation offers."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import Provider
from django.http import HttpRequest


def providers(request: HttpRequest) -> list[Provider]:
    """Those that the settings name: none or one."""
    return list(get_adapter().list_providers(request))
