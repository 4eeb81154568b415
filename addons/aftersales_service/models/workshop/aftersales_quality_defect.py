from odoo import fields, models

from ..base.const import TRADES


class AftersalesQualityDefect(models.Model):
    """What an inspector finds wrong, as a code that can be counted (R-PROC-74)."""

    _name = 'aftersales.quality.defect'
    _description = "Quality Defect"
    _order = 'trade, sequence, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    trade = fields.Selection(TRADES, help="Empty: any trade.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', index=True, help="Empty: every company uses it.")

    _code_uniq = models.UniqueIndex("(code, COALESCE(company_id, 0))", "This defect code exists already.")

    def _compute_display_name(self):
        for defect in self:
            defect.display_name = f'{defect.code} · {defect.name}' if defect.code else defect.name
