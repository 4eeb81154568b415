from ast import literal_eval

from lxml import etree

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.models.parts.guard import opened

from ..common import AftersalesCommon


class TestSetup(AftersalesCommon):
    """Places and operation types of the parts room, found again after a reinstallation (R-PART-17, R-PART-24)."""

    def test_every_warehouse_gets_its_places_and_types_once(self):
        warehouse = self.warehouse
        workshop = warehouse.aftersales_workshop_location_id
        self.assertRecordValues(
            workshop,
            [
                {
                    'usage': 'production',
                    'location_id': False,
                    'valuation_account_id': self.account_wip.id,
                    'company_id': self.company.id,
                }
            ],
        )
        old = warehouse.aftersales_old_parts_location_id
        self.assertEqual(
            (old.usage, old.location_id, old.warehouse_id), ('internal', old.location_id.browse(), warehouse.browse())
        )
        hold = warehouse.aftersales_hold_location_id
        self.assertTrue(hold.parent_path.startswith(warehouse.view_location_id.parent_path))
        self.assertFalse(hold.parent_path.startswith(warehouse.lot_stock_id.parent_path))
        issue, back = warehouse.aftersales_issue_type_id, warehouse.aftersales_return_type_id
        self.assertRecordValues(
            issue | back,
            [
                {
                    'code': 'internal',
                    'create_backorder': 'always',
                    'aftersales_kind': 'issue',
                    'return_picking_type_id': back.id,
                },
                {
                    'code': 'internal',
                    'create_backorder': 'always',
                    'aftersales_kind': 'return',
                    'return_picking_type_id': False,
                },
            ],
        )
        self.assertNotEqual(issue.sequence_code, back.sequence_code)
        before = (
            self.env['stock.picking.type']
            .with_context(active_test=False)
            .search_count([('warehouse_id', '=', warehouse.id)])
        )
        self.company._aftersales_prepare_company()
        self.assertEqual(
            before,
            self.env['stock.picking.type']
            .with_context(active_test=False)
            .search_count([('warehouse_id', '=', warehouse.id)]),
        )

    def test_a_second_warehouse_has_its_own(self):
        other = self.env['stock.warehouse'].create({'name': "Branch", 'code': 'BR', 'company_id': self.company.id})
        self.assertTrue(other.aftersales_workshop_location_id)
        self.assertNotEqual(other.aftersales_workshop_location_id, self.warehouse.aftersales_workshop_location_id)
        self.assertTrue(other.aftersales_issue_type_id.sequence_id)

    def test_uninstall_archives_and_reinstall_finds_the_same_rows(self):
        """Types and places have no xmlid: a second installation must not make a second pair."""
        warehouse = self.warehouse
        names = (
            'aftersales_workshop_location_id',
            'aftersales_old_parts_location_id',
            'aftersales_hold_location_id',
            'aftersales_issue_type_id',
            'aftersales_return_type_id',
        )
        before = [warehouse[name] for name in names]
        self.company._aftersales_retire_company()
        self.assertFalse(any(record.active for record in before))
        # The columns are gone after an uninstallation.
        opened(warehouse).write(dict.fromkeys(names, False))
        self.company._aftersales_prepare_company()
        self.assertEqual([warehouse[name] for name in names], before)
        self.assertTrue(all(record.active for record in before))

    def test_workshop_follows_the_account_of_the_company(self):
        """Set-up: the account of the workshop is the company's work in progress, and nobody else sets it."""
        workshop = self.warehouse.aftersales_workshop_location_id
        self.company.aftersales_wip_account_id = False
        self.assertFalse(workshop.valuation_account_id)
        self.company.aftersales_wip_account_id = self.account_wip
        self.assertEqual(workshop.valuation_account_id, self.account_wip)
        with self.assertBlocked('PAR-01', UserError):
            workshop.valuation_account_id = False
        with self.assertBlocked('PAR-01', UserError):
            workshop.usage = 'internal'

    def test_set_up_check_names_what_is_missing(self):
        checks = {check['code']: check for check in self.company._aftersales_setup_checks()}
        self.assertTrue(checks['parts_locations']['ok'])
        self.assertFalse(checks['accrual_account']['ok'])
        self.company._aftersales_fix_accrual_account()
        self.assertTrue(
            {check['code']: check for check in self.company._aftersales_setup_checks()}['accrual_account']['ok']
        )
        self.warehouse.aftersales_issue_type_id.active = False
        checks = {check['code']: check for check in self.company._aftersales_setup_checks()}
        self.assertFalse(checks['parts_locations']['ok'])
        getattr(self.company, checks['parts_locations']['fix'])()
        self.assertTrue(self.warehouse.aftersales_issue_type_id.active)

    def test_accrual_account_is_found_or_made_in_any_chart(self):
        """House §5: what was received and not billed has its own account; a tax account never stands in for it."""
        company = self.company
        proposal = company._aftersales_propose_accrual_account()
        self.assertFalse(proposal & company._aftersales_tax_accounts_sudo())
        self.assertFalse(proposal, "the Chinese chart has none: its 222101 “Tax Received” is no accrual")
        company._aftersales_fix_accrual_account()
        made = company.aftersales_accrual_account_id
        self.assertEqual(
            (made.account_type, made.reconcile, made.with_company(company).code), ('liability_current', True, '220201'))
        # The chart's own is taken, whatever its number, unless taxes are booked on it.
        company.aftersales_accrual_account_id = False
        made.name = "Grouped payables"
        taxed = self.env['account.tax'].search(
            [('company_id', '=', company.id)]).repartition_line_ids.account_id[:1] or self.env['account.account']
        taxed.name = "Received, not billed (tax)"
        own = self.env['account.account'].with_company(company).create(
            {'name': "应付账款-暂估应付", 'code': '299901', 'account_type': 'liability_current'})
        self.assertEqual(company._aftersales_propose_accrual_account(), own)
        company._aftersales_fix_accrual_account()
        self.assertEqual(company.aftersales_accrual_account_id, own)

    def test_our_transfers_offer_no_product_to_add(self):
        """R-PART-01: what is handed over follows the order; the transfer's form does not offer a product it would refuse."""
        arch = etree.fromstring(self.env['stock.picking'].get_view(self.env.ref('stock.view_picking_form').id)['arch'])
        [moves] = arch.xpath("//field[@name='move_ids'][@widget='stock_move_one2many']")
        self.assertIn(('aftersales_kind', '=', False), literal_eval(moves.get('options'))['create'])

    def test_types_and_places_are_not_changed_by_hand(self):
        """R-PART-17: a stock manager cannot take the gates off by turning our type into an ordinary one."""
        issue = self.warehouse.aftersales_issue_type_id
        manager = self._role('parts_manager')
        for values in ({'aftersales_kind': False}, {'code': 'outgoing'}, {'create_backorder': 'never'}, {'sequence_code': 'X'}):
            with self.assertBlocked('PAR-61', UserError):
                issue.with_user(manager).write(values)
        with self.assertBlocked('PAR-61', UserError):
            self.warehouse.with_user(manager).write({'aftersales_workshop_location_id': False})
        issue.with_user(manager).write({'name': "Parts desk"})
        self.assertEqual(issue.name, "Parts desk")

    def test_old_parts_have_an_owner_and_no_value(self):
        """House §5: an old part without an owner would be worth money in our stock."""
        part = self._make_part("Old alternator", cost=500.0)
        supplier = self.env.ref('stock.stock_location_customers')
        place = self.warehouse.aftersales_old_parts_location_id
        for owner in (self.env['res.partner'], self.company.partner_id, self.customer):
            picking = self.env['stock.picking'].create({
                'picking_type_id': self.warehouse.in_type_id.id, 'location_id': supplier.id, 'location_dest_id': place.id,
                'owner_id': owner.id,
                'move_ids': [Command.create({
                    'product_id': part.id, 'product_uom_qty': 1, 'product_uom': part.uom_id.id, 'company_id': self.company.id,
                    'location_id': supplier.id, 'location_dest_id': place.id,
                })],
            })
            picking.action_confirm()
            picking.move_ids.picked = True
            # With an owner it still takes a tag (room warranty); the tags' own verbs hold the key.
            with self.assertBlocked('PAR-62' if owner != self.customer else 'WAR-75', UserError):
                picking._action_done()
        opened(picking)._action_done()
        self.assertEqual((picking.move_ids.value, part.qty_available), (0.0, 0.0))
