"""MediaWiki of Debian, on SQLite, by php-fpm behind nginx; without and with its file cache."""

import glob
import os
import re
import shutil
import subprocess
from pathlib import Path

from ... import environment
from ..content import KINDS, SECTIONS, SHOW, SHOWS, day, words_of_season
from ..machine import version_of
from ..servers import WORKERS, NotHereError, SocketServer
from ..workshop import Row
from . import nginx

_PROGRAM = Path("/usr/share/mediawiki")
_FASTCGI = Path("/etc/nginx/fastcgi_params")
_MISSING = (
    "MediaWiki is not installed (Debian: mediawiki php-fpm php-sqlite3 php-apcu php-intl "
    "php-mbstring php-xml, and nginx-light)."
)
_FPM = """
[global]
daemonize = no
error_log = /dev/stderr
[www]
{user}
listen = {socket}
pm = static
pm.max_children = {workers}
"""
# What MediaWiki's manual on performance asks for: APCu, a cache of the messages in files, and no
# jobs within a visitor's request.
_SETTINGS = """<?php
require "{folder}/LocalSettings.php";
$wgScriptPath = "/{name}";
$wgArticlePath = "/{name}/index.php/$1";
$wgMainCacheType = CACHE_ACCEL;
$wgCacheDirectory = "{folder}/messages";
$wgJobRunRate = 0;
$wgUseFileCache = {file_cache};
$wgFileCacheDirectory = "{folder}/pages";
"""
_SERVER = """
        location ~ ^/(plain|kept)/index\\.php(/.*)?$ {{
            include {fastcgi};
            fastcgi_param SCRIPT_FILENAME {program}/index.php;
            fastcgi_param SCRIPT_NAME /$1/index.php;
            fastcgi_param PATH_INFO $2;
            fastcgi_param MW_CONFIG_FILE {folder}/$1.php;
            fastcgi_pass unix:{socket};
        }}
"""
_CAST_ROW = """<includeonly>|-
| [[{{{person}}}]] || [[{{{role}}}]]</includeonly>
"""


def offer(workshop):
    fpm = _find_fpm()
    if fpm is None or not (_PROGRAM / "index.php").exists() or not _FASTCGI.exists():
        raise NotHereError(_MISSING)
    folder = workshop.anew("mediawiki")
    socket = folder / "php.sock"
    php = workshop.serve(
        "php-fpm",
        [fpm, "--nodaemonize", "--fpm-config", _fpm_configuration(folder, socket), *_as_root("-R")],
        socket,
        kind=SocketServer,
    )
    block = _SERVER.format(fastcgi=_FASTCGI, program=_PROGRAM, folder=folder, socket=socket)
    server = nginx.serve(workshop, "mediawiki", folder, block, behind=php)
    _install(folder, server.address)
    workshop.versions["MediaWiki"] = _version()
    workshop.versions["PHP"] = version_of("php", "--version")
    title = _season_of(SHOW).replace(" ", "_")
    # Its skin puts the navigation behind the text, with a span in each link.
    navigation = (f"><span>{section}</span></a>" for section in SECTIONS)
    holds = (*words_of_season(SHOW)[len(SECTIONS) :], *navigation)
    for name, told in {"plain": "", "kept": ", with its file cache"}.items():
        key = "mediawiki" if name == "plain" else "mediawiki-kept"
        yield Row(key, f"MediaWiki{told}", server, f"/{name}/index.php/{title}", holds)


def _version():
    defines = (_PROGRAM / "includes" / "Defines.php").read_text(encoding="utf-8")
    return re.search(r"'MW_VERSION', '([\d.]+)'", defines)[1]


def _find_fpm():
    names = sorted(glob.glob("/usr/sbin/php-fpm*"))
    return shutil.which("php-fpm") or (names[-1] if names else None)


def _as_root(*words):
    return words if os.geteuid() == 0 else ()


def _fpm_configuration(folder, socket):
    path = folder / "php-fpm.conf"
    user = "\n".join(_as_root("user = root", "group = root"))
    path.write_text(_FPM.format(user=user, socket=socket, workers=WORKERS), encoding="utf-8")
    return path


def _install(folder, address):
    (folder / "messages").mkdir()
    _run(
        "install",
        f"--confpath={folder}",
        "--dbtype=sqlite",
        f"--dbpath={folder}/data",
        "--dbname=wiki",
        "--scriptpath=/plain",
        f"--server={address}",
        "--pass=for the benchmark only",
        "A catalogue",
        "Editor",
    )
    for name, file_cache in (("plain", "false"), ("kept", "true")):
        text = _SETTINGS.format(folder=folder, name=name, file_cache=file_cache)
        (folder / f"{name}.php").write_text(text, encoding="utf-8")
    texts = folder / "texts"
    texts.mkdir()
    for title, text in _pages():
        (texts / title).write_text(text, encoding="utf-8")
    _run("importTextFiles", *sorted(texts.iterdir()), settings=folder / "plain.php")


def _run(script, *arguments, settings=None):
    env = environment.own() | ({"MW_CONFIG_FILE": str(settings)} if settings else {})
    command = ["php", _PROGRAM / "maintenance" / f"{script}.php", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip()
        raise NotHereError(f"MediaWiki could not be set up ({script}.php):\n{said[-1_000:]}")


def _pages():
    """The title and the wikitext of each page."""
    yield "MediaWiki:Sidebar", "* navigation\n" + "\n".join(f"** {x}|{x}" for x in SECTIONS)
    yield "Template:Cast row", _CAST_ROW
    for section in SECTIONS:
        yield section, "\n".join(f"* [[{show.name}]]" for show in SHOWS)
    for show in SHOWS:
        yield show.name, f"{show.synopsis}\n\n* [[{_season_of(show)}|Season 1]]\n"
        yield _season_of(show), _season_page_of(show)
        for episode in show.episodes:
            yield _title_of(episode, show), episode.synopsis
        for part in show.cast:
            yield part.person, part.biography
            yield part.role, part.biography


def _season_of(show):
    return f"{show.name}, Season 1"


def _title_of(episode, show):
    return f"{episode.name} ({show.name})"


def _season_page_of(show):
    """As wikis write it: tables, and a template for a row of the cast."""
    episodes = "\n".join(
        f"|-\n| S1E{episode.number} || [[{_title_of(episode, show)}|{episode.name}]] "
        f"|| {day(episode.aired)}"
        for episode in show.episodes
    )
    cast = "\n".join(_cast_of(show, kind) for kind in KINDS)
    return (
        f"; Series : [[{show.name}]]\n; Season : Season 1\n; Aired : Date not announced\n"
        f"; Network : {show.network}\n; Length : 10 episodes\n\n"
        f'== Episodes ==\n{{| class="wikitable"\n! Episode !! Title !! Aired\n{episodes}\n|}}\n\n'
        f"== Cast ==\n{cast}"
    )


def _cast_of(show, kind):
    rows = "\n".join(
        f"{{{{Cast row|person={part.person}|role={part.role}}}}}"
        for part in show.cast
        if part.kind == kind
    )
    return f'=== {KINDS[kind]} ===\n{{| class="wikitable"\n! Actor !! Role\n{rows}\n|}}\n'
