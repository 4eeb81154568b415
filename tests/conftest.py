"""pytest only: lays the tests' company; `--no-skips`, used by `./dev test`, makes a skipped test a failed one."""
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


@pytest.fixture(scope='session', autouse=True)
def laid_ground(load_registry):
    """Lay the ground once per database; `load_registry` is pytest-odoo's."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tests import get_db_name

    from .ground import GroundFactory

    with Registry(get_db_name()).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        # Databases of parallel workers share one folder of files: what one test takes back, another would miss.
        env['ir.config_parameter'].set_param('ir_attachment.location', 'db')
        GroundFactory._lay(env)
