from odoo import fields, models


class AftersalesRepairOrder(models.Model):
    _inherit = 'aftersales.repair.order'

    claim_ids = fields.One2many('aftersales.warranty.claim', 'order_id', "Warranty Claims")
    claim_count = fields.Integer("Claims", compute='_compute_claim_count')

    def _compute_claim_count(self):
        # sudo: the number stands on a button; the claims themselves open with the reader's own rights.
        counts = dict(self.env['aftersales.warranty.claim'].sudo()._read_group(
            [('order_id', 'in', self.ids), ('cancelled_at', '=', False)], ['order_id'], ['__count'],
        ))
        for order in self:
            order.claim_count = counts.get(order._origin, 0)

    # === BUSINESS METHODS === #

    def _issue_estimate(self, jobs=None):
        """Price the handling fee of the manufacturer's terms before the offer is frozen."""
        self.ensure_one()
        offered = self._open_jobs() if jobs is None else jobs
        offered.filtered(lambda job: not job.is_approved)._sync_handling_fees()
        return super()._issue_estimate(jobs)

    def _make_claims(self):
        """Draft or refresh the claims of the order's warranty jobs; see `job._make_claims`."""
        return self.job_ids._make_claims()

    def _after_transition(self, source, target):
        result = super()._after_transition(source, target)
        if target == 'ready' and self._has_warranty_payer():
            self.sudo()._make_claims()
        return result

    def _post_settlement_sudo(self, settlements):
        """Keep drafted claims at what the books say now: settling, a credit, a new share."""
        posted = super()._post_settlement_sudo(settlements)
        self.sudo().filtered(lambda order: order._has_warranty_payer())._make_claims()
        return posted

    def _has_warranty_payer(self):
        """Tell whether a manufacturer pays something of the order."""
        self.ensure_one()
        return 'warranty' in self.sudo().payer_ids.mapped('kind')

    # === ACTIONS === #

    def action_make_claims(self):
        """Draft the claims of the order and open them."""
        self.ensure_one()
        self._make_claims()
        return self.action_view_claims()

    def action_view_claims(self):
        """Open the warranty claims of this order."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.warranty_claim_action')
        claims = self.claim_ids
        if len(claims) == 1:
            action.update({'views': [(False, 'form')], 'res_id': claims.id})
        return {**action, 'domain': [('order_id', '=', self.id)], 'context': {}}
