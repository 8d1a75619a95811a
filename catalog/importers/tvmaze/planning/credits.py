"""Who works on the series, and as what."""

from ....models import Credit, Job, Series
from ....models.text import address, fold
from ..jobs import job_called
from ..plan import Outcome, Planned, Rights
from ..told import Told, Work
from .people import Who
from .settling import DELETED, Settling, deleted_of, rows_of


def plan_credits(
    told: Told, series: Series, who: Who, rights: Rights, settling: Settling
) -> tuple[list[Planned], list[tuple[Work, Planned]]]:
    """The jobs that are new, and each piece of work with its credit."""
    jobs = {}
    for job in Job.objects.all():
        jobs.setdefault(fold(job.name), job)
        jobs.setdefault(fold(job.slug), job)
    there = {
        (row.person_id, row.job_id)
        for row in rows_of(series, Credit, series=series, season=None, episode=None)
    }
    gone = {
        (each["person"], each["job"])
        for each in deleted_of(series, Credit, [series])
        if not (each["season"] or each["episode"])
    }
    works, new_jobs, planned = [], {}, set()
    for work in told.works:
        person = who.people[work.person]
        row = Planned(Credit, f"{person.label}, {work.job}")
        works.append((work, row))
        if who.is_left_out(row, person):
            continue
        job = jobs.get(fold(work.job))
        if job is None and not rights.add_jobs:
            row.skip(f"The job “{work.job}” is not in the catalogue, and you may not add it.")
            continue
        if job is None and not address(work.job):
            row.skip(f"Add the job “{work.job}” by hand: no slug can be made of its name.")
            continue
        if job is None:
            job = job_called(work.job)
            known = jobs.get(fold(job.slug))
            job = known or job
            if known is None:
                new_jobs[fold(work.job)] = Planned(Job, job.name, job, Outcome.NEW)
            jobs[fold(work.job)] = jobs[fold(job.slug)] = job
        key = person.row.pk, job.pk
        if key in there:
            row.outcome = Outcome.UNCHANGED
        elif None not in key and key in gone:
            row.skip(DELETED)
        elif (id(person.row), id(job)) in planned:
            row.skip("It is told twice.")
        else:
            planned.add((id(person.row), id(job)))
            row.row = Credit(person=person.row, series=series, job=job)
            settling.add(row)
    used = {id(row.row.job) for _, row in works if row.is_written}
    new = [each for each in new_jobs.values() if id(each.row) in used]
    return new, works
