from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesFapiaoAllocation(models.Model):
    """Which part of a fapiao covers which settlement."""

    _name = 'aftersales.fapiao.allocation'
    _description = "Fapiao over a Settlement"
    _inherit = ['aftersales.guarded.mixin']
    _check_company_auto = True

    fapiao_id = fields.Many2one('aftersales.fapiao', required=True, ondelete='cascade', index=True, check_company=True)
    settlement_id = fields.Many2one(
        'aftersales.settlement', required=True, ondelete='restrict', index=True, check_company=True
    )
    company_id = fields.Many2one(related='fapiao_id.company_id', store=True)
    currency_id = fields.Many2one(related='fapiao_id.currency_id')
    amount = fields.Monetary("Amount incl. Tax", required=True)
    partner_id = fields.Many2one(related='settlement_id.partner_id')

    _pair_uniq = models.UniqueIndex('(fapiao_id, settlement_id)', "A fapiao names a settlement once.")

    @api.model_create_multi
    def create(self, vals_list):
        opened = self._is_guarded()
        allocations = super().create(vals_list)
        if not opened:
            allocations._ensure_open()
        return allocations

    def write(self, vals):
        self._ensure_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        self._ensure_open()

    def _ensure_open(self):
        if not self._is_guarded() and any(a.fapiao_id.state in ('issued', 'red') for a in self):
            raise coded_error(
                'SET-98', self.env._("An issued fapiao cannot change. Make a red letter and issue a new one.")
            )
