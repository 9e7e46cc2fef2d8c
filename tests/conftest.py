"""Shared fixtures. Published test data is read in place and never copied into the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("project", deadline=None)  # machines differ; no test is about time
settings.load_profile("project")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def conformance() -> Path:
    """The folder with `conformance/`, `contexts/` and `elm/`; tests that need it skip where it is not there."""
    folder = Path(os.environ.get("VC_CORE_CONFORMANCE", REPOSITORY.parent / "shared"))
    if not (folder / "conformance").is_dir():
        pytest.skip("published test data is not here: set VC_CORE_CONFORMANCE to the folder that holds it")
    return folder


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With `VC_CORE_SKIP_NOTHING`, a run in which a test was skipped has failed: what it needs was to be brought."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("VC_CORE_SKIP_NOTHING") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
