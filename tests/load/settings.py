"""The application's own settings, with one more address: a bare view to measure beside; answers say what they cost."""

from certification.settings import *  # noqa: F403 - everything but what stands below
from certification.settings import MIDDLEWARE as _MIDDLEWARE

ROOT_URLCONF = "tests.load.urls"
MIDDLEWARE = ["tests.load.metering.MeterMiddleware", *_MIDDLEWARE]
