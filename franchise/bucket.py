"""Keeps pictures in a bucket of S3 or of what speaks like it, where machines share no folder."""

from contextlib import contextmanager
from functools import wraps
from http import HTTPStatus
from pathlib import PurePath

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from .errors import BucketError
from .media import FOR_EVER, TYPES

# Pages wait for it no longer than that, once more if need be. In seconds.
_PATIENCE = {"connect_timeout": 3, "read_timeout": 15}

_IN_MEMORY = 2**21  # bytes; what is larger is read into a temporary file


def _told_as_files_are(method):
    @wraps(method)
    def asking(self, *args, **kwargs):
        with _as_errors_of_files(self.bucket_name):
            return method(self, *args, **kwargs)

    return asking


@contextmanager
def _as_errors_of_files(bucket):
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status == HTTPStatus.NOT_FOUND and code != "NoSuchBucket":
            raise FileNotFoundError(f"It is not in the bucket {bucket}.") from error
        raise BucketError(f"the bucket refused it ({code})", bucket) from error
    except BotoCoreError as error:
        raise BucketError("the bucket does not answer", bucket) from error


class Bucket(S3Storage):
    """A storage whose files are asked for at the site: the bucket stays closed to all others.

    Pages ask no other host, so an address is below ``MEDIA_URL``, where franchise/media.py answers.
    What is not there raises FileNotFoundError; a bucket that does not answer, or refuses,
    BucketError, an OSError as of a disk.
    """

    def __init__(self, *, bucket_name: str, endpoint: str = ""):
        super().__init__(
            bucket_name=bucket_name,
            endpoint_url=endpoint or None,
            file_overwrite=False,
            max_memory_size=_IN_MEMORY,
            transfer_config=TransferConfig(use_threads=False),
            client_config=Config(
                **_PATIENCE,
                retries={"mode": "standard", "total_max_attempts": 2},
                # Names of buckets as names of hosts need certificates that few servers other than
                # Amazon's have; and of the newest checksums, many know nothing.
                s3={"addressing_style": "path" if endpoint else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def url(self, name, parameters=None, expire=None, http_method=None):
        return settings.MEDIA_URL + filepath_to_uri(name)

    def get_object_parameters(self, name):
        """What whoever stands between the bucket and visitors is told of a file."""
        content_type = TYPES.get(PurePath(name).suffix.lower(), self.default_content_type)
        return {"ContentType": content_type, "CacheControl": FOR_EVER}

    @_told_as_files_are
    def _open(self, name, mode="rb"):
        file = super()._open(name, mode)
        if "r" in mode:
            file.seek(0)  # reads it, so that what fails fails here
        return file

    _save = _told_as_files_are(S3Storage._save)
    delete = _told_as_files_are(S3Storage.delete)
    exists = _told_as_files_are(S3Storage.exists)
    get_modified_time = _told_as_files_are(S3Storage.get_modified_time)
    listdir = _told_as_files_are(S3Storage.listdir)
    size = _told_as_files_are(S3Storage.size)
