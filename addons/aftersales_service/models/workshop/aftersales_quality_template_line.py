from odoo import fields, models


class AftersalesQualityTemplateLine(models.Model):
    """One item of an inspection list: a tick, or a measure with its limits of use."""

    _name = 'aftersales.quality.template.line'
    _description = "Inspection List Item"
    _order = 'template_id, sequence, id'

    template_id = fields.Many2one('aftersales.quality.template', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='template_id.company_id', store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    is_measure = fields.Boolean("Measured", help="A number is entered, not only a tick.")
    unit = fields.Char(help="Unit of the measure, such as mm or bar.")
    has_min = fields.Boolean("Has Minimum")
    limit_min = fields.Float("Minimum", digits=(16, 3), help="At or below: the part has reached its limit of use.")
    has_max = fields.Boolean("Has Maximum")
    limit_max = fields.Float("Maximum", digits=(16, 3), help="At or above: the part has reached its limit of use.")
    is_safety = fields.Boolean("Safety", help="A limit reached is proposed to the customer as a safety item.")
