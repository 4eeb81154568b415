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
        # R-PART-05: after the walk the month's statement ties to valuation, and movements to their entries.
        statement = self.env['aftersales.stock.statement'].create({
            'company_id': self.company.id, 'month': self.company._aftersales_today(),
        })
        statement.action_compute()
        self.assertTrue(sum(statement.line_ids.mapped('order_issue_qty')))
        self.assertEqual((statement.valuation_gap, statement.ledger_unexplained), (0.0, 0.0))
        # A walk that only met refusals would prove nothing.
        orders = simulation.orders
        self.assertTrue(orders.settlement_ids.filtered(lambda settlement: settlement.state == 'paid'), "nobody paid")
        self.assertTrue(orders.line_ids.filtered('issued_qty'), "no part was issued")
        self.assertTrue(orders.line_ids.filtered('returned_qty'), "no part came back")
        self.assertTrue(orders.filtered(lambda order: order.state in ('released', 'closed')), "no car left")


class TestReturnAfterSettlement(AftersalesCommon):
    """R-PART-24, R-PROC-79: a part that comes back after the order was settled."""

    def test_cost_follows_the_part(self):
        """R-PART-24: the cost leaves work in progress with the part, in the same step."""
        simulation = Simulation(self)
        order = simulation.do_new_order()
        for _step in range(12):
            if order.settled_at:
                break
            simulation.orders = order
            simulation.do_next_step()
        self.assertTrue(order.settled_at, order.state)
        line = order.line_ids.filtered(lambda line: line.kind == 'part')
        line._return_parts(1.0, simulation.mechanics[0])
        self.assertEqual(order._wip_balance()[order], 0.0)
