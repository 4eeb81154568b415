from odoo import fields, models

from ..base.errors import coded_error


class AftersalesWarrantyClaim(models.Model):
    """Replacement in kind: the manufacturer sends a part instead of money."""

    _inherit = 'aftersales.warranty.claim'

    def _replace_in_kind(self, lines=None, reference=None):
        """Take the manufacturer's parts into stock for claimed parts: Dr stock / Cr claims in transit, no invoice.

        A native receipt, valued at exactly what the claimed parts cost; the claim asks no money for these lines any more.

        :param lines: claim lines of parts; all that are open unless given.
        :param str reference: number of the delivery note.
        :return: the receipt.
        :rtype: recordset of stock.picking
        :raise UserError: WAR-81 role, WAR-95 not possible, WAR-36, SET-03 busy.
        """
        self.ensure_one()
        if not (self.env.su or self.env.user.has_groups(
            'aftersales_service.group_accountant,aftersales_service.group_parts_manager'
        )):
            raise coded_error('WAR-81', self.env._(
                "Parts sent instead of money are taken in by the accountant or the parts manager."))
        self.check_access('read')
        self._lock_sudo()
        claim = self.sudo().with_company(self.company_id)
        claim.order_id._lock_settlement_sudo()
        lines = claim.line_ids.filtered(lambda line: line.kind == 'part') if lines is None else lines.sudo() & claim.line_ids
        lines = lines.filtered(lambda line: not line.replaced_move_id)
        claim._ensure_replaceable(lines)
        costs = claim._line_costs(lines)
        picking = claim._receive_replacement(lines, costs, reference)
        owed = claim.order_id._payer_line_amounts().get(claim.payer_id, {})
        vals_list = [
            claim._prepare_transfer_vals(line.line_id, owed[line.line_id], 'replacement')
            for line in lines if not claim.currency_id.is_zero(owed.get(line.line_id, 0.0))
        ]
        total = claim.order_id._invoice_totals(claim.payer_id, {line.line_id: line.claimed_amount for line in lines})['total']
        self.env['aftersales.share.transfer'].sudo()._guarded().create(vals_list)
        vals = {'replaced_total': claim.replaced_total + total}
        if all(line.replaced_move_id for line in claim.line_ids):
            vals |= {'booked_at': fields.Datetime.now(), 'booked_by_id': self.env.uid}
        claim._guarded().write(vals)
        claim._follow_up_sudo()
        claim.order_id._reconcile_transit()
        self.message_post(body=self.env._("Replaced in kind by %(picking)s.", picking=picking.name))
        return picking.with_env(self.env)

    def _ensure_replaceable(self, lines):
        """Say what speaks against a replacement in kind.

        :raise UserError: WAR-95
        """
        self.ensure_one()
        problem = False
        if not self.submitted_at or self.booked_at or not self.settlement_id.settled_at or self.settlement_id.decision:
            problem = self.env._("The claim must be with the manufacturer, its order settled, and nothing of it in the books.")
        elif not lines or any(line.kind != 'part' or not line.product_id.is_storable for line in lines):
            problem = self.env._("Only stored parts that the claim still asks for are replaced in kind.")
        elif any(line.product_id.tracking != 'none' for line in lines):
            problem = self.env._("Parts with serial or lot numbers are received by the parts room, with their numbers.")
        if problem:
            raise coded_error('WAR-95', self.env._("%(claim)s: %(problem)s", claim=self.display_name, problem=problem))

    def _line_costs(self, lines):
        """Return what the claimed parts cost, as it lies in transit.

        :rtype: dict  `{claim line: amount}`, company currency
        """
        waiting = self.order_id._waiting_cents()
        unit = self.company_id.currency_id.rounding
        return {
            line: self.company_id.currency_id.round(waiting.get((self.order_id, self.payer_id, line.line_id), 0) * unit) for line in lines
        }

    def _receive_replacement(self, lines, costs, reference):
        """Make and validate the receipt; called as superuser."""
        warehouse = self.order_id.warehouse_id
        picking_type, location = warehouse.in_type_id, self.company_id._aftersales_replacement_location()
        picking = self.env['stock.picking'].create({
            'picking_type_id': picking_type.id,
            'location_id': location.id,
            'location_dest_id': picking_type.default_location_dest_id.id,
            'partner_id': self.partner_id.id,
            'company_id': self.company_id.id,
            'origin': ' · '.join(filter(None, (self.name, reference))),
            'move_ids': [fields.Command.create({
                'product_id': line.product_id.id,
                'product_uom_qty': line.quantity,
                'product_uom': line.line_id.product_uom_id.id,
                'location_id': location.id,
                'location_dest_id': picking_type.default_location_dest_id.id,
                'company_id': self.company_id.id,
                'aftersales_claim_line_id': line.id,
                'aftersales_replacement_value': costs[line],
            }) for line in lines],
        })
        picking.action_confirm()
        for move in picking.move_ids:
            move.write({'quantity': move.product_uom_qty, 'picked': True})
        picking.move_ids._action_done()
        for move in picking.move_ids.filtered('aftersales_claim_line_id'):
            move.aftersales_claim_line_id._guarded().write({'replaced_move_id': move.id})
            move.account_move_id.line_ids.filtered('aftersales_order_id')._guarded().write({'aftersales_payer_id': self.payer_id.id})
        return picking

    def action_replace_in_kind(self):
        """Take the manufacturer's parts in for all claimed parts."""
        self.ensure_one()
        return self._replace_in_kind()._get_records_action()
