import os
import tempfile
from pathlib import Path

import pytest
from django.test import SimpleTestCase

from franchise.machine import usable_cores, usable_memory, workers_for

MIB = 2**20


class BoundsTests(SimpleTestCase):
    """The bounds of a container or of a systemd unit, as Linux tells them in files."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def told(self, own, files):
        (self.folder / "own").write_text(own)
        for name, text in files.items():
            path = self.folder / "cgroups" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return self.folder / "cgroups", self.folder / "own"

    def test_a_container_has_the_cores_of_its_quota(self):
        assert usable_cores(*self.told("0::/\n", {"cpu.max": "100000 100000\n"})) == 1

    def test_a_part_of_a_core_counts_as_one(self):
        assert usable_cores(*self.told("0::/\n", {"cpu.max": "20000 100000\n"})) == 1

    def test_a_quota_does_not_add_cores(self):
        if not hasattr(os, "sched_getaffinity"):
            pytest.skip("the system does not tell which cores are ours")
        cores = len(os.sched_getaffinity(0))
        assert usable_cores(*self.told("0::/\n", {"cpu.max": "9900000 100000\n"})) == cores
        assert usable_cores(*self.told("0::/\n", {"cpu.max": "max 100000\n"})) == cores

    def test_the_narrowest_of_the_groups_around_counts(self):
        files = {"a.slice/cpu.max": "50000 100000\n", "a.slice/b.service/cpu.max": "max 100000\n"}
        assert usable_cores(*self.told("0::/a.slice/b.service\n", files)) == 1

    def test_the_older_form_is_understood(self):
        files = {
            "cpu/cpu.cfs_quota_us": "100000\n",
            "cpu/cpu.cfs_period_us": "100000\n",
            "memory/memory.limit_in_bytes": f"{300 * MIB}\n",
        }
        own = "4:memory:/docker/0f3a\n2:cpu,cpuacct:/docker/0f3a\n1:name=systemd:/docker/0f3a\n"
        assert usable_cores(*self.told(own, files)) == 1
        assert usable_memory(*self.told(own, files)) == 300 * MIB

    def test_the_older_form_says_minus_one_for_no_quota(self):
        bound = usable_cores(*self.told("0::/\n", {}))
        files = {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}
        assert usable_cores(*self.told("2:cpu:/\n", files)) == bound

    def test_a_container_has_the_memory_that_it_may_use(self):
        assert usable_memory(*self.told("0::/\n", {"memory.max": f"{256 * MIB}\n"})) == 256 * MIB

    def test_without_a_bound_it_is_what_the_machine_has(self):
        whole = usable_memory(*self.told("0::/\n", {}))
        assert usable_memory(*self.told("0::/\n", {"memory.max": "max\n"})) == whole > 256 * MIB

    def test_where_nothing_is_told_nothing_is_bounded(self):
        nowhere = self.folder / "nowhere"
        assert usable_cores(nowhere, nowhere) >= 1
        assert usable_memory(nowhere, nowhere) > 0


class WorkersTests(SimpleTestCase):
    def test_there_are_two_for_one_core(self):
        assert workers_for(cores=1, memory=4096 * MIB) == 2

    def test_there_is_one_for_each_core_up_to_eight(self):
        assert workers_for(cores=5, memory=64_000 * MIB) == 5
        assert workers_for(cores=64, memory=64_000 * MIB) == 8

    def test_there_are_no_more_than_there_is_memory_for(self):
        assert workers_for(cores=8, memory=512 * MIB) == 4
        assert workers_for(cores=8, memory=64 * MIB) == 1
