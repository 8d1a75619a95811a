"""Keeps .venv as the requirement files say: python scripts/packages.py requirements-test.txt

Needs nothing but the standard library, since it runs before anything is installed.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
STAMP = VENV / "installed.json"  # {requirement file: hash of its content when it was installed}

PIP_OPTIONS = ("--require-hashes", "--quiet", "--progress-bar=off", "--disable-pip-version-check")

SIGNS_OF_NO_NETWORK = (
    "Temporary failure in name resolution",
    "Name or service not known",
    "nodename nor servname provided",
    "Failed to establish a new connection",
    "Connection refused",
    "Network is unreachable",
    "Read timed out",
    "Connection timed out",
    "ProxyError",
    "(from versions: none)",  # all that pip says with PIP_RETRIES=0
)


def install(*files):
    """Make .venv hold what these requirement files pin. Does nothing when it already does."""
    if not is_usable():
        create()
    for requirements in files:
        install_file(requirements)


def install_file(requirements):
    digest = hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()
    installed = read_stamp()
    if installed.get(requirements) == digest:
        return
    print(f"Installing {requirements} into .venv (once; may take a minute) ...", flush=True)
    pip = subprocess.run(
        [PYTHON, "-m", "pip", "install", *PIP_OPTIONS, "-r", requirements],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if pip.returncode != 0:
        sys.exit(explain_failure(requirements, pip.stdout))
    STAMP.write_text(json.dumps(installed | {requirements: digest}, indent=2), encoding="utf-8")


def is_usable():
    """Whether .venv has a Python that runs (its base may have been removed) and is new enough."""
    wanted = tuple(sys.version_info[:2]) if os.environ.get("PYTHON") else None
    code = "import sys, pip; print(*sys.version_info[:2])"
    try:
        asked = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True)
    except OSError:
        return False
    if asked.returncode != 0:
        return False
    has = tuple(int(part) for part in asked.stdout.split())
    return has == wanted if wanted else has >= (3, 11)


def create():
    print(f"Creating .venv with Python {sys.version.split()[0]} ({sys.executable}) ...", flush=True)
    venv = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if venv.returncode != 0:
        sys.exit(
            f"{venv.stdout.strip()}\n\n"
            "The virtual environment .venv could not be made; Python's own words are above.\n"
            "On Debian and Ubuntu the module for it is a package: sudo apt install python3-venv"
        )


def read_stamp():
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def explain_failure(requirements, output):
    lines = [line for line in output.splitlines() if line and "WARNING: Retrying" not in line]
    last_words = "\n".join("    " + line for line in lines[-8:])
    if "DO NOT MATCH THE HASHES" in output:
        cause = (
            "A package differs from the one that was pinned, so it was refused. A package mirror\n"
            "may be serving something else; `make lock` pins anew."
        )
    elif any(sign in output for sign in SIGNS_OF_NO_NETWORK):
        cause = (
            "The package index cannot be reached. Check the network. Behind a proxy, set\n"
            "HTTPS_PROXY; with a mirror of your own, set PIP_INDEX_URL."
        )
    else:
        cause = (
            "pip's own words are above. It needs the network, and a package for this system and\n"
            f"for Python {sys.version.split()[0]} (another: PYTHON=/path/to/python3)."
        )
    return (
        f"{last_words}\n\nThe packages of {requirements} could not be installed.\n{cause}\n"
        "Nothing else was changed: run the same command again when this is mended."
    )


if __name__ == "__main__":
    install(*sys.argv[1:])
