from odoo import fields, models

from ..base.const import TRADES
from .const import CHECK_LEVELS


class AftersalesQualityTemplate(models.Model):
    """A short list of what to look at in a check, by level and trade."""

    _name = 'aftersales.quality.template'
    _description = "Inspection List"
    _order = 'level, sequence, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    level = fields.Selection(CHECK_LEVELS, required=True, default='final')
    trade = fields.Selection(TRADES, help="Empty: any trade.")
    category_ids = fields.Many2many('aftersales.repair.category', string="Repair Categories", help="Empty: all.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', index=True, help="Empty: every company uses it.")
    line_ids = fields.One2many('aftersales.quality.template.line', 'template_id', string="Items", copy=True)
