from odoo import fields, models


class HrDepartment(models.Model):
    _inherit = 'hr.department'

    aftersales_reward_account_id = fields.Many2one(
        'account.account', string="Cost of rewards", check_company=True, ondelete='restrict',
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost'))]",
        help="Rewards of this department's people are booked here: technicians to cost of repairs, advisors to selling expense.",
    )
