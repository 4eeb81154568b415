from odoo import fields, models


class AftersalesWarrantyTerms(models.Model):
    _inherit = 'aftersales.warranty.terms'

    old_part_hold_days = fields.Integer(
        "Keep old parts (days)", aggregator=None, tracking=True,
        help="Days from the repair in which the manufacturer may ask for an old part. 0: as the company.",
    )

    _old_part_days = models.Constraint('CHECK(old_part_hold_days >= 0)', "Days cannot be negative.")
