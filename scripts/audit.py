"""Looks for known weaknesses, in what is pinned and in the code: python scripts/audit.py

By pip-audit, which asks PyPI, and by bandit; both in an environment that is gone afterwards.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("bandit==1.9.4", "pip-audit==2.10.1")
CHECKS = {
    # What it is not to look for, and why, is in there.
    "bandit": ("--quiet", "--configfile", "pyproject.toml", "--recursive", "catalog", "franchise"),
    # The largest set: the others pin the same versions of less.
    "pip_audit": ("--strict", "--require-hashes", "--disable-pip", "-r", "requirements-test.txt"),
}


def main():
    with tempfile.TemporaryDirectory(prefix="catalogue-audit-") as folder:
        python = Path(folder) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        words = ("--quiet", "--disable-pip-version-check", "--progress-bar=off")
        pip = subprocess.run([python, "-m", "pip", "install", *words, *TOOLS])
        if pip.returncode != 0:
            sys.exit("The checkers could not be installed; pip's own words are above.")
        failed = [
            name
            for name, words in CHECKS.items()
            if subprocess.run([python, "-m", name, *words], cwd=ROOT).returncode != 0
        ]
    if failed:
        sys.exit(f"Found something, or could not look: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
