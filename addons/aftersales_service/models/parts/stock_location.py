from odoo import fields, models

from ..base.errors import coded_error
from .guard import is_open

ROLES = [('workshop', "Workshop"), ('old_parts', "Old Parts"), ('hold', "Hold")]


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
        "Hold: doubtful goods, not offered to orders.",
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
