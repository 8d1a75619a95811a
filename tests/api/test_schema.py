"""The schema of the API: whether it is one, and whether the server answers as it says."""

import json
import re
import subprocess
import sys
from functools import cached_property
from io import StringIO
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.test import TestCase, TransactionTestCase
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from ..servers import Server

ROOT = "/api/v1/"
HOST = "http://testserver"
# Of each address so many requests are made up.
_EXAMPLES = 10


class SchemaTests(TestCase):
    """Of every entry of the real catalogue."""

    @classmethod
    def setUpTestData(cls):
        call_command("load_catalog", stdout=StringIO())

    @cached_property
    def schema(self):
        return json.loads(self.client.get(f"{ROOT}schema/").content)

    def test_it_is_openapi(self):
        assert self.schema["openapi"].startswith("3.1")
        validate(self.schema)

    def test_every_address_is_in_it(self):
        paths = self.schema["paths"]
        listed = {f"{ROOT}{name}/" for name in self.client.get(ROOT).json()["lists"]}
        assert listed <= set(paths)
        assert f"{ROOT}series/{{slug}}/season-{{season}}/episode-{{number}}/" in paths
        told = [each["name"] for each in paths[f"{ROOT}characters/"]["get"]["parameters"]]
        assert {*told} >= {"series", "match", "person", "q", "sort", "cursor", "limit", "progress"}
        assert len(told) == len(set(told))

    def test_all_that_is_told_is_as_it_says(self):
        checked = set()
        for name in self.client.get(ROOT).json()["lists"]:
            page = self.checked(f"{ROOT}{name}/?limit=100")
            for row in page["results"]:
                if "url" in row and row["url"] not in checked:
                    checked.add(row["url"])
                    self.checked(row["url"].removeprefix(HOST))
        assert len(checked) > 250

    def checked(self, address):
        """What is at ``address``, which is as the schema says, and has all that it names."""
        response = self.client.get(address)
        assert response.status_code == 200, address
        told = response.json()
        form = self.form_of(address.partition("?")[0])
        names = form.get("$ref", "").rpartition("/")[2]
        properties = self.schema["components"]["schemas"][names] if names else form
        assert told.keys() == properties["properties"].keys()
        whole = {**form, "components": self.schema["components"]}
        problems = [
            f"{address} {'.'.join(map(str, error.path))}: {error.message}"
            for error in Draft202012Validator(whole).iter_errors(told)
        ]
        assert problems == []
        return told

    def form_of(self, path):
        for template, operations in self.schema["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[-\\\\w]+", template), path):
                [answer] = operations["get"]["responses"]["200"]["content"].values()
                return answer["schema"]
        raise AssertionError(f"{path} is not in the schema")


class MadeUpTests(TransactionTestCase):
    def test_whatever_is_asked_is_answered_as_the_schema_says(self):
        """By schemathesis: no answer of a fault, and none that the schema does not know."""
        call_command("load_catalog", stdout=StringIO())
        folder = self.enterContext(TemporaryDirectory())
        with Server(API_RATE="0") as server:
            done = subprocess.run(  # noqa: S603 - one of our own
                [
                    *(sys.executable, "-m", "schemathesis.cli", "run"),
                    f"{server.address}{ROOT}schema/",
                    # A person of whom nobody has heard fits the schema, and is refused.
                    "--exclude-checks=positive_data_acceptance,negative_data_rejection",
                    "--phases=fuzzing",
                    f"--max-examples={_EXAMPLES}",
                    "--generation-database=none",
                    "--no-color",
                ],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
                timeout=600,
            )
        assert done.returncode == 0, done.stdout[-5_000:]
        assert re.search(r"Tested: 2\d", done.stdout), done.stdout[-5_000:]
