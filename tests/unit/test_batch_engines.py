"""The part function on clusters: the forms that they hand it, and, where they are installed, jobs that they run."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from tests.unit.batch_jobs import NOW, POLICY, contents, harmful, harming, job, mixed, run, write
from vc_core import NO_EVIDENCE
from vc_core.batch import JobError
from vc_core.batch.engines import ray as on_ray
from vc_core.batch.engines import spark as on_spark
from vc_core.batch.portable import packed
from vc_core.batch.rows import ROWS, records
from vc_core.batch.verification import Verification, verify_batches

VERIFICATION = packed(Verification(POLICY, NOW, NO_EVIDENCE))
LINES = mixed(20)
RECORDS = records(range(1, 21), LINES)
WANTED = pa.Table.from_batches(verify_batches(VERIFICATION, iter([RECORDS])))


def test_the_function_for_spark_takes_what_spark_hands_over() -> None:
    """Spark says of each column that it may be null, and may choose the large forms of binary."""
    handed = pa.record_batch(
        [pa.array(range(1, 21), pa.int64()), pa.array(LINES, pa.large_binary())], names=["position", "credential"]
    )
    batches = list(on_spark._fitting(VERIFICATION, iter([handed.slice(0, 7), handed.slice(7)])))
    assert [len(batch) for batch in batches] == [7, 13]
    assert pa.Table.from_batches(batches).combine_chunks() == WANTED.combine_chunks()


def test_the_schema_for_spark_has_the_columns_of_the_rows() -> None:
    outer = on_spark.SCHEMA.replace("array<struct<code: string, detail: string, at: string>>", "array").replace(
        "array<struct<check: string, outcome: string, because: string>>", "array"
    )
    columns = dict(column.split(" ") for column in outer.split(", "))
    assert list(columns) == ROWS.names
    words = {"int64": "bigint", "string": "string", "timestamp[us, tz=UTC]": "timestamp"}
    assert columns == {field.name: words.get(str(field.type), "array") for field in ROWS}


@pytest.mark.parametrize(("engine", "package"), [("spark", "pyspark.sql"), ("ray", "ray.data")])
def test_an_engine_that_is_not_installed_is_told(
    engine: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    file = write(tmp_path / "records.jsonl", [b"{}"])
    with pytest.raises(JobError, match=engine) as caught:
        job(tmp_path / "job", file).run({"spark": on_spark.spark, "ray": on_ray.ray}[engine])
    assert caught.value.code == "MISSING_DEPENDENCY"


def test_a_session_that_cannot_be_had_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_session() -> None:
        raise RuntimeError("[JAVA_GATEWAY_EXITED] there is no Java\nat all")

    session = SimpleNamespace(builder=SimpleNamespace(getOrCreate=no_session))
    monkeypatch.setitem(sys.modules, "pyspark.sql", SimpleNamespace(SparkSession=session))
    with pytest.raises(JobError, match="there is no Java'") as caught:
        job(tmp_path / "job", write(tmp_path / "records.jsonl", [b"{}"])).run(on_spark.spark)
    assert caught.value.code == "ENGINE_UNUSABLE"


def test_the_function_for_ray_takes_what_ray_hands_over() -> None:
    handed = pa.table({"extra": [0] * 20, "credential": LINES, "position": list(range(1, 21))})
    assert on_ray._verified(VERIFICATION, handed).combine_chunks() == WANTED.combine_chunks()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A file of records, and a finished job of this machine over it."""
    folder = tmp_path_factory.mktemp("engines")
    file = write(folder / "records.jsonl", mixed(300))
    run(folder / "local", file)
    return file, folder


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session on a cluster of two machines, each a process with one processor, whose executors are others again."""
    sql: Any = pytest.importorskip("pyspark.sql", reason="the extra spark is not installed")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not installed")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.executor.memory": "512m",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(Path(sql.__file__).parent.parent))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        patch.chdir(tmp_path_factory.mktemp("spark"))  # where the machines of the cluster put their files
        builder = sql.SparkSession.builder.master("local-cluster[2,1,1024]")
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        yield session
        session.stop()


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    """Ray on this machine, with two workers."""
    module: Any = pytest.importorskip("ray", reason="the extra ray is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        module.init(num_cpus=2, include_dashboard=False, object_store_memory=100_000_000, log_to_driver=False)
        yield module
        module.shutdown()


def kill_once(marker: Path, victims: Callable[[], Sequence[int]]) -> None:
    """The first time ever, ends processes by force, whoever calls."""
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return
    for each in victims():
        os.kill(each, signal.SIGKILL)


def executor() -> list[int]:
    """This process of Python, the one that it is a fork of, and the executor of Spark that started that."""
    daemon = os.getppid()
    parent = Path(f"/proc/{daemon}/stat").read_text().rpartition(")")[2].split()[1]
    return [int(parent), daemon, os.getpid()]


def worker() -> list[int]:
    """This process."""
    return [os.getpid()]


def killing(marker: Path, victims: Callable[[], Sequence[int]]) -> Verification:
    """What kills a process of the cluster once, at the record of `harmful`."""
    return Verification(harming(partial(kill_once, marker, victims)), NOW, NO_EVIDENCE)


def undisturbed(lines: list[bytes]) -> list[dict[str, Any]]:
    """The rows of the records, as this process makes them."""
    batches = verify_batches(VERIFICATION, iter([records(range(len(lines)), lines)]))
    return [row for batch in batches for row in batch.to_pylist()]


def in_order(rows: pa.Table) -> list[dict[str, Any]]:
    return rows.select(ROWS.names).cast(ROWS).sort_by("position").to_pylist()


@pytest.mark.enable_socket
@pytest.mark.filterwarnings("ignore")
def test_spark_does_a_job_as_this_machine_does(both: tuple[Path, Path], spark: Any) -> None:
    file, folder = both
    job(folder / "spark", file).run(on_spark.spark)
    assert contents(folder / "spark") == contents(folder / "local")


@pytest.mark.enable_socket
@pytest.mark.filterwarnings("ignore")
def test_an_executor_of_spark_that_is_killed_loses_and_doubles_nothing(spark: Any, tmp_path: Path) -> None:
    lines = mixed(200)
    lines[150] = harmful()
    frame = spark.createDataFrame(pa.Table.from_batches([records(range(200), lines)])).repartition(4)
    rows = on_spark.verified_frame(frame, killing(tmp_path / "killed", executor)).toArrow()
    assert (tmp_path / "killed").exists()
    assert in_order(rows) == undisturbed(lines)


@pytest.mark.enable_socket
@pytest.mark.filterwarnings("ignore")
def test_ray_does_a_job_as_this_machine_does(both: tuple[Path, Path], ray: Any) -> None:
    file, folder = both
    job(folder / "ray", file).run(on_ray.ray)
    assert contents(folder / "ray") == contents(folder / "local")


@pytest.mark.enable_socket
@pytest.mark.filterwarnings("ignore")
def test_a_worker_of_ray_that_is_killed_loses_and_doubles_nothing(ray: Any, tmp_path: Path) -> None:
    lines = mixed(200)
    lines[150] = harmful()
    dataset = ray.data.from_arrow(pa.Table.from_batches([records(range(200), lines)])).repartition(4)
    made = on_ray.verified_dataset(dataset, killing(tmp_path / "killed", worker))
    rows = pa.concat_tables(made.iter_batches(batch_format="pyarrow", batch_size=None))
    assert (tmp_path / "killed").exists()
    assert in_order(rows) == undisturbed(lines)
