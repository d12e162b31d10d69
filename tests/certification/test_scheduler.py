"""A Dask cluster of real processes: the same answers, also where a worker is killed; plain words where it fails."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from certification.cli import main
from certification.cluster import scheduler
from certification.cluster.executor import HERE, ClusterFailure, executor
from certification.hierarchy import evaluate
from rules.decide import Undecidable
from tests.certification import pieces
from tests.certification.machines import ROOT, Machines, kill, machines, until
from tests.certification.stopping import HEARING
from tests.certification.test_cluster import BLOCKS, SWEEP
from tests.certification.test_hierarchy import province

pytestmark = pytest.mark.whole

COUNTED = list(HERE.map(pieces.count_block, SWEEP, BLOCKS))
PROVINCE = province([3, 4], [2, 2], *([[5, 1, 0, 2, 3, 4, 5, 5]] * 9), [1])


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Two workers that no test harms."""
    with machines(tmp_path_factory.mktemp("cluster"), 2) as found:
        yield found


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Machines]:
    """One worker, for a test to harm."""
    with machines(tmp_path, 1) as found:
        yield found


def certify(*arguments: object) -> "subprocess.Popen[str]":
    call = [sys.executable, "-m", "certification.cli", "--lang", "en", *map(str, arguments)]
    return subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Exit code, standard output and what was said on standard error, of a process that ends by itself."""
    try:
        out, err = process.communicate(timeout=120)
    finally:
        process.kill()
    assert "Traceback" not in err
    return process.returncode, out, err


def printed(command: str, *options: object) -> str:
    code, out, err = ended(certify(*command.split(), "--format", "json", *options))
    assert (code, err) == (0, "Synthetic data: the sample province that comes with the software, no real figures.\n")
    return out


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# The same answers


def test_results_come_in_the_order_of_the_items_and_are_counted(cluster: Machines) -> None:
    told: list[int] = []
    with executor(scheduler=cluster.address) as by:
        assert list(by.map(pieces.plus, 100, range(30), told.append)) == list(range(100, 130))
        assert list(by.map(pieces.plus, 7, [])) == []
    assert told == [1] * 30


def test_both_workers_work(cluster: Machines) -> None:
    with executor(scheduler=cluster.address) as by:
        places = set(by.map(pieces.where, None, range(40)))
    assert places == {worker.pid for worker in cluster.started[1:]}


def test_an_error_of_the_work_is_raised_in_its_turn_as_what_it_is(cluster: Machines) -> None:
    with executor(scheduler=cluster.address) as by:
        found = by.map(pieces.none_of_three, 0, range(6))
        assert [next(found) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(Undecidable, match="three has no level"):
            next(found)
        with pytest.raises(TimeoutError, match="the work's own"):
            list(by.map(pieces.out_of_time, None, [1]))


def test_a_sweep_counts_the_same_on_a_cluster(cluster: Machines) -> None:
    with executor(scheduler=cluster.address) as by:
        assert np.array_equal(list(by.map(pieces.count_block, SWEEP, BLOCKS)), COUNTED)


def test_verdicts_are_the_same_in_the_same_order(cluster: Machines) -> None:
    with executor(scheduler=cluster.address) as by:
        assert list(evaluate(PROVINCE, executor=by)) == list(evaluate(PROVINCE))
        some = PROVINCE.resting_on(["611", "613"])
        assert [verdict.unit.code for verdict in evaluate(PROVINCE, executor=by, codes=some)] == some


@pytest.mark.parametrize(
    "command",
    [
        "evaluate --sample",
        "simulate --sample --draws 3000",
        "simulate --sample --draws 300 --framework bac-ninh-1187-2023",
        "impact --sample --to kon-tum-121-2025",
    ],
)
def test_the_whole_json_is_the_same_in_one_process_in_two_and_on_a_cluster(command: str, cluster: Machines) -> None:
    one = printed(command)
    assert json.loads(one)
    assert printed(command, "--workers", 2) == one
    assert printed(command, "--scheduler", cluster.address) == one


# Workers that die and come


def test_a_worker_killed_in_the_midst_of_a_sweep_changes_nothing(tmp_path: Path) -> None:
    with machines(tmp_path, 2) as found, executor(scheduler=found.address) as by:
        killer = threading.Thread(target=kill_the_doomed, args=(tmp_path,))
        killer.start()
        counted = list(by.map(pieces.count_block_of_a_doomed_worker, (SWEEP, tmp_path), BLOCKS))
        killer.join()
        assert np.array_equal(counted, COUNTED)
        assert sum(worker.poll() == -signal.SIGKILL for worker in found.started[1:]) == 1


def kill_the_doomed(folder: Path) -> None:
    until((folder / "ready").exists)
    kill(int((folder / "doomed").read_text()))


def test_a_worker_killed_in_the_midst_of_an_evaluation_changes_nothing(tmp_path: Path) -> None:
    with machines(tmp_path, 2) as found, executor(scheduler=found.address) as by:
        until(lambda: len(set(by.map(pieces.where, None, range(20)))) == 2)
        verdicts = evaluate(PROVINCE, executor=by)
        first = next(verdicts)  # the others are under way
        doomed = found.started[1]
        doomed.kill()
        assert [first, *verdicts] == list(evaluate(PROVINCE))
        assert doomed.wait(10) == -signal.SIGKILL


def test_a_nanny_s_worker_comes_again_with_what_is_shared(tmp_path: Path) -> None:
    with machines(tmp_path, 0) as found:
        found.start_worker()
        with executor(scheduler=found.address) as by:
            assert list(by.map(pieces.die_once, tmp_path, range(12))) == list(range(12))


def test_a_worker_that_joins_takes_over_from_the_last_that_died(alone: Machines, tmp_path: Path) -> None:
    with executor(scheduler=alone.address) as by:
        found = by.map(pieces.wait_for_file, tmp_path, range(6))
        waiter = threading.Thread(target=take_over, args=(alone, tmp_path))
        waiter.start()
        assert list(found) == list(range(6))
        waiter.join()


def take_over(alone: Machines, folder: Path) -> None:
    until(lambda: any(folder.glob("begun-*")))
    alone.started[1].kill()
    alone.start_worker("--no-nanny")
    (folder / "go").touch()


def test_work_that_kills_every_worker_is_given_up(tmp_path: Path) -> None:
    with machines(tmp_path, 0) as found:
        found.start_worker()  # its nanny starts it again and again
        with (
            executor(scheduler=found.address) as by,
            pytest.raises(ClusterFailure, match="in a row died over the same piece") as failed,
        ):
            list(by.map(pieces.die_always, None, [1]))
    assert failed.value.code == 3


# What cannot go on says so, and ends


def test_a_scheduler_that_dies_is_told_in_a_sentence(alone: Machines) -> None:
    alone.started[1].send_signal(signal.SIGSTOP)  # so that the evaluation does not end before
    process = certify("evaluate", "--sample", "--format", "json", "--scheduler", alone.address)
    until(alone.met)
    time.sleep(1)
    assert process.poll() is None
    kill(alone.scheduler.pid)
    code, out, err = ended(process)
    assert (code, out) == (3, "")
    assert err.endswith(f"The scheduler {alone.address} was lost while at work; nothing is concluded.\n")


def test_ctrl_c_ends_the_run_and_not_the_cluster(alone: Machines) -> None:
    alone.started[1].send_signal(signal.SIGSTOP)
    options = ["evaluate", "--sample", "--scheduler", alone.address]
    process = subprocess.Popen(
        [sys.executable, "-c", HEARING, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until(alone.met)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    code, out, _ = ended(process)
    assert (code, out) == (130, "")
    alone.started[1].send_signal(signal.SIGCONT)
    with executor(scheduler=alone.address) as by:
        assert list(by.map(pieces.plus, 1, [1])) == [2]


def test_a_scheduler_that_falls_silent_is_told_in_a_sentence(
    alone: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scheduler, "PATIENCE", 2.0)
    monkeypatch.setattr(scheduler, "REACH", 2.0)
    with executor(scheduler=alone.address) as by:
        found = by.map(pieces.wait_for_file, tmp_path, range(3))
        silencer = threading.Timer(1, alone.scheduler.send_signal, [signal.SIGSTOP])
        silencer.start()
        with pytest.raises(ClusterFailure, match="was lost while at work") as failed:
            next(found)
        assert failed.value.code == 3
    code, said = refused("--scheduler", alone.address, capsys=capsys)
    assert code == 2
    assert "Không liên lạc được" in said


def test_workers_that_all_die_are_told_in_a_sentence(
    alone: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "PATIENCE", 2.0)
    with executor(scheduler=alone.address) as by:
        found = by.map(pieces.wait_for_file, tmp_path, range(3))
        killer = threading.Timer(1, alone.started[1].kill)
        killer.start()
        with pytest.raises(ClusterFailure, match="has had no workers for 2 seconds") as failed:
            next(found)
        killer.join()
    assert failed.value.code == 3


def test_a_scheduler_without_workers_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scheduler, "PATIENCE", 1.0)
    with machines(tmp_path, 0) as found:
        code, said = refused("--scheduler", found.address, capsys=capsys)
    assert code == 2
    assert f"hãy chạy «dask worker {found.address}»" in said


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "127.0.0.1:{port}", "http://127.0.0.1:{port}", "", "x"])
def test_a_scheduler_that_is_not_there_is_told_in_a_sentence(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scheduler, "REACH", 1.0)
    given = address.format(port=free_port())
    started = time.monotonic()
    code, said = refused("--scheduler", given, capsys=capsys)
    assert code == 2
    assert f"Không liên lạc được với bộ điều phối «{given}»" in said
    assert "Traceback" not in said
    assert time.monotonic() - started < 20


def test_a_port_where_something_else_answers_is_no_scheduler(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scheduler, "REACH", 2.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        code, said = refused("--scheduler", f"tcp://127.0.0.1:{silent.getsockname()[1]}", capsys=capsys)
    assert code == 2
    assert "Không liên lạc được" in said


def test_without_the_package_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, said = refused("--scheduler", "tcp://127.0.0.1:1", capsys=capsys)
    assert code == 2
    assert "pip install 'certify-digital-levels[cluster]'" in said


@pytest.mark.parametrize("option", [("--workers", "2"), ("--scheduler", "tcp://127.0.0.1:1")], ids=" ".join)
def test_points_are_given_in_one_process(option: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    code, said = refused("--framework", "chu-prong-2023", *option, capsys=capsys)
    assert code == 2
    assert "chỉ dùng với bộ tiêu chí công nhận mức" in said


def test_processes_and_a_cluster_are_not_chosen_together(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = refused("--scheduler", "tcp://127.0.0.1:1", "--workers", "2", capsys=capsys)
    assert code == 2
    assert "chỉ chọn một" in said


def refused(*options: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["evaluate", "--sample", "--format", "json", *options])
    out, err = capsys.readouterr()
    assert out == ""
    return int(stopped.value.code or 0), err


def test_a_worker_with_other_code_is_refused(tmp_path: Path) -> None:
    for room in ("levels", "evidence", "rules", "reports", "certification"):
        shutil.copytree(ROOT / room, tmp_path / "other" / room, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "other" / "rules" / "reference.py").open("a") as file:
        file.write("# amended\n")
    with machines(tmp_path, 0) as found:
        found.start_worker("--no-nanny", PYTHONPATH=f"{tmp_path / 'other'}{os.pathsep}{ROOT}")
        with executor(scheduler=found.address) as by, pytest.raises(ClusterFailure) as failed:
            list(by.map(pieces.plus, 1, [1]))
    assert failed.value.code == 2
    assert "runs other software than this machine: code sha256:" in failed.value.text.en


def test_a_worker_without_the_software_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other" / "certification").mkdir(parents=True)
    (tmp_path / "other" / "certification" / "__init__.py").touch()
    with machines(tmp_path, 0) as found:
        bare = found.start_worker("--no-nanny", PYTHONPATH=str(tmp_path / "other"))
        with executor(scheduler=found.address) as by, pytest.raises(ClusterFailure) as failed:
            list(by.map(pieces.plus, 1, [1]))
        assert bare.poll() is None  # it may have other work to do
    assert failed.value.code == 2
    assert "cannot do this work" in failed.value.text.en


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_what_travels_can_be_encrypted(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=certify"]
    subprocess.run(["openssl", *made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    options = ["--protocol", "tls"]
    for name, value in (("ca-file", certificate), ("cert", certificate), ("key", key)):
        options += [f"--tls-{name}", str(value)]
    environment = {
        "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(certificate),
        "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT": str(certificate),
        "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY": str(key),
    }
    call = [sys.executable, "-m", "certification.cli", "evaluate", "--sample", "--format", "json"]
    with machines(tmp_path, 1, *options) as found:
        assert found.address.startswith("tls://")
        told = subprocess.run(
            [*call, "--scheduler", found.address], env=os.environ | environment, capture_output=True, cwd=ROOT
        )
        without = subprocess.run([*call, "--scheduler", found.address], capture_output=True, cwd=ROOT)
    assert told.returncode == 0
    assert json.loads(told.stdout) == json.loads(printed("evaluate --sample"))
    assert without.returncode == 2
    assert b"Traceback" not in without.stderr
