"""Bounds what is received of an upload, before anything of it is looked at."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from .reading import MAX_BYTES

# A whole form beyond this many bytes is refused by what it says of its length, unread.
MAX_FORM_BYTES = 100 * 1024 * 1024


class BoundedUpload(FileUploadHandler):
    """Drops a file that grows larger than a picture may be, and keeps the rest of the form.

    So neither memory nor the disk holds more of it. ``request.is_upload_too_large`` tells the view.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803 - Django's name
        self.request.is_upload_too_large = False
        if content_length > MAX_FORM_BYTES:
            raise RequestDataTooBig(f"An upload of {content_length:,} bytes was refused.")

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        if self.received > MAX_BYTES:
            self.request.is_upload_too_large = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        """The handlers after this one make the file."""
