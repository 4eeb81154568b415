from odoo import fields, models

from ..base.errors import coded_error
from .guard import is_open

ROLES = [('workshop', "Workshop"), ('old_parts', "Old Parts"), ('hold', "Hold"), ('consumption', "Consumables")]


class StockLocation(models.Model):
    _inherit = 'stock.location'

    aftersales_role = fields.Selection(
        ROLES,
        "After-Sales Place",
        readonly=True,
        copy=False,
        index='btree_not_null',
        help="Workshop: parts issued to repair orders, valued on the work-in-progress account. "
        "Old parts: what came off the cars, always with an owner and without value. "
        "Hold: doubtful goods, not offered to orders. Consumables: what teams use up without an order.",
    )

    aftersales_hazardous_allowed = fields.Boolean(
        "Hazardous Goods Allowed",
        help="Oils, batteries, airbags, refrigerants may lie here and in the places below. As soon as one place is "
        "marked, hazardous parts are put away there and nowhere else.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        facts = {'aftersales_role', 'usage', 'valuation_account_id', 'company_id'} & vals.keys()
        if facts and not is_open(self):
            for location in self.filtered('aftersales_role'):
                if any(
                    location._fields[name].convert_to_write(location[name], location) != vals[name] for name in facts
                ):
                    raise coded_error(
                        'PAR-01',
                        self.env._(
                            "%(location)s is kept by the after-sales set-up: its type and its account follow the company's "
                            "work-in-progress account. Change that account in the after-sales settings instead.",
                            location=location.display_name,
                        ),
                    )
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _aftersales_takes_hazardous(self):
        """Tell whether hazardous goods may lie here: allowed on the place itself or on one above it."""
        self.ensure_one()
        # sudo: a view location above may belong to nobody's list.
        ids = [int(part) for part in (self.parent_path or '').split('/') if part]
        return any(self.sudo().browse(ids).mapped('aftersales_hazardous_allowed'))

    def _get_putaway_strategy(self, product, quantity=0, package=None, packaging=None, additional_qty=None):
        """Send hazardous parts to the first place that takes them, when Odoo's own rules name none (R-PART-14)."""
        place = super()._get_putaway_strategy(product, quantity, package, packaging, additional_qty)
        if product.aftersales_hazardous and place.usage == 'internal' and not place._aftersales_takes_hazardous():
            allowed = self.sudo().search(
                [
                    ('id', 'child_of', self.ids),
                    ('aftersales_hazardous_allowed', '=', True),
                    ('usage', '=', 'internal'),
                    ('aftersales_role', '=', False),
                ],
                limit=1,
            )
            return allowed.with_env(self.env) or place
        return place
