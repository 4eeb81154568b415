"""pytest only: `--no-skips` (used by `./dev test`) turns a skipped test into a failed one."""
import pytest


def pytest_addoption(parser):
    parser.addoption('--no-skips', action='store_true', help="a skipped test counts as failed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and item.config.getoption('--no-skips'):
        report.outcome = 'failed'
        report.longrepr = f"skipped, which ./dev test does not allow: {call.excinfo.value}"
    return report
