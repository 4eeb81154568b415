from odoo import api, fields, models


class AftersalesRepairOrder(models.Model):
    """Old parts of an order, and what they hold up."""

    _inherit = 'aftersales.repair.order'

    old_part_ids = fields.One2many('aftersales.old.part', 'order_id', "Old Parts", readonly=True)
    old_part_count = fields.Integer("Old-Part Tags", compute='_compute_old_part_count', compute_sudo=True)
    old_part_missing_count = fields.Integer("Old Parts Missing", compute='_compute_old_part_count', compute_sudo=True)

    # === COMPUTE METHODS === #

    @api.depends('old_part_ids.state', 'line_ids.net_issued_qty', 'line_ids.old_part_exempt_reason_id')
    def _compute_old_part_count(self):
        counts = dict(self.env['aftersales.old.part']._read_group(
            [('order_id', 'in', self.ids), ('state', '!=', 'void')], ['order_id'], ['__count']))
        for order in self:
            order.old_part_count = counts.get(order._origin, 0)
            order.old_part_missing_count = len(order._old_parts_missing('old_part_stored_qty'))

    # === ACTION METHODS === #

    def action_view_old_parts(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_old_part_action')
        return {**action, 'domain': [('order_id', '=', self.id)], 'context': {}}

    # === STATE AND GATES === #

    def _old_parts_missing(self, quantity='old_part_qty'):
        """Return the lines the manufacturer pays whose old part is not there.

        :param str quantity: `old_part_qty` tagged at least, `old_part_stored_qty` with a place and a keeper.
        :rtype: recordset of aftersales.repair.line
        """
        return self.line_ids._needs_old_part().filtered(
            lambda line: line.product_uom_id.compare(line.net_issued_qty, line[quantity]) > 0)

    def _blockers(self, target):
        found = super()._blockers(target)
        if target == 'settled':
            for order in self:
                # sudo: a cashier may settle without reading old parts.
                found[order] += order.sudo()._old_part_blockers()
        elif target == 'issue':
            for order in self:
                found[order] += order.sudo()._old_part_first_blockers()
        return found

    def _old_part_blockers(self):
        """A warranty job is settled when its old parts have a number, a place and a keeper (R-WAR-06)."""
        self.ensure_one()
        if self.profile_id._gate('old_part_record') == 'off':
            return []
        reasons = []
        untagged = self._old_parts_missing()
        for line in untagged:
            reasons.append(self._blocker('old_part_record', 'WAR-70', self.env._(
                "The old part of “%(line)s” has no tag. Tag it, or say why there is none.", line=line.name,
            ), {'label': self.env._("Tag it"), 'action': line.action_tag_old_part()}))
        for line in self._old_parts_missing('old_part_stored_qty') - untagged:
            waiting = line.old_part_ids.filtered(lambda part: part.state == 'tagged')
            reasons.append(self._blocker('old_part_record', 'WAR-71', self.env._(
                "The old part of “%(line)s” (%(tags)s) lies on no shelf yet.", line=line.name, tags=", ".join(waiting.mapped('name')),
            ), {'label': self.env._("Store it"), 'action': self._old_part_cure(waiting)}))
        return reasons

    def _old_part_first_blockers(self):
        """No old part, no new part: the parts room hands out against the old one (option)."""
        self.ensure_one()
        if self.profile_id._gate('old_part_first') == 'off':
            return []
        ids = self.env.context.get('aftersales_issue_move_ids')
        moves = self.env['stock.move'].sudo().browse(ids) if ids is not None else self.picking_ids.move_ids.filtered(
            lambda move: move.aftersales_kind == 'issue' and move.state not in ('done', 'cancel') and move.quantity > 0)
        reasons = []
        for line, mine in moves.filtered(lambda move: move.aftersales_order_id == self).grouped('aftersales_line_id').items():
            if not line._needs_old_part():
                continue
            asked = sum(move.product_uom._compute_quantity(move.quantity, line.product_uom_id, rounding_method='HALF-UP') for move in mine)
            if line.product_uom_id.compare(line.net_issued_qty + asked, line.old_part_qty) > 0:
                reasons.append(self._blocker('old_part_first', 'WAR-72', self.env._(
                    "No old part, no new part: the old part of “%(line)s” is not tagged yet.", line=line.name,
                ), {'label': self.env._("Tag it"), 'action': line.action_tag_old_part()}))
        return reasons

    def _old_part_cure(self, parts):
        action = {
            'type': 'ir.actions.act_window', 'res_model': 'aftersales.old.part', 'view_mode': 'form',
            'views': [(False, 'form')], 'res_id': parts[:1].id,
        }
        return action if len(parts) == 1 else {
            **action, 'res_id': False, 'view_mode': 'list,form', 'views': [(False, 'list'), (False, 'form')],
            'domain': [('id', 'in', parts.ids)],
        }
