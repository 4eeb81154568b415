import logging
import os

from ..common import AftersalesCommon
from ..simulation import Simulation

_logger = logging.getLogger(__name__)


class TestSimulation(AftersalesCommon):
    """A random shop keeps its books: R-PROC-79, R-PROC-83, R-PART-17."""

    def test_random_walk(self):
        """R-PROC-83, R-PART-17: whatever is done in whatever order, stock, books and orders agree to the cent."""
        simulation = Simulation(self, int(os.environ.get('AFTERSALES_SEED', 1)))
        simulation.run(int(os.environ.get('AFTERSALES_STEPS', 500)))
        _logger.info("done %s, refused %s", dict(simulation.done), dict(simulation.refused))
        self.assertFalse(simulation.findings, dict(simulation.done))
        # A walk that only met refusals would prove nothing.
        for verb in ('settle', 'pay', 'request_and_issue', 'return', 'inspect', 'work'):
            self.assertTrue(simulation.done[verb] or simulation.done[f'{verb}_again'], f'{verb} never succeeded')
