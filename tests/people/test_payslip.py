from dateutil.relativedelta import relativedelta

from .payroll_models import HrPayslip, HrPayslipInput, HrPayslipInputType, HrPayslipInputTyped, install
from .test_payroll import PayrollCase


class PayslipCase(PayrollCase):
    """A shop whose payroll takes payslip inputs."""

    MODELS = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        install(cls, *cls.MODELS)
        cls.company.aftersales_payroll_mode = 'payslip'
        cls.slip, cls.other_slip = cls.env['hr.payslip'].create([{
            'employee_id': person.id, 'version_id': person.version_id.id, 'date_from': cls.month,
            'date_to': cls.month + relativedelta(months=1, days=-1),
        } for person in (cls.person, cls.other)])

    def _inputs(self, slip=None):
        return self.env['hr.payslip.input'].search([('payslip_id', '=', (slip or self.slip).id)], order='id')


class TestPayslipInputs(PayslipCase):
    """R-RP-08: an installed payroll gets one input a record and channel in the month's draft payslip."""

    MODELS = (HrPayslip, HrPayslipInput)

    def test_inputs(self):
        """Signs, codes and contract of each input; compensation is capped, the rest is carried over."""
        reward, loss = self._reward(self.person, 300), self._loss(self.person, 1400)
        less = self._decide_conduct(self.other, 'P13', performance_amount=80)
        batch = self._hand_over(self._batch())
        self.assertEqual(
            [(row.name, row.code, row.amount, row.version_id) for row in self._inputs()],
            [(f'{batch.name} {reward.name}', 'AFTERSALES_BONUS', 300.0, self.person.version_id),
             (f'{batch.name} {loss.name}', 'AFTERSALES_COMPENSATION', -1000.0, self.person.version_id)])
        self.assertEqual([(row.name, row.amount) for row in self._inputs(self.other_slip)], [(f'{batch.name} {less.name}', -80.0)])
        self.assertFalse(batch.move_id, "one way only: nothing is booked beside the payroll")
        self.assertEqual((reward.state, loss.state), ('handed_over', 'effective'))

    def test_handed_over_once(self):
        """Idempotent by the number of the batch: a second run writes nothing."""
        self._reward(self.person, 300)
        batch = self._hand_over(self._batch())
        before = self._inputs()
        batch._hand_over_payslip_sudo()
        self.assertEqual(self._inputs(), before)

    def test_reversal(self):
        """A reversing batch writes the opposite inputs, once; the record is open again and goes into the next batch."""
        reward = self._reward(self.person, 300)
        batch = self._hand_over(self._batch())
        reversal = batch._reverse("Wrong month")
        reversal.with_user(self.second)._hand_over()
        reversal._hand_over_payslip_sudo()
        self.assertEqual(self._inputs().mapped('amount'), [300.0, -300.0])
        self.assertEqual((reward.state, reward.is_settled), ('effective', False))

    def test_no_draft_slip(self):
        """The person's slip is missing or done: refused before anything is written, the batch stays open."""
        self._reward(self.person, 300)
        self._reward(self.other, 50)
        self.other_slip.state = 'done'
        batch = self._batch()
        with self.assertBlocked('PPL-50') as caught, self.env.cr.savepoint():
            self._hand_over(batch)
        self.assertIn("Master Sun", str(caught.exception))
        self.assertFalse(self._inputs())
        self.assertNotEqual(batch.state, 'locked')

    def test_set_up_check(self):
        checks = {check['code']: check for check in self.company._aftersales_setup_checks()}
        self.assertTrue(checks['PPL-S3']['ok'])


class TestPayslipInputTypes(PayslipCase):
    """R-RP-08: a payroll that knows types of inputs gets the type of the channel."""

    MODELS = (HrPayslip, HrPayslipInputType, HrPayslipInputTyped)

    def test_types(self):
        self._reward(self.person, 300)
        batch = self._batch()
        with self.assertBlocked('PPL-50') as caught, self.env.cr.savepoint():
            self._hand_over(batch)
        self.assertIn('AFTERSALES_FINE', str(caught.exception), "all missing types are named")
        types = self.env['hr.payslip.input.type'].create([
            {'name': channel, 'code': f'AFTERSALES_{channel}'} for channel in ('BONUS', 'PERFORMANCE', 'COMPENSATION', 'FINE')])
        self._hand_over(batch)
        self.assertEqual((self._inputs().input_type_id, self._inputs().code), (types[0], 'AFTERSALES_BONUS'))
