import logging
import os

from ..common import AftersalesCommon
from ..simulation_tools import ToolSimulation

_logger = logging.getLogger(__name__)


class TestToolSimulation(AftersalesCommon):
    """R-TOOL-01, R-TOOL-10: a random tool room keeps its ledger, its sub-ledgers and its books."""

    def test_random_walk(self):
        """R-TOOL-01: whatever is done in whatever order, each tool is in one place and every sum agrees."""
        simulation = ToolSimulation(self, int(os.environ.get('AFTERSALES_SEED', 1)))
        simulation.run(int(os.environ.get('AFTERSALES_STEPS', 200)))
        _logger.info("done %s, refused %s", dict(simulation.done), dict(simulation.refused))
        self.assertFalse(simulation.findings, dict(simulation.done))
        # A walk that only met refusals would prove nothing.
        kinds = set(self.env['aftersales.tool.move'].search([('company_id', '=', self.company.id)]).mapped('kind'))
        for kind in ('checkout', 'return', 'transfer', 'loss', 'found', 'damage', 'correction', 'disposal', 'reversal'):
            self.assertIn(kind, kinds)
        self.assertTrue(simulation.company._aftersales_booked_tools(), "nothing was bought")
