from odoo import fields, models

from .const import KINDS


class AftersalesConductMeasure(models.Model):
    """What can follow from conduct: praise, a bonus, a talk, a warning, money, the end of the contract (R-RP-02, -04)."""

    _name = 'aftersales.conduct.measure'
    _description = "Measure of conduct"
    _order = 'kind desc, sequence, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    kind = fields.Selection(KINDS, required=True, default='penalty')
    sequence = fields.Integer(default=10)
    nature = fields.Selection(
        [('moral', "Moral"), ('education', "Education"), ('economic', "Economic"), ('post', "Position")],
        required=True, default='moral', help="R-RP-01: encouragement and education stand beside money.",
    )
    needs_amount = fields.Boolean(help="The decision names an amount.")
    needs_period = fields.Boolean(help="The decision names from when to when.")
    needs_job = fields.Boolean(string="Needs the new position", help="The decision names the new grade or position.")
    needs_checklist = fields.Boolean(
        help="Ends the contract: the decision needs the checklist of the law, item by item.",
    )
    counts_as_education = fields.Boolean(help="A later penalty may refer to it as the talk that did not help.")
    note = fields.Text(translate=True, help="Printed on the notice.")
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "The code of a measure is unique.")
