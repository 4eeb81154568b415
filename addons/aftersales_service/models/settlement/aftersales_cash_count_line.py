from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesCashCountLine(models.Model):
    """One payment means of a day: what the system says, what the terminal or the drawer says."""

    _name = 'aftersales.cash.count.line'
    _description = "Counted Payment Means"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'count_id, id'
    _check_company_auto = True
    _guarded_fields = frozenset({'count_id', 'journal_id', 'amount_opening', 'amount_in', 'amount_out'})

    count_id = fields.Many2one('aftersales.cash.count', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='count_id.company_id', store=True)
    currency_id = fields.Many2one(related='count_id.currency_id')
    journal_id = fields.Many2one('account.journal', "Means", required=True, readonly=True, check_company=True)
    means = fields.Selection(related='journal_id.aftersales_means')
    amount_opening = fields.Monetary("Float", readonly=True, help="Cash left in the drawer by the count before.")
    amount_in = fields.Monetary("Received", readonly=True)
    amount_out = fields.Monetary("Paid Out", readonly=True)
    amount_system = fields.Monetary("System Total", compute='_compute_amount_system', store=True)
    amount_counted = fields.Monetary("Counted", help="Money in the drawer, or total of the terminal.")
    amount_handed = fields.Monetary("Handed to Finance", help="The rest stays in the drawer as tomorrow's float.")
    difference = fields.Monetary(compute='_compute_amount_system', store=True)
    note = fields.Char("Explanation")

    @api.depends('amount_opening', 'amount_in', 'amount_out', 'amount_counted')
    def _compute_amount_system(self):
        for line in self:
            line.amount_system = line.amount_opening + line.amount_in - line.amount_out
            line.difference = line.amount_counted - line.amount_system

    def write(self, vals):
        if not self._is_guarded() and vals.keys() - {'note'} and any(line.count_id.state != 'draft' for line in self):
            raise coded_error(
                'SET-16', self.env._("A finished count cannot change. Explain the difference in the note.")
            )
        return super().write(vals)
