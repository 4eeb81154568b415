from ..common import AftersalesCommon
from ..simulation import Simulation


class TestPeopleWalk(AftersalesCommon):
    """R-RP-08, R-RP-12, R-RP-15: rewards, losses, reviews, batches, reversals and payments in any order agree to the cent."""

    def test_random_walk(self):
        for seed in (1, 2):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                simulation = Simulation(self, seed)
                verbs = [verb for verb in simulation.verbs if verb.__name__[3:] in (
                    'reward', 'loss', 'lower', 'payroll', 'reverse_payroll', 'paid')]
                self.assertEqual(len(verbs), 6)
                for step in range(60):
                    simulation.step(simulation.random.choice(verbs))
                    if step % 10 == 9:
                        simulation.check_company()
                self.assertFalse(simulation.findings, dict(simulation.refused))
                self.assertTrue(self.env['aftersales.payroll.batch'].search([('reversed_id', '!=', False)]), "nothing was reversed")
                self.assertTrue(self.env['aftersales.payroll.line'].search([('carried_amount', '>', 0)]), "nothing was carried over")
                savepoint.rollback()
                self.env.invalidate_all()
