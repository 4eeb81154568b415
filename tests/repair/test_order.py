from lxml import etree

from odoo.exceptions import UserError, ValidationError

from ..common import SIGNATURE, AftersalesCommon


class TestOrder(AftersalesCommon):
    """The order as a projection of facts: R-PROC-33, R-PROC-34, R-PROC-48."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part = cls._make_part(price=226.0)
        cls.labour = cls._make_labour_item(book_hours=1.5)
        cls._make_labour_rate(price_per_hour=200.0)
        cls.vehicle = cls._make_vehicle(partner_id=cls.customer.id)

    def _order(self, **values):
        return self._make_order(self.vehicle, parts=[(self.part, 2)], labour=[self.labour], **values)

    def test_prices_come_from_catalogue_and_split_into_labour_and_parts(self):
        """R-PROC-33, R-PROC-41, R-PERM-02: labour by book time and rate, parts by price list, tax inside."""
        order = self._order()
        self.assertRecordValues(order, [{
            'amount_labour': 300.0, 'amount_parts': 452.0, 'amount_total': 752.0, 'amount_untaxed': 665.49,
        }])
        self.assertRecordValues(order.line_ids, [
            {'kind': 'labour', 'quantity': 1.5, 'book_hours': 1.5, 'price_unit': 200.0},
            {'kind': 'part', 'quantity': 2.0, 'book_hours': 0.0, 'price_unit': 226.0},
        ])

    def test_state_follows_the_facts_up_and_down(self):
        """R-PROC-34, R-PROC-48: estimate, signature; a new content takes the authorisation back."""
        order = self._order()
        self.assertEqual(order.state, 'draft')
        estimate = order._issue_estimate()
        self.assertEqual(order.state, 'quoted')
        self.assertEqual(order.job_ids.consent_state, 'quoted')
        estimate._sign("Mr Wang", SIGNATURE)
        self.assertEqual((order.state, order.job_ids.consent_state), ('authorised', 'approved'))
        order.line_ids[1].quantity = 3
        self.assertEqual((order.state, order.job_ids.consent_state), ('quoted', 'draft'))
        self._approve(order)
        self.assertEqual(order.state, 'authorised')

    def test_state_cannot_be_written(self):
        """R-PROC-48: nobody writes the state, not even over RPC, and no context key opens it."""
        order = self._order()
        for record in (order, order.with_context(aftersales_guard=True), order.with_user(self._role('service_manager'))):
            with self.assertBlocked('BAS-01', UserError):
                record.write({'state': 'closed'})
        with self.assertBlocked('BAS-01', UserError):
            self.env['aftersales.repair.order'].create({'vehicle_id': self.vehicle.id, 'state': 'closed'})
        with self.assertBlocked('BAS-01', UserError):
            order.line_ids[1].write({'price_unit': 1.0})
        with self.assertBlocked('BAS-01', UserError):
            self.env['aftersales.consent'].create({
                'order_id': order.id, 'job_id': order.job_ids.id, 'payer_id': order.payer_ids.id, 'state': 'approved',
            })

    def test_a_discount_never_asks_again_but_a_rise_does(self):
        """R-PROC-64: consent is asked again only when the content changes or the amount rises."""
        order = self._order()
        self._approve(order)
        reason = self.env['aftersales.reason'].search([('kind', '=', 'discount')], limit=1)
        order._change_price(order.line_ids[1], discount=3.0, reason=reason)
        self.assertEqual(order.job_ids.consent_state, 'approved')
        order._add_line(order.job_ids, kind='part', product_id=self.part.id)
        self.assertEqual(order.job_ids.consent_state, 'draft')

    def test_estimate_is_frozen(self):
        """R-PROC-34: a version keeps what was offered; it is neither changed nor deleted."""
        order = self._order()
        estimate = order._issue_estimate()
        total = estimate.amount_total
        order.line_ids[1].quantity = 5
        self.assertEqual(estimate.amount_total, total)
        with self.assertBlocked('BAS-01', UserError):
            estimate.amount_total = 1.0
        with self.assertBlocked('BAS-01', UserError):
            estimate.line_ids[0].write({'amount': 1.0})
        with self.assertBlocked('REP-31', UserError):
            estimate.unlink()
        second = order._issue_estimate()
        self.assertEqual((estimate.state, second.version), ('superseded', 2))
        with self.assertBlocked('REP-32', UserError):
            estimate._sign("Mr Wang", SIGNATURE)

    def test_customers_own_part(self):
        """R-PROC-38, R-PROC-39, R-PART-23: no price, no guarantee, printed as such."""
        order = self._order()
        line = order._add_line(order.job_ids, kind='part', supplied_by='customer', name="Own wiper", quantity=1)
        self.assertRecordValues(line, [{'price_total': 0.0, 'has_disclaimer': True, 'is_billable': False}])
        estimate = order._issue_estimate()
        self.assertTrue(estimate.line_ids.filtered(lambda row: row.name == "Own wiper").has_disclaimer)

    def test_nothing_outside_the_catalogue(self):
        """R-PERM-02: no labour without catalogue item, no charge without product."""
        order = self._order()
        with self.assertBlocked('REP-20', ValidationError):
            order._add_line(order.job_ids, kind='labour', name="Something")
        with self.assertBlocked('REP-21', ValidationError):
            order._add_line(order.job_ids, kind='fee', name="Service charge", quantity=1)
        with self.assertBlocked('REP-25', UserError):
            order.line_ids[0].quantity = 9

    def test_quantities_make_sense(self):
        """R-PERM-02: negative and absurd quantities are refused with a code."""
        order = self._order()
        with self.assertBlocked('REP-23', ValidationError):
            order._add_line(order.job_ids, kind='part', product_id=self.part.id, quantity=100000)
        with self.assertBlocked('REP-23', ValidationError):
            order._add_line(order.job_ids, kind='part', product_id=self.part.id, quantity=-1)

    def test_package_with_fixed_price_is_exact(self):
        """R-PROC-34: a package costs its price to the cent, whatever the lines come to."""
        package = self.env['aftersales.package'].create({
            'name': "Small service", 'company_id': self.company.id, 'is_fixed_price': True, 'fixed_price': 468.0,
            'line_ids': [
                (0, 0, {'kind': 'labour', 'labour_item_id': self.labour.id}),
                (0, 0, {'kind': 'part', 'product_id': self.part.id, 'quantity': 3}),
                (0, 0, {'kind': 'part', 'product_id': self._make_part("Filter", price=33.33).id, 'quantity': 1}),
            ],
        })
        order = self._make_order(self.vehicle)
        order._apply_package(package)
        self.assertEqual(order.amount_total, 468.0)
        self.assertEqual(order.payer_ids.amount_total, 468.0)
        self.assertEqual(order.category_id, package.category_id)


class TestPrices(AftersalesCommon):
    """Who may depart from the catalogue: R-PERM-02, R-PERM-03, R-PERM-10."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._make_order(parts=[cls._make_part(price=100.0)])
        cls.reason = cls.env['aftersales.reason'].search([('kind', '=', 'discount')], limit=1)
        cls.company.write({'aftersales_discount_limit_pct': 5.0, 'aftersales_supervisor_discount_limit_pct': 20.0})

    def _discount(self, role, percent):
        order = self.order.with_user(self._role(role))
        order._change_price(order.line_ids, discount=percent, reason=self.reason)
        return self.order.amount_total

    def test_advisor_within_limit(self):
        """R-PERM-10: 5 % is the advisor's, more is the supervisor's, more than that the manager's."""
        self.assertEqual(self._discount('advisor', 5.0), 95.0)
        with self.assertBlocked('REP-53', UserError):
            self._discount('advisor', 5.01)
        self.assertEqual(self._discount('frontdesk_supervisor', 20.0), 80.0)
        with self.assertBlocked('REP-54', UserError):
            self._discount('frontdesk_supervisor', 21.0)
        self.assertEqual(self._discount('service_manager', 50.0), 50.0)

    def test_needs_a_reason(self):
        """R-PERM-02: a changed price leaves a reason and a name."""
        with self.assertBlocked('REP-50', UserError):
            self.order._change_price(self.order.line_ids, discount=1.0)
        self._discount('advisor', 2.0)
        self.assertRecordValues(self.order.line_ids, [{
            'price_reason_id': self.reason.id, 'price_changed_by_id': self._role('advisor').id,
        }])

    def test_upwards_blocked_and_off(self):
        """R-PERM-03: nobody asks more than the catalogue while the gate blocks; off, the right to change decides."""
        self._set_gate('price_upward', 'block')
        with self.assertBlocked('REP-52', UserError):
            self.order._change_price(self.order.line_ids, price=120.0, reason=self.reason)
        self._set_gate('price_upward', 'off')
        self.order._change_price(self.order.line_ids, price=120.0, reason=self.reason)
        self.assertEqual(self.order.amount_total, 120.0)

    def test_nonsense_refused(self):
        """R-PERM-02: neither negative prices nor discounts above 100 %."""
        for values in ({'price': -1.0}, {'discount': 101.0}, {'discount': -1.0}):
            with self.assertBlocked('REP-51', UserError):
                self.order._change_price(self.order.line_ids, reason=self.reason, **values)

    def test_boards_follow_the_way(self):
        """R-DOC-12: columns of a board stand in the order of the steps, of the alphabet nowhere; only those there are."""
        env = self.env
        for view in env['ir.ui.view'].search([('type', '=', 'kanban'), ('model', '=like', 'aftersales.%')]):
            name = etree.fromstring(view.arch).get('default_group_by')
            field = env[view.model]._fields.get(name)
            if field and field.type == 'selection':
                steps = field.get_values(env)
                self.assertTrue(field.group_expand or steps == sorted(steps), view.name)
        second = self._make_order(self._make_vehicle())
        second._guarded().state = 'quoted'
        third = self._make_order(self._make_vehicle())
        third._guarded().state = 'in_progress'
        groups = env['aftersales.repair.order'].with_context(read_group_expand=True).web_read_group(
            [('id', 'in', (self.order | second | third).ids)], ['state'])['groups']
        self.assertEqual([group['state'] for group in groups], ['draft', 'quoted', 'in_progress'])
