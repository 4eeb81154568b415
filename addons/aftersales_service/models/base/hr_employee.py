from odoo import fields, models

from .const import SKILLS, TRADES


class HrEmployee(models.Model):
    _inherit = 'hr.employee'

    aftersales_can_drive = fields.Boolean(
        string="May move cars", help="Appointed and qualified to move and road-test customers' cars.",
    )
    aftersales_trade = fields.Selection(TRADES, string="Trade", index='btree_not_null')
    aftersales_skill = fields.Selection(SKILLS, string="Skill grade")
