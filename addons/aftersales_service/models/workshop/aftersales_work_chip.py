from odoo import fields, models

from ..base.const import TRADES


class AftersalesWorkChip(models.Model):
    """Something technicians tap instead of typing: what was done, what the cause was, how it was corrected."""

    _name = 'aftersales.work.chip'
    _description = "Work Record Chip"
    _order = 'kind, sequence, id'

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [('record', "Work Done"), ('cause', "Cause"), ('correction', "Correction")],
        required=True,
        default='record',
        index=True,
    )
    trade = fields.Selection(TRADES, help="Empty: offered to every trade.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', index=True, help="Empty: every company uses it.")
