from odoo import fields, models

from .const import SOURCE_LEVELS


class ResCompany(models.Model):
    """What becomes of what the desks notice: nothing, a fact for sheet and training, or a case; a person decides."""

    _inherit = 'res.company'

    aftersales_source_rework = fields.Selection(
        SOURCE_LEVELS, string="Failed inspection", default='fact', required=True,
        help="Punishing failed checks makes people hide defects: a fact for the assessment and for training.")
    aftersales_source_accident = fields.Selection(SOURCE_LEVELS, string="Quality accident", default='case', required=True)
    aftersales_source_delay = fields.Selection(SOURCE_LEVELS, string="Late promise", default='fact', required=True)
    aftersales_source_complaint = fields.Selection(SOURCE_LEVELS, string="Customer complaint", default='fact', required=True)
    aftersales_source_tool = fields.Selection(SOURCE_LEVELS, string="Tool lost or damaged", default='case', required=True)
    aftersales_source_goods = fields.Selection(
        SOURCE_LEVELS, string="Goods lost or not accepted", default='case', required=True)
