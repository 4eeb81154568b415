from odoo import fields, models


class AftersalesConductLadderStep(models.Model):
    """One step of a ladder."""

    _name = 'aftersales.conduct.ladder.step'
    _description = "Step of a ladder"
    _order = 'sequence, id'

    ladder_id = fields.Many2one('aftersales.conduct.ladder', required=True, ondelete='cascade', index=True)
    sequence = fields.Integer(default=10)
    currency_id = fields.Many2one(related='ladder_id.currency_id')
    amount = fields.Monetary(required=True)
    note = fields.Char(translate=True, help="What a manager may look at besides the amount.")
