"""Made-up answers of TVmaze, in its form: say only what the test is about."""

import json


def network(name="Station One", **fields):
    country = {"name": "United States", "code": "US", "timezone": "America/New_York"}
    return {"id": 7, "name": name, "country": country, **fields}


def show(key=13, name="The Case", *, embed=None, **fields):
    """As newer answers are; ``embed`` has lists by their names."""
    answer = {
        "id": key,
        "url": f"https://www.tvmaze.com/shows/{key}/x",
        "name": name,
        "type": "Scripted",
        "language": "English",
        "genres": ["Drama"],
        "status": "Running",
        "premiered": "2014-10-07",
        "ended": None,
        "officialSite": None,
        "schedule": {"time": "", "days": []},
        "rating": {"average": None},
        "network": network(),
        "webChannel": None,
        "externals": {"tvrage": None, "thetvdb": None, "imdb": None},
        "image": None,
        "summary": "<p>A case.</p>",
        "updated": 1578488180,
        "_links": {"self": {"href": f"https://api.tvmaze.com/shows/{key}"}},
        **fields,
    }
    if embed is not None:
        answer["_embedded"] = embed
    return answer


def season(number=1, **fields):
    return {
        "id": 100 + number,
        "number": number,
        "name": "",
        "episodeOrder": 10,
        "premiereDate": None,
        "endDate": None,
        "network": network(),
        "webChannel": None,
        "image": None,
        "summary": None,
        **fields,
    }


def episode(key=1, *, of=None, **fields):
    """``of`` is the show that newer answers link to."""
    answer = {
        "id": key,
        "name": f"Chapter {key}",
        "season": 1,
        "number": key,
        "type": "regular",
        "airdate": "2014-10-07",
        "airtime": "20:00",
        "airstamp": "2014-10-08T00:00:00+00:00",
        "runtime": 60,
        "image": None,
        "summary": None,
        "_links": {"self": {"href": f"https://api.tvmaze.com/episodes/{key}"}},
        **fields,
    }
    if of is not None:
        answer["_links"]["show"] = {"href": f"https://api.tvmaze.com/shows/{of}"}
    return answer


def special(key, *, is_significant=True, **fields):
    kind = "significant_special" if is_significant else "insignificant_special"
    return episode(key, **{"number": None, "type": kind, **fields})


def person(key=1, name="Ada Lind", **fields):
    return {"id": key, "name": name, "birthday": None, "deathday": None, "image": None, **fields}


def character(key=1, name="Inspector Berg"):
    return {"id": key, "name": name, "image": None}


def cast(who=None, whom=None, **fields):
    return {
        "person": who or person(),
        "character": whom or character(),
        "self": False,
        "voice": False,
        **fields,
    }


def crew(job="Creator", who=None):
    return {"type": job, "person": who or person()}


def write(folder, name, answer, *, mark=False):
    """A file with ``answer``; ``mark`` begins it with a byte order mark."""
    path = folder / name
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    path.write_text(text, encoding="utf-8-sig" if mark else "utf-8")
    return path
