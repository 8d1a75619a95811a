"""The environment that the contenders run in; made anew only when its requirements change."""

import hashlib
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


# Those of them that the report names.
_NAMED = {
    "django": "Django",
    "gunicorn": "gunicorn",
    "wagtail": "Wagtail",
    "wagtail-cache": "wagtail-cache",
}


def pinned() -> dict[str, str]:
    """The versions of the packages that the comparison is about."""
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    pairs = dict(line.lower().split("==") for line in lines if "==" in line)
    return {name: pairs[package] for package, name in _NAMED.items()}


def python_of_contenders(folder: Path) -> Path:
    """The Python that has what requirements.txt pins; in ``folder``, installed by pip."""
    venv = folder / "venv"
    python, stamp = venv / "bin" / "python", venv / "installed"
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return python
    subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
    words = ["--quiet", "--disable-pip-version-check", "--progress-bar=off", "--no-deps"]
    installed = subprocess.run(
        [python, "-m", "pip", "install", *words, "-r", REQUIREMENTS], capture_output=True, text=True
    )
    if installed.returncode != 0:
        sys.exit(
            f"{installed.stderr.strip()}\n\nThe packages of {REQUIREMENTS.name} could not be "
            "installed; pip's own words are above. Is the package index within reach?"
        )
    stamp.write_text(digest, encoding="ascii")
    return python
