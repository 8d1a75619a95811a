"""What every test stands on. pytest loads it before Django reads its settings (pyproject.toml)."""

import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest

from franchise.machine import usable_cores

# A folder of its own for each process, so that tests never meet the database of `make run`, and
# parallel ones never meet each other's.
# (A worker of pytest-xdist inherits its parent's folder and stays inside, to be removed with it.)
PARENT = os.environ["VAR_DIR"] if "PYTEST_XDIST_WORKER" in os.environ else None
VAR_DIR = Path(tempfile.mkdtemp(prefix="catalogue-tests-", dir=PARENT))
(VAR_DIR / "static").mkdir()  # WhiteNoise warns when it is missing

os.environ.update(
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    API_RATE="0",  # all tests ask from one address
    CSRF_TRUSTED_ORIGINS="",
    DATABASE_REPLICA_URLS="",
    DEBUG="off",
    # Playwright keeps an event loop in the test's thread, which Django takes for async code.
    DJANGO_ALLOW_ASYNC_UNSAFE="on",
    LOG_FORMAT="plain",
    LOG_LEVEL="INFO",
    MEDIA_BUCKET="",
    REQUIRE_SECOND_FACTOR="off",
    SECRET_KEY="a key for tests only, which is as long as one for a real site",
    SECRET_KEY_FILE="",
    SECURE="off",
    SERVE_MEDIA="on",
    # A busy machine is no reason for a test to fail; tests/test_time_limits.py sets its own.
    STATEMENT_TIMEOUT="0",
    TRUST_PROXY="off",
    VAR_DIR=str(VAR_DIR),
)


def find_chromium():
    """The path of the machine's Chromium or Chrome, or None. CHROMIUM decides when it is set."""
    if path := os.environ.get("CHROMIUM"):
        return shutil.which(path)
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


CHROMIUM = find_chromium()
REQUIRE_BROWSER = os.environ.get("REQUIRE_BROWSER", "") not in {"", "0"}


def pytest_addoption(parser):
    group = parser.getgroup("tests/hostile")
    group.addoption("--requests", type=int, default=20_000, help="how many to send")
    group.addoption("--seed", type=int, default=0, help="the number that says which")


def pytest_configure():
    if REQUIRE_BROWSER and not CHROMIUM:
        raise pytest.UsageError(
            "REQUIRE_BROWSER is set, but no Chromium was found. Install it (Debian: sudo apt "
            "install chromium), or say where it is: CHROMIUM=/path/to/chromium"
        )

    from django.conf import settings  # noqa: PLC0415 - only now may Django read its settings

    # Plain names for static files, so that no test waits for collectstatic.
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    # How long an example takes says nothing on a machine that runs other tests at the same time.
    hypothesis.settings.register_profile("house", deadline=None)
    hypothesis.settings.load_profile("house")
    # A password is worth nothing here, so none takes a quarter of a second to check.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(tryfirst=True)  # before that of xdist, which answers too
def pytest_xdist_auto_num_workers():
    """One more than there are cores: tests wait, for servers, browsers and databases."""
    return usable_cores() + 1


def pytest_collection_modifyitems(items):
    if CHROMIUM:
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


def pytest_terminal_summary(terminalreporter):
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if "no Chromium" in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("browser tests were skipped", yellow=True)
        terminalreporter.line(
            f"{len(skipped)} tests need a browser and did not run: there is no Chromium here. "
            "Debian: sudo apt install chromium. Elsewhere: CHROMIUM=/path/to/chromium make test"
        )


def pytest_unconfigure():
    shutil.rmtree(VAR_DIR, ignore_errors=True)
