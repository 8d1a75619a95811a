"""A bucket of a server that speaks as S3 does: moto, in a process of its own."""

import os
import subprocess
import sys
from unittest.mock import patch

import boto3
import requests

from ..servers import free_port, wait_until
from .storages import memory

NAME = "pictures-of-a-catalogue"
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "a-key",
    "AWS_SECRET_ACCESS_KEY": "its secret",
    "AWS_DEFAULT_REGION": "us-east-1",
}


class BucketServer:
    """Inside a ``with`` block it answers, with an empty bucket; ``stop`` and ``start`` in it."""

    def __init__(self):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = None

    def __enter__(self):
        self._credentials = patch.dict(os.environ, _CREDENTIALS)
        self._credentials.start()
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        self._credentials.stop()

    def start(self):
        """Forgets all that was in the bucket."""
        self.process = subprocess.Popen(  # noqa: S603 - a package of ours
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(self._answers)
            self.client.create_bucket(Bucket=NAME)
        except BaseException:
            self.stop()
            raise

    def stop(self):
        self.process.kill()
        self.process.wait()

    @property
    def client(self):
        """Amazon's own, to look into the bucket past the site."""
        return boto3.client("s3", endpoint_url=self.address)

    @property
    def storages(self):
        """For ``override_settings``."""
        return memory("franchise.bucket.Bucket", bucket_name=NAME, endpoint=self.address)

    @property
    def environment(self):
        """What a site is told of it."""
        return {"MEDIA_BUCKET": NAME, "AWS_ENDPOINT_URL_S3": self.address, **_CREDENTIALS}

    def listed(self):
        """{name: what a browser is told of its type} of all that is in it."""
        names = [it["Key"] for it in self.client.list_objects(Bucket=NAME).get("Contents", [])]
        return {
            name: self.client.head_object(Bucket=NAME, Key=name)["ContentType"]
            for name in sorted(names)
        }

    def _answers(self):
        try:
            return requests.get(self.address, timeout=5).ok
        except requests.ConnectionError:
            return False
