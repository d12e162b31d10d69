"""Where a store is configured the commands read from it and need no files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CERTIFY = [sys.executable, "-m", "certification.cli"]

SEED = """
import django
django.setup()
from importlib.resources import as_file
from django.core.management import call_command
from evidence.samples import sample_paths
call_command("migrate", verbosity=0)
from certification.store.loading import load_province
sample = sample_paths()
with as_file(sample.units) as units, as_file(sample.evidence) as evidence:
    load_province("kon-tum-121-2025", units, evidence)
"""


def run(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"CERTIFY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "certification.settings"}
    command = [*CERTIFY, *arguments] if arguments else [sys.executable, "-c", SEED]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)


@pytest.mark.whole
def test_levels_from_the_store_are_those_from_the_files(tmp_path):
    seeded = run(tmp_path)
    assert seeded.returncode == 0, seeded.stderr
    stored = run(tmp_path, "evaluate", "--format", "json")
    files = run(tmp_path, "evaluate", "--format", "json", "--sample")
    assert stored.returncode == files.returncode == 0, stored.stderr
    by_code = [{unit["code"]: unit for unit in json.loads(run.stdout)["units"]} for run in (stored, files)]
    assert by_code[0] == by_code[1]
    why = run(tmp_path, "why", "608", "--level", "5")
    assert why.returncode in (0, 1), why.stderr
    assert run(tmp_path, "evaluate", "--cycle", "1999").returncode == 2


def test_a_store_that_is_not_there_is_told(tmp_path):
    asked = run(tmp_path, "evaluate")
    assert asked.returncode == 2
    assert "Traceback" not in asked.stderr
    assert "certify serve" in asked.stderr
