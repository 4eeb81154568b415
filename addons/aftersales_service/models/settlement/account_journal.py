from odoo import fields, models

MEANS = [
    ('cash', "Cash"),
    ('bank', "Bank Transfer"),
    ('wechat', "WeChat Pay"),
    ('alipay', "Alipay"),
    ('card', "Card Terminal"),
]


class AccountJournal(models.Model):
    _inherit = 'account.journal'

    aftersales_means = fields.Selection(
        MEANS,
        "Payment Means at the Till",
        help="Shows this journal at the after-sales till. WeChat, Alipay and the card terminal are clearing journals: "
        "money rests on their own account until the provider pays it out, less its fee.",
    )

    def _aftersales_is_clearing(self):
        """Tell whether the provider pays the money out later, less a fee."""
        self.ensure_one()
        return self.aftersales_means in ('wechat', 'alipay', 'card')
