from odoo import fields, models

from .aftersales_check_in_photo import ZONES


class AftersalesCheckInTemplateLine(models.Model):
    """One item to look at, and what is recommended when it is due."""

    _name = 'aftersales.check.in.template.line'
    _description = "Check-In Template Item"
    _order = 'template_id, sequence, id'

    template_id = fields.Many2one(
        comodel_name='aftersales.check.in.template', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='template_id.company_id', store=True, index='btree_not_null')
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Item", required=True, translate=True)
    zone = fields.Selection(selection=ZONES)
    is_safety = fields.Boolean(string="Safety")
    labour_item_id = fields.Many2one(comodel_name='aftersales.labour.item', string="Recommended Labour")
    package_id = fields.Many2one(comodel_name='aftersales.package', string="Recommended Package")

    def _prepare_check_line_vals(self):
        """Values of the line this item puts on a sheet."""
        self.ensure_one()
        return {
            'template_line_id': self.id,
            'sequence': self.sequence,
            'name': self.name,
            'zone': self.zone,
            'is_safety': self.is_safety,
            'labour_item_id': self.labour_item_id.id,
            'package_id': self.package_id.id,
        }
