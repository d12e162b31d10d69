"""Upload limits: a file that is larger than any may be is not taken to disk; the rest of it is read and forgotten."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

LARGEST_FORM = 5_000_000
"""Bytes of a workbook or table; ``evidence.containers`` bounds them likewise."""


def largest() -> int:
    """Bytes of the largest file that any page takes."""
    return max(settings.PROOF_MEGABYTES * 1_000_000, LARGEST_FORM)


class BoundedHandler(FileUploadHandler):
    """Counts what comes in and skips a file as soon as it is too large; ``too_large`` tells the view which."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they come
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - as Django calls it
        self.received += len(raw_data)
        if self.received > largest():
            request = self.request
            if request is not None:
                request.META.setdefault(_TOO_LARGE, []).append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002 - as Django calls it
        return None  # the handlers after this one keep the file


_TOO_LARGE = "certify.too_large"


def too_large(request: HttpRequest) -> list[str]:
    """The names of the files of ``request`` that were skipped since they were too large."""
    request.FILES  # noqa: B018 - reads the request, and with it the files
    return list(request.META.get(_TOO_LARGE, []))
