"""What hands requests to Django: its own handler, but for how a request is read."""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest


class Request(WSGIRequest):
    """One that is read as UTF-8, as addresses and forms are, whatever its ``Content-Type`` says.

    Django would read the address too by the charset that is named there, before anything could
    answer for it; and Python knows some that are not for text, or not for what cannot be read.
    """

    @property
    def encoding(self):
        return None  # which stands for UTF-8

    @encoding.setter
    def encoding(self, charset):
        pass


class Handler(WSGIHandler):
    request_class = Request
