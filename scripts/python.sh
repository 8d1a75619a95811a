#!/bin/sh
# Runs the first Python that is new enough: sh scripts/python.sh SCRIPT [ARGUMENTS]
# PYTHON=/path/to/python decides instead.
set -u

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

if [ -n "${PYTHON:-}" ]; then
    candidates=$PYTHON
else
    # The machine's own choice first: on Debian it is the one that comes with its venv module.
    candidates='python3:python3.14:python3.13:python3.12:python3.11:python'
fi

found=
IFS=:
for candidate in $candidates; do
    # Being on PATH is not enough: pyenv puts a stub there for every version it knows of.
    if version=$("$candidate" --version 2>&1); then
        "$candidate" -c "$new_enough" 2>/dev/null && exec "$candidate" "$@"
        found="$found
    $candidate is $version"
    elif [ -n "${PYTHON:-}" ]; then
        found="$found
    PYTHON=$PYTHON does not run"
    fi
done

cat >&2 <<EOF
This project needs Python 3.11 or newer, and none was found.
Looked for: $(echo $candidates)
Found:${found:- no Python at all}

Install one (Debian, Ubuntu: sudo apt install python3 python3-venv; macOS: brew install python),
or say where one is: PYTHON=/path/to/python3 make run
EOF
exit 1
