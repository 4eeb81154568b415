from ..common import AftersalesCommon
from ..simulation import Simulation


class ClaimWalk(Simulation):
    """A shop that lives on warranty work: most jobs are a manufacturer's."""

    kinds = ('warranty', 'warranty', 'warranty', 'customer')


class TestCashWalk(AftersalesCommon):
    """From claim to cash in a random order of steps."""

    def test_random_walk_of_claims(self):
        """R-WAR-13: statements, cuts, rests and decisions taken back, charge-backs and credits in any order: claim
        totals, invoices, shares, settlements and claims in transit agree to the cent after each step (WAR-I5, WAR-I6).
        """
        walk = ClaimWalk(self, 11)
        self._only_gates()  # those of other desks are tested there
        walk.verbs = [
            getattr(walk, f'do_{name}') for name in (
                'send_claims', 'send_claims', 'statement', 'statement', 'resolve_rest', 'undo_rest', 'charge_back',
                'replace_in_kind', 'reverse_statement', 'refund', 'pay',
            )
        ]
        # Twelve orders to the till, whatever stands in the way; then what manufacturers do with them.
        for _number in range(12):
            walk.step(walk.do_new_order)
        for _step in range(100):
            walk.step(walk.do_next_step)
        for number in range(60):
            walk.step(walk.random.choice(walk.verbs))
            if number % 8 == 0:
                walk.check_company()
            self.assertFalse(walk.findings, (number, dict(walk.done), dict(walk.refused)))
        walk.check_company()
        self.assertFalse(walk.findings, dict(walk.done))
        for verb in ('statement', 'resolve_rest', 'undo_rest', 'charge_back'):
            self.assertTrue(walk.done[verb], (verb, dict(walk.done), dict(walk.refused)))
