#!/bin/sh
# Pins what pyproject.toml asks for, for every system and every Python from 3.11 on.
# The hashes are of what is published, so the result is the same wherever it is run.
set -eu
cd "$(dirname "$0")/.."

if ! command -v uv >/dev/null; then
    echo 'make lock needs uv, and only make lock does. One way: python3 -m venv /tmp/uv &&' >&2
    echo '/tmp/uv/bin/pip install uv && PATH=/tmp/uv/bin:$PATH make lock' >&2
    exit 1
fi

compile() {
    output=$1
    shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-config --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
        "$@" --output-file "$output" pyproject.toml
}

# The largest set first: the others take their versions from it, so that one .venv suits all.
# UPGRADE=1 takes the newest versions; otherwise what is pinned stays where it still fits.
compile requirements-test.txt ${UPGRADE:+--upgrade} --group test
compile requirements-postgres.txt --upgrade --constraint requirements-test.txt --extra postgres
compile requirements-granian.txt --upgrade --constraint requirements-test.txt --extra granian
compile requirements-s3.txt --upgrade --constraint requirements-test.txt --extra s3
compile requirements.txt --upgrade --constraint requirements-test.txt
