from odoo import fields, models

from .const import SKILLS, TRADES


class HrEmployeePublic(models.Model):
    _inherit = 'hr.employee.public'

    # Read from hr.employee by the SQL view: a dispatcher without HR rights needs them.
    aftersales_can_drive = fields.Boolean(string="May move cars", readonly=True)
    aftersales_trade = fields.Selection(TRADES, string="Trade", readonly=True)
    aftersales_skill = fields.Selection(SKILLS, string="Skill grade", readonly=True)
