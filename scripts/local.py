"""The catalogue on one's own machine.

    python scripts/local.py serve                 what `make run` does
    python scripts/local.py editor                what `make editor` does
    python scripts/local.py manage COMMAND ...    manage.py with the same settings and database

Needs nothing but the standard library, since it runs before anything is installed.
"""

import errno
import hashlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from itertools import dropwhile
from pathlib import Path

from packages import PYTHON, ROOT, install

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SERVERS = {
    "gunicorn": [
        "gunicorn",
        "--config=franchise/gunicorn.conf.py",
        "--log-level=warning",
    ],
    "granian": ["franchise.granian_server"],
}


def say(text):
    print(text, flush=True)  # in step with what the commands print, also through a pipe


# The settings -------------------------------------------------------------------------------------


def environment():
    """What the caller has set, else the file .env, else defaults that suit one's own machine."""
    env = read_dotenv() | {name: value for name, value in os.environ.items() if value}
    env.setdefault("HOST", "127.0.0.1")
    env.setdefault("PORT", "8000")
    env.setdefault("SERVER", "gunicorn")
    env.setdefault("SECURE", "off")
    env.setdefault("SERVE_MEDIA", "on")
    env.setdefault("LOG_FORMAT", "plain")
    env.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
    env["VAR_DIR"] = str(Path(ROOT, env.get("VAR_DIR", "var")))
    try:
        # For its owner alone: the database in it holds the hashes of passwords.
        Path(env["VAR_DIR"]).mkdir(mode=0o700, parents=True, exist_ok=True)
        if "SECRET_KEY" not in env and "SECRET_KEY_FILE" not in env:
            env["SECRET_KEY_FILE"] = str(own_secret_key(env["VAR_DIR"]))
    except OSError as error:
        sys.exit(
            f"VAR_DIR={env['VAR_DIR']} is no folder that can be made and written to:\n"
            f"{error.strerror}: {error.filename}"
        )
    return env


def read_dotenv():
    """The NAME=value lines of .env; quotes around a value are dropped."""
    try:
        lines = (ROOT / ".env").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    values = {name.strip(): value.strip().strip("\"'") for name, value in pairs}
    return {name: value for name, value in values.items() if value}


def own_secret_key(var_dir):
    """A key made once and kept where only its owner can read it."""
    path = Path(var_dir, "secret-key")
    if not path.exists():
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(50) + "\n")
    return path


def requirements(env):
    """The files that pin what is needed; each has all that the catalogue cannot do without."""
    extras = []
    if env.get("DATABASE_URL", "").startswith(("postgres", "pgsql")):
        extras.append("requirements-postgres.txt")
    if env["SERVER"] == "granian":
        extras.append("requirements-granian.txt")
    if env.get("MEDIA_BUCKET"):
        extras.append("requirements-s3.txt")
    return extras or ["requirements.txt"]


# The steps before serving -------------------------------------------------------------------------


def check_server(env):
    if env["SERVER"] not in SERVERS:
        sys.exit(f"SERVER must be {' or '.join(SERVERS)}, not {env['SERVER']!r}.")


def check_numbers(env):
    port, workers = env["PORT"], env.get("WEB_CONCURRENCY", "1")
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        sys.exit(f"PORT must be a number from 1 to 65535, not {port!r}.")
    if not workers.isdecimal() or int(workers) == 0:
        sys.exit(f"WEB_CONCURRENCY must be a number of processes, 1 or more, not {workers!r}.")


def check_address(env):
    """Stop with a message when the server could not listen there."""
    host, port = env["HOST"], env["PORT"]
    try:
        found = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)
        family, kind, _, _, address = found[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        sys.exit(f"HOST={host} is not an address of this machine, nor a name for one.")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(
                f"Port {port} on {host} is in use, perhaps by a catalogue that runs already.\n"
                f"Stop that, or take another port: PORT={int(port) % 65535 + 1} make run"
            )
        if error.errno == errno.EACCES:
            sys.exit(f"You may not listen on port {port}. Take one above 1023: PORT=8000 make run")
        sys.exit(f"Cannot listen on HOST={host}, PORT={port}: {error.strerror}.")


def manage(env, *arguments, **options):
    return subprocess.run([PYTHON, "manage.py", *arguments], cwd=ROOT, env=env, **options)


def must(env, *arguments, hint=""):
    done = manage(env, *arguments, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(
            f"`manage.py {arguments[0]}` failed:\n\n{gist(done.stderr)}\n\n{hint}"
            f'The whole of it: make manage COMMAND="{" ".join(arguments)}"'
        )
    sys.stderr.write(done.stderr)


def migrate(env):
    asked = manage(env, "migrate", "--check", capture_output=True, text=True)
    if asked.returncode == 0:
        return
    if "Error" in asked.stderr or "Traceback" in asked.stderr:
        sys.exit(
            "The database (DATABASE_URL) cannot be opened, or a setting is wrong:\n\n"
            + gist(asked.stderr)
        )
    hint = "If this database belongs to something else, name another in DATABASE_URL.\n"
    must(env, "migrate", "--verbosity", "0", hint=hint)
    say("The database is up to date.")


def gist(traceback):
    """What an exception said, without the lines of code on its way."""
    lines = traceback.strip().splitlines()
    frames = [number for number, line in enumerate(lines) if line.startswith('  File "')]
    after = lines[frames[-1] + 1 :] if frames else lines
    return "\n".join(dropwhile(lambda line: line.startswith(" "), after))


def collect_static(env):
    """Collect and compress the static files, unless nothing that goes into them has changed."""
    stamp = Path(env["VAR_DIR"], "static.stamp")
    digest = hashlib.sha256()
    for path in sorted(p for p in (ROOT / "static").rglob("*") if p.is_file()):
        seen = path.stat()
        digest.update(f"{path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    for name in (*requirements(env), "franchise/settings.py"):
        digest.update((ROOT / name).read_bytes())
    collected = Path(env["VAR_DIR"], "static", "staticfiles.json").exists()
    if collected and stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    say("Collecting the static files ...")
    must(env, "collectstatic", "--noinput", "--verbosity", "0")
    stamp.write_text(digest.hexdigest())


# The commands -------------------------------------------------------------------------------------


def serve():
    env = environment()
    check_server(env)
    check_numbers(env)
    check_address(env)  # before the slow part, so that a taken port shows at once
    install(*requirements(env))
    migrate(env)
    must(env, "load_catalog", "--if-empty")
    collect_static(env)
    # Else the C library keeps memory apart for each thread, which takes a sixth more in all.
    env.setdefault("MALLOC_ARENA_MAX", "1")
    # And it raises these by itself, after which it keeps what was freed.
    env.setdefault("MALLOC_MMAP_THRESHOLD_", "131072")
    env.setdefault("MALLOC_TRIM_THRESHOLD_", "131072")
    server = subprocess.Popen(
        [PYTHON, "-m", *SERVERS[env["SERVER"]]],
        cwd=ROOT,
        env=env,
    )
    # A Ctrl-C reaches the server by itself, being in the same terminal; asked twice, it still stops
    # once. Either way this script outlives it, so that nothing is left running.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.send_signal(signal.SIGTERM))
    if answers(env, server):
        announce(env)
    return server.wait()


def answers(env, server):
    """Wait until the server answers; False when it stopped instead, or is silent for a minute."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(env["HOST"], env["HOST"])
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection(host, int(env["PORT"]), timeout=10)
        try:
            connection.request("GET", "/health/live")
            connection.getresponse()
            return True
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    return False


def address(env):
    host = f"[{env['HOST']}]" if ":" in env["HOST"] else env["HOST"]
    return f"http://{host}:{env['PORT']}"


def announce(env):
    say(f"\nThe catalogue is at {address(env)}/")
    say(f"To edit it, run `make editor` in another terminal, then sign in at {address(env)}/admin/")
    if env["HOST"] not in LOOPBACK:
        say(f"It answers to the names in ALLOWED_HOSTS, now: {env['ALLOWED_HOSTS']}")
    say("Ctrl-C stops it.\n")


def editor():
    if not sys.stdin.isatty():
        sys.exit("`make editor` asks for a name and a password, so it needs a terminal.")
    env = environment()
    install(*requirements(env))
    migrate(env)
    role = ["--role", os.environ["ROLE"]] if os.environ.get("ROLE") else []
    made = manage(env, "create_editor", *role)
    if made.returncode == 0:
        say(f"Sign in at {address(env)}/admin/")
    return made.returncode


def run_manage():
    env = environment()
    install(*requirements(env))
    return manage(env, *sys.argv[2:]).returncode


if __name__ == "__main__":
    commands = {"serve": serve, "editor": editor, "manage": run_manage}
    if sys.argv[1:2] == [] or sys.argv[1] not in commands:
        sys.exit(__doc__)
    try:
        sys.exit(commands[sys.argv[1]]())
    except KeyboardInterrupt:
        sys.exit(130)
