from odoo import api, fields, models

from ..base.errors import coded_error
from .guard import is_open, opened

# Own sequence codes: the pair is found again by them after a reinstallation, when no column remembers it.
ISSUE_CODE = 'ASI'
RETURN_CODE = 'ASR'
CONSUME_CODE = 'ASC'
PLACES = (
    'aftersales_workshop_location_id',
    'aftersales_old_parts_location_id',
    'aftersales_hold_location_id',
    'aftersales_issue_type_id',
    'aftersales_return_type_id',
    'aftersales_consumption_location_id',
    'aftersales_consume_type_id',
)


class StockWarehouse(models.Model):
    _inherit = 'stock.warehouse'

    aftersales_workshop_location_id = fields.Many2one(
        'stock.location',
        "Workshop",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete='restrict',
    )
    aftersales_old_parts_location_id = fields.Many2one(
        'stock.location',
        "Old Parts",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete='restrict',
    )
    aftersales_hold_location_id = fields.Many2one(
        'stock.location',
        "Hold",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete='restrict',
    )
    aftersales_issue_type_id = fields.Many2one(
        'stock.picking.type',
        "Issue to Repair Orders",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete='restrict',
    )
    aftersales_return_type_id = fields.Many2one(
        'stock.picking.type',
        "Returns from Repair Orders",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete='restrict',
    )

    aftersales_consumption_location_id = fields.Many2one(
        'stock.location',
        "Consumables",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete='restrict',
    )
    aftersales_consume_type_id = fields.Many2one(
        'stock.picking.type',
        "Consumables to Teams",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete='restrict',
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        warehouses._aftersales_prepare_warehouse()
        return warehouses

    def write(self, vals):
        names = [name for name in vals if name in PLACES]
        if (
            names
            and not is_open(self)
            and any(warehouse[name].id != vals[name] for warehouse in self for name in names)
        ):
            raise coded_error(
                'PAR-61',
                self.env._(
                    "Workshop, old parts, hold and their transfers of %(warehouse)s are kept by the after-sales set-up check.",
                    warehouse=self[:1].name,
                ),
            )
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _aftersales_prepare_warehouse(self):
        """Give each warehouse its places and its two operation types; finds what an earlier installation left."""
        for warehouse in self:
            warehouse = warehouse.sudo().with_company(warehouse.company_id)
            workshop = warehouse._aftersales_location('workshop')
            old_parts = warehouse._aftersales_location('old_parts')
            hold = warehouse._aftersales_location('hold')
            consumption = warehouse._aftersales_location('consumption')
            # A reinstallation has forgotten the columns, never the rows.
            returns = warehouse._aftersales_picking_type(
                RETURN_CODE,
                'return',
                {
                    'name': self.env._("Parts Returns"),
                    'default_location_src_id': workshop.id,
                    'default_location_dest_id': warehouse.lot_stock_id.id,
                },
            )
            issues = warehouse._aftersales_picking_type(
                ISSUE_CODE,
                'issue',
                {
                    'name': self.env._("Parts Issues"),
                    'default_location_src_id': warehouse.lot_stock_id.id,
                    'default_location_dest_id': workshop.id,
                },
            )
            consume = warehouse._aftersales_picking_type(
                CONSUME_CODE,
                'consume',
                {
                    'name': self.env._("Consumables to Teams"),
                    'default_location_src_id': warehouse.lot_stock_id.id,
                    'default_location_dest_id': consumption.id,
                },
            )
            if issues.return_picking_type_id != returns:
                opened(issues).return_picking_type_id = returns
            values = {
                'aftersales_workshop_location_id': workshop.id,
                'aftersales_old_parts_location_id': old_parts.id,
                'aftersales_hold_location_id': hold.id,
                'aftersales_issue_type_id': issues.id,
                'aftersales_return_type_id': returns.id,
                'aftersales_consumption_location_id': consumption.id,
                'aftersales_consume_type_id': consume.id,
            }
            if any(warehouse[name].id != value for name, value in values.items()):
                opened(warehouse).write(values)
        self._aftersales_sync_accounts()

    def _aftersales_sync_accounts(self):
        """Value the workshops by their company's work-in-progress account (none in periodic mode)."""
        for warehouse in self.sudo():
            workshop = warehouse.aftersales_workshop_location_id
            account = warehouse.company_id._aftersales_wip_account()
            if workshop and workshop.valuation_account_id != account:
                opened(workshop).valuation_account_id = account
            # Consumables are cost at once; without perpetual books the closing finds them.
            place = warehouse.aftersales_consumption_location_id
            cost = account and warehouse.company_id._aftersales_consumables_account()
            if place and place.valuation_account_id != cost:
                opened(place).valuation_account_id = cost

    def _aftersales_retire_warehouse(self):
        """Archive places and operation types; they keep their history and are found again by a reinstallation."""
        for warehouse in self.sudo():
            types = (
                warehouse.aftersales_issue_type_id
                | warehouse.aftersales_return_type_id
                | warehouse.aftersales_consume_type_id
            )
            types.filtered('active').active = False
            places = (
                warehouse.aftersales_workshop_location_id
                | warehouse.aftersales_old_parts_location_id
                | warehouse.aftersales_hold_location_id
                | warehouse.aftersales_consumption_location_id
            )
            for place in opened(places.filtered('active')):
                # Goods still lie there: the place stays visible to the ERP that remains.
                if place.usage != 'internal' or not place.quant_ids.filtered('quantity'):
                    place.active = False

    def _aftersales_location(self, role):
        self.ensure_one()
        Location = opened(self.env['stock.location'].with_context(active_test=False))
        barcode = f'AS-{role.upper().replace("_", "-")}-{self.id}'
        location = self[f'aftersales_{role}_location_id'] or Location.search(
            [
                ('barcode', '=', barcode),
                ('company_id', '=', self.company_id.id),
            ],
            limit=1,
        )
        # Outside the warehouse tree: neither the workshop nor old parts count as stock, nothing reserves them.
        values = {
            'workshop': {
                'name': self.env._("%(code)s Workshop", code=self.code),
                'usage': 'production',
                'location_id': False,
            },
            'consumption': {
                'name': self.env._("%(code)s Consumables", code=self.code),
                'usage': 'production',
                'location_id': False,
            },
            'old_parts': {
                'name': self.env._("%(code)s Old Parts", code=self.code),
                'usage': 'internal',
                'location_id': False,
            },
            'hold': {'name': self.env._("Hold"), 'usage': 'internal', 'location_id': self.view_location_id.id},
        }[role]
        if not location:
            return Location.create(
                {**values, 'barcode': barcode, 'company_id': self.company_id.id, 'aftersales_role': role}
            )
        if not location.active or location.aftersales_role != role:
            opened(location).write({'active': True, 'aftersales_role': role})
        return location

    def _aftersales_picking_type(self, code, kind, values):
        self.ensure_one()
        Type = self.env['stock.picking.type'].with_context(active_test=False)
        picking_type = Type.search([('warehouse_id', '=', self.id), ('sequence_code', '=', code)], limit=1)
        if picking_type:
            revived = {
                name: value
                for name, value in {'active': True, 'aftersales_kind': kind}.items()
                if picking_type[name] != value
            }
            for name in ('default_location_src_id', 'default_location_dest_id'):
                if picking_type[name].id != values[name]:
                    revived[name] = values[name]
            if revived:
                opened(picking_type).write(revived)
            return picking_type
        return Type.create(
            {
                **values,
                # Never `outgoing`: those text the customer when an SMS module is installed.
                'code': 'internal',
                'sequence_code': code,
                'warehouse_id': self.id,
                'company_id': self.company_id.id,
                'create_backorder': 'always',
                'reservation_method': 'at_confirm',
                'use_create_lots': False,
                'use_existing_lots': True,
                'aftersales_kind': kind,
            }
        )
