from odoo import fields, models

from ..base.errors import coded_error
from .guard import is_open

# What the gates of issue and return hang on, and how a reinstallation finds the pair again.
KEPT = {
    'aftersales_kind',
    'code',
    'sequence_code',
    'warehouse_id',
    'company_id',
    'return_picking_type_id',
    'default_location_src_id',
    'default_location_dest_id',
    'create_backorder',
}


class StockPickingType(models.Model):
    _inherit = 'stock.picking.type'

    aftersales_kind = fields.Selection(
        [
            ('issue', "Issue to Repair Order"),
            ('return', "Return from Repair Order"),
            ('consume', "Consumables to a Team"),
        ],
        "After-Sales Kind",
        readonly=True,
        copy=False,
        index='btree_not_null',
    )

    # === CRUD METHODS === #

    def write(self, vals):
        names = KEPT & vals.keys()
        if names and not is_open(self):
            for picking_type in self.filtered('aftersales_kind'):
                if any(
                    picking_type._fields[name].convert_to_write(picking_type[name], picking_type) != vals[name]
                    for name in names
                ):
                    raise coded_error(
                        'PAR-61',
                        self.env._(
                            "%(type)s is kept by the after-sales set-up: issues and returns hang on it. Archive it if the "
                            "warehouse serves no repair orders.",
                            type=picking_type.display_name,
                        ),
                    )
        return super().write(vals)
