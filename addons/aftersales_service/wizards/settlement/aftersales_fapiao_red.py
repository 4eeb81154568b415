from odoo import api, fields, models

from ...models.base.errors import coded_error


class AftersalesFapiaoRed(models.TransientModel):
    """Dialog: record the red letter of an issued fapiao, over all or a part of it."""

    _name = 'aftersales.fapiao.red'
    _description = "Red Letter"

    fapiao_id = fields.Many2one('aftersales.fapiao', required=True, readonly=True)
    currency_id = fields.Many2one(related='fapiao_id.currency_id')
    number = fields.Char("Red Fapiao No.", required=True, size=20)
    confirmation = fields.Char("Confirmation No.", help="Number of the red-letter confirmation on the tax platform.")
    reason = fields.Selection(lambda self: self._selection_reason(), required=True, default='mistake')
    available_amount = fields.Monetary("Amount Left", compute='_compute_available_amount')
    amount = fields.Monetary(compute='_compute_amount', store=True, readonly=False)

    def _selection_reason(self):
        return self.env['aftersales.fapiao']._fields['red_reason']._description_selection(self.env)

    @api.depends('fapiao_id')
    def _compute_available_amount(self):
        for wizard in self:
            wizard.available_amount = sum(wizard.fapiao_id._red_left().values())

    @api.depends('available_amount')
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.available_amount

    def action_confirm(self):
        self.ensure_one()
        fapiao, left = self.fapiao_id, self.amount
        if left <= 0 or self.currency_id.compare_amounts(left, self.available_amount) > 0:
            raise coded_error('SET-13', self.env._("A red letter takes back at most what is left of an issued fapiao."))
        amounts = {}
        for settlement, amount in fapiao._red_left().items():
            part = min(left, amount)
            if self.currency_id.compare_amounts(part, 0.0) > 0:
                amounts[settlement] = part
                left = self.currency_id.round(left - part)
        return fapiao._red(self.number, self.reason, amounts, self.confirmation)._get_records_action()
