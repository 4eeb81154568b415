from odoo import fields, models


class AftersalesLabourItemTime(models.Model):
    """Book time of a labour item for one group of models."""

    _name = 'aftersales.labour.item.time'
    _description = "Book time by model group"
    _order = 'labour_item_id, model_group_id'
    _rec_name = 'model_group_id'

    labour_item_id = fields.Many2one('aftersales.labour.item', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='labour_item_id.company_id', store=True)
    model_group_id = fields.Many2one('aftersales.vehicle.model.group', required=True, ondelete='restrict', index=True)
    hours = fields.Float(digits=(8, 2), required=True)

    _item_group_uniq = models.UniqueIndex(
        "(labour_item_id, model_group_id)", "This model group has a time for the labour item already.",
    )
    _hours_positive = models.Constraint('CHECK(hours >= 0)', "Book time cannot be negative.")
