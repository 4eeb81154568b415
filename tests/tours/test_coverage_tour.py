from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import DeskHttpCase


@tagged('is_tour')
class TestCoverageTours(DeskHttpCase):
    """Coverage and comebacks on the advisor's tablet."""

    def _open_car(self, order, tour):
        self.env.ref('aftersales_service.action_desk_advisor').params = {'order_id': order.id}
        self._open('service-advisor', tour, 'test_advisor')

    def test_comeback(self):
        """R-WAR-18, anchor (c) 10: “same complaint?” is answered with one tap; the job is ours and marked."""
        former = self._finished()
        former._settle()
        former._guarded().write({'outcome': 'done', 'settled_at': fields.Datetime.now() - timedelta(days=3)})
        order = self._make_order(former.vehicle_id, advisor_id=self.advisor.id)
        job = self._make_job(order, "It still squeaks")
        self._open_car(order, 'aftersales_advisor_comeback')
        self.assertEqual((job.comeback_job_id, job.payer_kind), (former.job_ids, 'internal'))

    def test_coverage(self):
        """R-WAR-01, R-WAR-02: the job says that it is covered and why; one tap gives it to the manufacturer."""
        self._make_policy()
        order = self._make_order(self._make_covered_vehicle(), advisor_id=self.advisor.id)
        job = self._make_job(order, "Engine stutters")
        self._open_car(order, 'aftersales_advisor_coverage')
        self.assertEqual(job.payer_kind, 'warranty')
