import logging

from odoo import api, fields, models

from ..base.const import MACHINE_MADE
from ..base.errors import coded_error
from .old_part_const import IN_STOCK, VALUE_GROUPS

_logger = logging.getLogger(__name__)


class AftersalesOldPartShipment(models.Model):
    """Old parts sent back to a manufacturer or an insurer: boxes, carrier, what he answered for each part (R-WAR-07)."""

    _name = 'aftersales.old.part.shipment'
    _description = "Return Shipment of Old Parts"
    _inherit = ['aftersales.guarded.mixin', 'aftersales.download.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'id desc'
    _check_company_auto = True
    _mail_post_access = 'read'
    _guarded_fields = frozenset({
        'name', 'company_id', 'state', 'shipped_at', 'shipped_by_id', 'received_on', 'cancelled_at', 'value_total',
    })

    # Identity
    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/", index='trigram')
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    partner_id = fields.Many2one('res.partner', "To", required=True, index=True, ondelete='restrict', help="Manufacturer or insurer who owns the parts.")
    warehouse_id = fields.Many2one(
        'stock.warehouse', required=True, check_company=True,
        default=lambda self: self.env['stock.warehouse'].sudo().search([('company_id', '=', self.env.company.id)], limit=1),
    )
    state = fields.Selection(
        [('draft', "Packing"), ('shipped', "Sent Off"), ('answered', "Answered"), ('cancelled', "Cancelled")],
        required=True, readonly=True, copy=False, default='draft', index=True,
    )

    # Journey
    call_ref = fields.Char("Call List")
    return_before = fields.Date("Send Before")
    planned_on = fields.Date("Planned For")
    carrier_id = fields.Many2one('res.partner', ondelete='restrict')
    tracking_number = fields.Char("Waybill Number", copy=False)
    contact = fields.Char("Recipient", help="Name, phone and address where the parts are received, when it is not the partner's own.")
    shipped_at = fields.Datetime("Sent Off", readonly=True, copy=False, index=True)
    shipped_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    received_on = fields.Date("Received There", readonly=True, copy=False)
    cancelled_at = fields.Datetime(readonly=True, copy=False)
    note = fields.Text()

    # Contents
    box_ids = fields.One2many('aftersales.old.part.box', 'shipment_id', "Cartons", copy=False)
    part_ids = fields.One2many('aftersales.old.part', 'shipment_id', "Old Parts", readonly=True)
    move_ids = fields.One2many('aftersales.old.part.move', 'shipment_id', "History", readonly=True)
    part_count = fields.Integer("Tags", compute='_compute_counts')
    box_count = fields.Integer("Box Count", compute='_compute_counts')
    open_count = fields.Integer("Without Answer", compute='_compute_counts')
    accepted_count = fields.Integer("Accepted", compute='_compute_counts')
    rejected_count = fields.Integer("Rejected", compute='_compute_counts')
    value_total = fields.Monetary(
        "Value by Book", readonly=True, copy=False, groups=VALUE_GROUPS, help="Cost of the parts in our books on the day of sending (R-KPI-10).",
    )

    # === COMPUTE METHODS === #

    @api.depends('state', 'part_ids.state', 'box_ids', 'move_ids')
    def _compute_counts(self):
        """While packing, what is in the boxes; once sent, what the history says was sent and answered."""
        rows = {}
        for shipment, kind, count in self.env['aftersales.old.part.move']._read_group(
            [('shipment_id', 'in', self.ids)], ['shipment_id', 'kind'], ['__count'],
        ):
            rows[shipment.id, kind] = count
        packed = dict(self.env['aftersales.old.part']._read_group([('shipment_id', 'in', self.ids)], ['shipment_id'], ['__count']))
        for shipment in self:
            sent, accepted, rejected = (rows.get((shipment._origin.id, kind), 0) for kind in ('ship', 'accept', 'reject'))
            shipment.part_count = sent or packed.get(shipment._origin, 0)
            shipment.accepted_count, shipment.rejected_count = accepted, rejected
            shipment.open_count = sent - accepted - rejected
            shipment.box_count = len(shipment.box_ids)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env['res.company'].browse(vals.get('company_id') or self.env.company.id)
            vals['company_id'] = company.id
            vals['name'] = self.env['ir.sequence'].sudo().with_company(company).next_by_code(self._name) or '/'
        return super(AftersalesOldPartShipment, self._guarded()).create(vals_list)._unguarded()

    def write(self, vals):
        journey = {'partner_id', 'warehouse_id', 'carrier_id', 'tracking_number', 'contact', 'box_ids'} & vals.keys()
        if not self._is_guarded():
            for shipment in self:
                if shipment.state != 'draft' and journey - {'tracking_number'}:
                    raise shipment._state_error(self.env._("changed"))
                if 'partner_id' in vals and shipment.sudo().part_ids and shipment.partner_id.id != vals['partner_id']:
                    raise coded_error('WAR-76', self.env._(
                        "%(shipment)s holds parts of %(partner)s: take them out before it goes to somebody else.",
                        shipment=shipment.name, partner=shipment.partner_id.display_name))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for shipment in self:
            if shipment.state != 'draft' or shipment.sudo().part_ids:
                raise shipment._state_error(self.env._("deleted; cancel it"))

    def _state_error(self, verb):
        labels = dict(self._fields['state']._description_selection(self.env))
        return coded_error('WAR-77', self.env._(
            "%(shipment)s is “%(state)s”: it cannot be %(verb)s.", shipment=self.name, state=labels[self.state], verb=verb))

    # === ACTION METHODS === #

    def action_ship(self):
        """Send it (button of form and desk)."""
        self._ship()
        return True

    def action_cancel(self):
        self._cancel()
        return True

    def action_print_packing_list(self):
        return self.env.ref('aftersales_service.action_report_old_part_packing').report_action(self)

    def action_download_packing_list(self):
        return self.action_download('packing')

    def action_pick(self):
        """Put on the shipment all that its partner called back and nobody has packed yet."""
        self.ensure_one()
        self._pick()
        return True

    def action_answer(self):
        """Open the dialog in which the recipient's answer is recorded, part by part."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Answer of the Recipient"),
            'res_model': 'aftersales.old.part.answer.wizard', 'view_mode': 'form', 'target': 'new',
            'context': {'default_shipment_id': self.id},
        }

    def action_view_parts(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_old_part_action')
        return {**action, 'domain': [('shipment_id', '=', self.id)], 'context': {}}

    # === BUSINESS METHODS: PACKING === #

    def _lock(self):
        """Make whoever else packs or sends this shipment wait and start again: written, so that he sees what was packed."""
        self.flush_recordset()
        self.env.cr.execute(
            "UPDATE aftersales_old_part_shipment SET write_date = write_date WHERE id IN %s", [tuple(self.ids)])
        return self

    def _ensure_packing(self, verb):
        """:raise UserError: WAR-62 role, WAR-77"""
        self.ensure_one()
        self.env['aftersales.old.part']._ensure_keeper()
        self.check_access('write')
        self._lock()
        if self.state != 'draft':
            raise self._state_error(verb)

    def _ensure_draft(self):
        """:raise UserError: WAR-77"""
        for shipment in self:
            if shipment.state != 'draft':
                raise shipment._state_error(self.env._("changed"))

    def _add(self, parts, box=None):
        """Pack parts.

        :param box: aftersales.old.part.box of this shipment; the last one unless given, the first is made.
        :raise UserError: WAR-62, WAR-63 not on a shelf, WAR-76 somebody else's or in another shipment, WAR-77
        """
        self._ensure_packing(self.env._("packed"))
        parts._ensure_state(IN_STOCK, self.env._("packed"))
        parts = parts.sudo()
        parts._ensure_returnable()
        for part in parts:
            if part.shipment_id.state == 'draft' and part.shipment_id != self:
                raise coded_error('WAR-76', self.env._(
                    "%(tag)s is packed in %(shipment)s already.", tag=part.name, shipment=part.shipment_id.name))
            if part.owner_id != self.partner_id or part.company_id != self.company_id or part.warehouse_id != self.warehouse_id:
                raise coded_error('WAR-76', self.env._(
                    "%(tag)s belongs to %(owner)s and does not go to %(partner)s with %(shipment)s.",
                    tag=part.name, owner=part.owner_id.display_name, partner=self.partner_id.display_name, shipment=self.name))
        box = box or self.box_ids[-1:] or self._new_box()
        if box.shipment_id != self:
            raise coded_error('WAR-76', self.env._("The box belongs to another shipment."))
        parts._guarded().write({'shipment_id': self.id, 'box_id': box.id})
        stored = parts.filtered(lambda part: part.state == 'stored')
        if stored:
            stored._guarded().write({'called_at': fields.Datetime.now(), 'call_ref': self.call_ref or self.name})
            stored._post_sudo('call', shipment=self, note=self.name)
        return True

    def _contents(self):
        """Return what is packed or was sent, in the order of the boxes.

        :return: list of (box number, aftersales.old.part)
        :rtype: list[tuple]
        """
        self.ensure_one()
        if self.state in ('draft', 'cancelled'):
            rows = [(part.box_id.number, part) for part in self.part_ids]
        else:
            rows = [(move.box_number, move.old_part_id) for move in self.move_ids if move.kind == 'ship']
        return sorted(rows, key=lambda row: (row[0], row[1].id))

    def _new_box(self):
        """Begin another box; sudo is not needed: who packs may write the shipment."""
        self.ensure_one()
        return self.env['aftersales.old.part.box'].create({'shipment_id': self.id})

    def _remove(self, parts):
        """Take parts out again; they stay called back."""
        self._ensure_packing(self.env._("unpacked"))
        parts._lock()
        parts = parts.sudo().filtered(lambda part: part.shipment_id == self)
        parts._guarded().write({'shipment_id': False, 'box_id': False})
        return True

    def _pick(self):
        """Pack everything this partner called back, oldest day first; returns the parts."""
        self._ensure_packing(self.env._("packed"))
        parts = self.env['aftersales.old.part'].search([
            ('company_id', '=', self.company_id.id), ('warehouse_id', '=', self.warehouse_id.id),
            ('owner_id', '=', self.partner_id.id), ('state', '=', 'to_return'), ('shipment_id', '=', False),
            *([('call_ref', '=', self.call_ref)] if self.call_ref else []),
        ], order='return_before, id')
        if parts:
            self._add(parts)
        return parts

    # === BUSINESS METHODS: SENDING === #

    def _ship(self):
        """Send the shipment: goods leave the Old-parts place, each part's value by book is kept (R-WAR-08).

        :raise UserError: WAR-62, WAR-63, WAR-77 not being packed, or empty
        """
        self._ensure_packing(self.env._("shipped"))
        parts = self.part_ids.sudo()
        if not parts:
            raise coded_error('WAR-77', self.env._("%(shipment)s is empty: scan the parts into a box first.", shipment=self.name))
        parts.with_env(self.env)._ensure_state(IN_STOCK, self.env._("shipped"))
        empty = self.box_ids - parts.box_id
        empty.unlink()
        moves = parts._move_goods_sudo('recipient')
        now, total = fields.Datetime.now(), 0.0
        costs = {
            product.id: product.standard_price
            for product in self.env['product.product'].sudo().with_company(self.company_id).browse(parts.product_id.ids)
        }
        groups = {}
        for part in parts:
            value = self.currency_id.round(costs.get(part.product_id.id, 0.0) * part._stock_qty())
            groups.setdefault(value, []).append(part.id)
            total += value
        for value, ids in groups.items():
            parts.browse(ids)._guarded().with_context(**MACHINE_MADE).write({
                'shipped_at': now, 'ship_value': value, 'answered_at': False, 'answer_note': False, 'rejected_means': False,
                'charged_amount': 0.0,
            })
        parts.with_user(self.env.user).sudo()._post_sudo('ship', shipment=self, note=self.tracking_number, stock_moves=moves)
        self.sudo()._guarded().write({
            'state': 'shipped', 'shipped_at': now, 'shipped_by_id': self.env.uid, 'value_total': total,
        })
        _logger.info("old parts shipped: %s, %d parts", self.id, len(parts))
        return True

    def _cancel(self):
        """Give the shipment up; its parts stay on their shelf, called back as before.

        :raise UserError: WAR-62, WAR-77
        """
        self._ensure_packing(self.env._("cancelled"))
        self.part_ids.sudo()._guarded().write({'shipment_id': False, 'box_id': False})
        self.sudo()._guarded().write({'state': 'cancelled', 'cancelled_at': fields.Datetime.now()})
        return True

    # === BUSINESS METHODS: ANSWER === #

    def _receive_answer(self, answers, received_on=None):
        """Record what the recipient says of each part; parts left out stay without an answer.

        :param dict answers: `{old part: {'accepted': bool, 'note': str, 'means': 'back'|'charged', 'amount': float}}`;
            a rejected part needs its note, and how it ends: it comes back, or its price is charged to us.
        :param date received_on: when the parts arrived there.
        :raise UserError: WAR-62, WAR-77 not shipped, WAR-78 not of this shipment, answered already, no reason
        """
        self.ensure_one()
        Part = self.env['aftersales.old.part']
        Part._ensure_keeper()
        self.check_access('write')
        self._lock()
        if self.state not in ('shipped', 'answered'):
            raise self._state_error(self.env._("answered"))
        parts = Part.browse([part.id for part in answers])._lock().sudo()
        today = self.company_id._aftersales_today()
        by_id = {part.id: answer for part, answer in answers.items()}
        accepted = Part.sudo()
        for part in parts:
            answer = by_id[part.id]
            if part.shipment_id != self or part.state != 'shipped':
                raise coded_error('WAR-78', self.env._(
                    "%(tag)s does not wait for an answer in %(shipment)s.", tag=part.name, shipment=self.name))
            if answer.get('accepted'):
                accepted |= part
                continue
            note, means = (answer.get('note') or '').strip(), answer.get('means')
            if not note or means not in ('back', 'charged'):
                raise coded_error('WAR-78', self.env._(
                    "%(tag)s: say why it was rejected, and whether it comes back or is charged to us.", tag=part.name))
            part._guarded().write({
                'answered_at': today, 'answer_note': note, 'rejected_means': means,
                'charged_amount': answer.get('amount') or 0.0 if means == 'charged' else 0.0,
            })
            part._post_sudo('reject', shipment=self, note=note)
        if accepted:
            accepted._guarded().write({'answered_at': today})
            accepted._post_sudo('accept', shipment=self)
        if received_on or not self.received_on:
            self.sudo()._guarded().write({'received_on': received_on or today})
        self.invalidate_recordset(['open_count'])
        self.sudo()._guarded().write({'state': 'shipped' if self.open_count else 'answered'})
        return True
