"""The application's own settings, with one more address: a bare view to measure beside."""

from certification.settings import *  # noqa: F403 - everything but the one below

ROOT_URLCONF = "tests.load.urls"
