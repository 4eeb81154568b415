from odoo import api, fields, models


class AftersalesSettlementDifference(models.TransientModel):
    """Dialog: write off the last cents of one or several settlements, with a reason."""

    _name = 'aftersales.settlement.difference'
    _description = "Small Difference"

    settlement_ids = fields.Many2many('aftersales.settlement', required=True, readonly=True)
    currency_id = fields.Many2one('res.currency', compute='_compute_amount')
    amount = fields.Monetary("To Write Off", compute='_compute_amount')
    reason_id = fields.Many2one('aftersales.reason', required=True, domain="[('kind', '=', 'difference')]")
    note_required = fields.Boolean(related='reason_id.note_required')
    note = fields.Char()

    @api.depends('settlement_ids')
    def _compute_amount(self):
        for wizard in self:
            wizard.currency_id = wizard.settlement_ids.currency_id[:1]
            wizard.amount = sum(wizard.settlement_ids.mapped('amount_due'))

    def action_confirm(self):
        self.ensure_one()
        self.settlement_ids._write_off(self.reason_id, self.note)
        return {'type': 'ir.actions.act_window_close'}
