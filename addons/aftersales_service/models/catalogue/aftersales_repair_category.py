from odoo import fields, models

from ..base.const import PROFILES


class AftersalesRepairCategory(models.Model):
    """What kind of work an order is, such as first maintenance, small repair, body, pre-delivery inspection."""

    _name = 'aftersales.repair.category'
    _description = "Repair category"
    _order = 'sequence, id'
    _rec_names_search = ['name', 'code']

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    same_day = fields.Boolean(help="Finished on the day the car comes in.")
    is_maintenance = fields.Boolean(
        string="Maintenance", help="Scheduled work: sets the next service date and mileage.",
    )
    profile_code = fields.Selection(
        [choice for choice in PROFILES if choice[0] != 'company'], string="Usual profile",
        help="Profile proposed for orders of this category.",
    )
    company_id = fields.Many2one('res.company', help="Empty: every company uses it.")
    labour_item_count = fields.Integer(compute='_compute_labour_item_count')

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "This code is taken by another category.",
    )

    # === COMPUTE METHODS === #

    def _compute_labour_item_count(self):
        counts = dict(self.env['aftersales.labour.item']._read_group(
            [('category_id', 'in', self.ids)], ['category_id'], ['__count'],
        ))
        for category in self:
            category.labour_item_count = counts.get(category, 0)

    # === ACTION METHODS === #

    def action_view_labour_items(self):
        """Open the labour items of this category."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_labour_item_action')
        action['domain'] = [('category_id', '=', self.id)]
        action['context'] = {'default_category_id': self.id}
        return action
