from ..concurrency import AftersalesConcurrencyCase


class TestTwoClerks(AftersalesConcurrencyCase):
    """R-WAR-11: two clerks press at once, with two real cursors and Odoo's own retry."""

    def setUp(self):
        super().setUp()
        cls = type(self)
        with self.committed():
            self.clerk_ids = [cls._make_user('warranty_clerk', login=f'race_clerk_{number}').id for number in (1, 2)]
            cls._make_labour_rate(123.0, payer_kind='warranty', date='2020-02-02')
            order = cls._make_order(labour=[cls._make_labour_item("Race work", hours=1.0)], payer_kind='warranty')
            claim = order._make_claims()
            claim._check()
            if claim._open_blockers('submitted')[claim]:
                claim._override('submitted', cls._reason('override'), "A race, no audit")
            self.claim_id, self.job_id = claim.id, claim.job_id.id

    def _submit(self, clerk_id):
        def submit(env):
            return env(user=clerk_id)['aftersales.warranty.claim'].browse(self.claim_id)._submit().ids

        return submit

    def test_a_claim_is_sent_once(self):
        results = self.race(*(self._submit(clerk_id) for clerk_id in self.clerk_ids))
        refused = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(refused), 1, results)
        self.assertTrue('WAR-35' in str(refused[0]) or 'WAR-36' in str(refused[0]), refused)
        with self.committed():
            claim = self.env['aftersales.warranty.claim'].browse(self.claim_id)
            self.assertEqual((claim.state, len(claim.submission_ids)), ('submitted', 1))

    def test_a_job_is_claimed_once(self):
        with self.committed():
            self.env['aftersales.warranty.claim'].browse(self.claim_id)._cancel(self._reason('claim_cancel'))

        def draft(env):
            return env['aftersales.repair.job'].browse(self.job_id)._make_claims().ids

        self.race(draft, draft)
        with self.committed():
            standing = self.env['aftersales.warranty.claim'].search(
                [('job_id', '=', self.job_id), ('cancelled_at', '=', False)])
            self.assertEqual(len(standing), 1)
