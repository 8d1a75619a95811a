"""An upload as a sheet, whatever its name says it is."""

from .csv_files import read_csv
from .files import MAX_BYTES, MEGABYTES, Sheet, UnreadableError
from .xlsx_files import read_xlsx

_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What other files begin with.
_OTHERS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"7z\xbc\xaf": "a compressed file",
    b"Rar!": "a compressed file",
    b"{\\rtf": "a text document",
}
_PAGE = (b"<!doctype", b"<html", b"<?xml")


def read_sheet(upload, resource) -> Sheet:
    """The cells of the uploaded file ``upload``; raises UnreadableError."""
    if upload.size > MAX_BYTES:
        raise UnreadableError(f"It has more than {MEGABYTES} MB: split it into several files.")
    start = upload.read(64)
    upload.seek(0)
    if not start.strip():
        raise UnreadableError("It is empty.")
    if start.startswith(b"PK"):
        return read_xlsx(upload, str(resource.kind.plural))
    if start.startswith(_OLD_EXCEL):
        raise UnreadableError(
            "It is an old Excel workbook (.xls), or one with a password: save it as .xlsx, "
            "without one."
        )
    for beginning, name in _OTHERS.items():
        if start.startswith(beginning):
            raise UnreadableError(f"It is {name}, and no spreadsheet: choose a .xlsx or .csv file.")
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGE):
        raise UnreadableError("It is a web page or XML, and no spreadsheet.")
    return read_csv(upload.read(), set(resource.header))
