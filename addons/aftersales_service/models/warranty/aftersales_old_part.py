import secrets
from urllib.parse import quote

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.board import states_in_order
from ..base.errors import coded_error
from .old_part_const import IN_HOUSE, IN_STOCK, KEEPER_GROUPS, OWNER_KINDS, STATES, VALUE_GROUPS

LABEL_PATH = '/aftersales/oldpart/'


class AftersalesOldPart(models.Model):
    """A part that came off a car: what it is, whose it is, where it lies and what became of it.

    Tagged by the technician or the keeper; every step writes an entry of its history (`aftersales.old.part.move`) and,
    while it is in our keeping, moves the goods in Odoo's stock: Old-parts place, with its owner, worth nothing.
    """

    _name = 'aftersales.old.part'
    _description = "Old Part"
    _inherit = ['aftersales.guarded.mixin', 'aftersales.gate.mixin', 'aftersales.download.mixin', 'mail.thread']
    _order = 'id desc'
    _check_company_auto = True
    _mail_post_access = 'read'
    _guarded_fields = frozenset({
        'name', 'token', 'company_id', 'warehouse_id', 'line_id', 'product_id', 'lot_id', 'description', 'quantity',
        'owner_kind', 'owner_id', 'location_id', 'keeper_id', 'tagged_at', 'tagged_by_id', 'stored_at', 'hold_until', 'state',
        'called_at', 'call_ref', 'return_before', 'shipment_id', 'box_id', 'shipped_at', 'ship_value', 'answered_at',
        'answer_note', 'rejected_means', 'charged_amount', 'handed_to', 'handed_signature', 'handed_at', 'scrapped_at',
        'scrap_reason', 'witness_id',
    })

    # Identity
    name = fields.Char("Tag", required=True, readonly=True, copy=False, default="/", index='trigram')
    token = fields.Char(required=True, readonly=True, copy=False, default=lambda self: secrets.token_urlsafe(9))
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    warehouse_id = fields.Many2one('stock.warehouse', readonly=True, required=True, check_company=True)

    # Where it comes from
    line_id = fields.Many2one(
        'aftersales.repair.line', "Repair Line", required=True, readonly=True, index=True, ondelete='restrict', check_company=True,
    )
    job_id = fields.Many2one(related='line_id.job_id', store=True, index=True)
    order_id = fields.Many2one(related='line_id.order_id', store=True, index=True)
    vehicle_id = fields.Many2one(related='order_id.vehicle_id', store=True, index=True)
    license_plate = fields.Char(related='vehicle_id.license_plate', string="Plate")
    brand_id = fields.Many2one(related='vehicle_id.brand_id', store=True, index='btree_not_null')
    claim_id = fields.Many2one(
        'aftersales.warranty.claim', "Warranty Claim", compute='_compute_claim_id', store=True, index='btree_not_null',
        ondelete='set null', compute_sudo=True,
    )
    product_id = fields.Many2one(
        'product.product', "Part", readonly=True, index=True, ondelete='restrict', check_company=True,
    )
    default_code = fields.Char(related='product_id.default_code', string="Part Number")
    lot_id = fields.Many2one('stock.lot', "Lot/Serial Number", readonly=True, ondelete='restrict', check_company=True)
    description = fields.Char(readonly=True)
    quantity = fields.Float(digits='Product Unit', readonly=True, required=True, default=1.0)
    product_uom_id = fields.Many2one(related='line_id.product_uom_id', string="Unit")

    # Whose it is
    owner_kind = fields.Selection(OWNER_KINDS, "Belongs To", required=True, readonly=True)
    owner_id = fields.Many2one('res.partner', "Owner's Name", required=True, readonly=True, index=True, ondelete='restrict')

    # Where it is
    state = fields.Selection(
        STATES, required=True, readonly=True, copy=False, index=True, default='tagged', group_expand=states_in_order)
    location_id = fields.Many2one(
        'stock.location', "Place", readonly=True, copy=False, index='btree_not_null', ondelete='restrict', check_company=True,
    )
    keeper_id = fields.Many2one('hr.employee', "Kept By", readonly=True, copy=False, index='btree_not_null', ondelete='restrict', check_company=True)
    tagged_at = fields.Datetime("Tagged", readonly=True, copy=False, index=True)
    tagged_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    stored_at = fields.Datetime("Stored", readonly=True, copy=False)
    hold_until = fields.Date(readonly=True, copy=False, index='btree_not_null', help="The owner may ask for the part until this day.")
    move_ids = fields.One2many('aftersales.old.part.move', 'old_part_id', "History", readonly=True)
    note = fields.Char()

    # Called back and sent
    called_at = fields.Datetime("Called Back", readonly=True, copy=False)
    call_ref = fields.Char("Call List", readonly=True, copy=False, index='btree_not_null')
    return_before = fields.Date(readonly=True, copy=False, index='btree_not_null')
    shipment_id = fields.Many2one(
        'aftersales.old.part.shipment', readonly=True, copy=False, index='btree_not_null', ondelete='restrict', check_company=True,
    )
    box_id = fields.Many2one('aftersales.old.part.box', "Packed In", readonly=True, copy=False, index='btree_not_null', ondelete='restrict')
    box_number = fields.Integer("Carton", related='box_id.number')
    shipped_at = fields.Datetime("Sent Off", readonly=True, copy=False, index='btree_not_null')
    ship_value = fields.Monetary(
        "Value by Book", readonly=True, copy=False, groups=VALUE_GROUPS,
        help="Cost of the part in our books on the day it was sent (R-KPI-10); the old part itself is worth nothing in stock.",
    )
    answered_at = fields.Date("Answered", readonly=True, copy=False)
    answer_note = fields.Char("Why Rejected", readonly=True, copy=False)
    rejected_means = fields.Selection(
        [('back', "Comes back"), ('charged', "Charged to us")], "Rejected Part", readonly=True, copy=False,
    )
    charged_amount = fields.Monetary(readonly=True, copy=False)

    # Ends
    handed_to = fields.Char(readonly=True, copy=False)
    handed_signature = fields.Binary("Signature", attachment=True, readonly=True, copy=False)
    handed_at = fields.Datetime("Handed Over", readonly=True, copy=False)
    shown_at = fields.Datetime(related='order_id.old_parts_shown_at', string="Shown to the Customer")
    scrapped_at = fields.Datetime("Scrapped", readonly=True, copy=False)
    scrap_reason = fields.Char(readonly=True, copy=False)
    witness_id = fields.Many2one('hr.employee', readonly=True, copy=False, ondelete='restrict', check_company=True)

    # Looked at
    may_scrap = fields.Boolean("May Be Scrapped", compute='_compute_due', search='_search_may_scrap')
    is_overdue = fields.Boolean("Overdue", compute='_compute_due', search='_search_is_overdue')
    photo_ids = fields.Many2many('ir.attachment', string="Photos", compute='_compute_photos', compute_sudo=True)
    photo_count = fields.Integer(compute='_compute_photos', compute_sudo=True)
    calendar_day = fields.Date(compute='_compute_calendar_day', store=True, index=True)

    _name_uniq = models.UniqueIndex("(company_id, name)", "This tag number exists already.")
    _token_uniq = models.UniqueIndex("(token)")
    _quantity_positive = models.Constraint('CHECK(quantity > 0)', "A tag stands for at least one piece.")
    _stock_idx = models.Index("(company_id, location_id, product_id, owner_id) WHERE location_id IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends('name', 'description')
    def _compute_display_name(self):
        for part in self:
            part.display_name = f'{part.name} · {part.description or ""}'.strip(' ·')

    @api.depends('job_id.claim_ids.cancelled_at', 'job_id.claim_ids.payer_id', 'owner_id')
    def _compute_claim_id(self):
        """The claim on the part's owner, of the job it came off in."""
        for part in self:
            part.claim_id = part.job_id.claim_ids.filtered(
                lambda claim, part=part: not claim.cancelled_at and claim.partner_id == part.owner_id)[:1]

    @api.depends('state', 'hold_until', 'return_before', 'owner_kind')
    def _compute_due(self):
        for part in self:
            today = (part.company_id or self.env.company)._aftersales_today()
            part.may_scrap = part.state == 'stored' and not (part.hold_until and part.hold_until >= today)
            part.is_overdue = part.state == 'to_return' and bool(part.return_before) and part.return_before < today

    def _search_may_scrap(self, operator, value):
        if operator != 'in':
            return NotImplemented
        today = self.env.company._aftersales_today()
        may = Domain('state', '=', 'stored') & (Domain('hold_until', '=', False) | Domain('hold_until', '<', today))
        return may if True in value else ~may

    def _search_is_overdue(self, operator, value):
        if operator != 'in':
            return NotImplemented
        late = Domain('state', '=', 'to_return') & Domain('return_before', '<', self.env.company._aftersales_today())
        return late if True in value else ~late

    def _compute_photos(self):
        found = self.env['ir.attachment'].search([
            ('res_model', '=', self._name), ('res_id', 'in', self.ids), ('mimetype', '=like', 'image/%'),
        ], order='id').grouped('res_id')
        for part in self:
            part.photo_ids = found.get(part._origin.id, self.env['ir.attachment'])
            part.photo_count = len(part.photo_ids)

    @api.depends('state', 'return_before', 'hold_until')
    def _compute_calendar_day(self):
        """The day that matters: back until, while called back; else the end of the hold."""
        for part in self:
            part.calendar_day = (
                part.return_before if part.state == 'to_return' and part.return_before
                else part.hold_until if part.state in IN_HOUSE else False
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('WAR-60', self.env._(
                "An old part is tagged from the repair line it came off: use “Tag Old Part” on the order, or the desk."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('WAR-74', self.env._(
            "Old parts and their history stay. Void the tag with a reason when it was a mistake."))

    # === ACTION METHODS === #

    def action_print_labels(self):
        """Print a sheet of labels for the chosen old parts."""
        return self.env.ref('aftersales_service.action_report_old_part_labels').report_action(self)

    def action_print_scrap_record(self):
        """Print the record of what was scrapped: which parts, why, by whom, who saw it.

        :raise UserError: WAR-63 none of them was scrapped
        """
        self._scrapped_parts()
        return self.env.ref('aftersales_service.action_report_old_part_scrap').report_action(self)

    def _scrapped_parts(self):
        """Return the parts among these that were scrapped, by the day of it.

        :raise UserError: WAR-63
        """
        scrapped = self.filtered(lambda part: part.state == 'scrapped').sorted(lambda part: (part.scrapped_at, part.id))
        if not scrapped:
            raise coded_error('WAR-63', self.env._("None of these old parts was scrapped: there is nothing to record."))
        return scrapped

    def action_view_order(self):
        self.ensure_one()
        return self.order_id._get_records_action()

    def action_view_stock_moves(self):
        """Open Odoo's stock moves of this part."""
        self.ensure_one()
        return self.sudo().move_ids.stock_move_id.with_env(self.env)._get_records_action(name=self.env._("Stock Moves"))

    # === BUSINESS METHODS: READING === #

    @api.model
    def _find_code(self, code):
        """Return the old part of a scanned label or a typed tag number, in the user's companies.

        :rtype: recordset of aftersales.old.part
        """
        code = (code or '').strip()
        if LABEL_PATH in code:
            code = code.rsplit(LABEL_PATH, 1)[1].split('?')[0]
        if not code:
            return self.browse()
        return self.search([
            ('company_id', 'in', self.env.companies.ids), '|', ('token', '=', code), ('name', 'in', (code, code.upper())),
        ], limit=1)

    def _label_address(self):
        """Return what the QR says: a plain address that a phone's own camera opens."""
        self.ensure_one()
        return f'{self.get_base_url()}{LABEL_PATH}{self.token}'

    def _label_address_quoted(self):
        return quote(self._label_address(), safe='')

    def _is_stocked(self):
        """Tell whether Odoo keeps the part in stock: services and consumables have no quant."""
        self.ensure_one()
        return self.product_id.is_storable

    def _stock_qty(self):
        """Return the pieces in the product's own unit."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(self.quantity, self.product_id.uom_id, rounding_method='HALF-UP')

    @api.model
    def _ensure_keeper(self):
        """:raise UserError: WAR-62"""
        if not self.env.su and not self.env.user.has_groups(KEEPER_GROUPS):
            raise coded_error('WAR-62', self.env._("Old parts are kept by the parts room and the warranty desk. Ask them."))

    def _ensure_state(self, states, verb):
        """Lock the parts, so that two people cannot do two things with one, and compare their state.

        :param states: codes the step may start from.
        :param str verb: translated: what was asked for.
        :raise UserError: WAR-63
        """
        self._lock()
        labels = dict(self._fields['state']._description_selection(self.env))
        for part in self.sudo():
            if part.state not in states:
                raise coded_error('WAR-63', self.env._(
                    "%(tag)s is “%(state)s”: it cannot be %(verb)s. Refresh the screen, perhaps somebody was faster.",
                    tag=part.name, state=labels[part.state], verb=verb,
                ))

    def _lock(self):
        """Take the rows, waiting for whoever holds them; what he changed makes this transaction start again."""
        if self:
            self.flush_recordset()
            self.env.cr.execute(
                "SELECT id FROM aftersales_old_part WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", [tuple(self.ids)])
        return self

    def _acting_keeper_sudo(self):
        """Return the hr.employee of the user; sudo: personnel files are not readable, only the person is recorded."""
        return self.env['hr.employee'].sudo().search([
            ('user_id', '=', self.env.uid), ('company_id', 'in', self.company_id.ids or self.env.company.ids)], limit=1)

    def _in_stock(self):
        return self.filtered(lambda part: part.state in IN_STOCK)
