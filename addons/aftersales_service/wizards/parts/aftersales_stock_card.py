from odoo import api, fields, models
from odoo.fields import Command, Domain

from ...models.base.errors import coded_error
from ...models.parts.aftersales_stock_statement_line import COST_GROUPS
from ...reports.base.workbook import Column, workbook

KINDS = [
    ('purchase', "Purchase"),
    ('order_return', "Back from order"),
    ('other_in', "Other receipt"),
    ('order_issue', "Issue to order"),
    ('counter', "Counter sale"),
    ('consumable', "Consumables"),
    ('scrap', "Scrap"),
    ('vendor_return', "Back to vendor"),
    ('other_out', "Other issue"),
    ('gain', "Count surplus"),
    ('loss', "Count shortage"),
    ('transfer', "Between places"),
    ('price', "Change of cost"),
]
# Who may read movements; others see stock on the order line only.
READERS = ('parts_keeper', 'accountant', 'general_manager', 'service_manager')


class AftersalesStockCard(models.TransientModel):
    """The card of a part (明细账): every movement with date, document, order, in, out and what is left after it."""

    _name = 'aftersales.stock.card'
    _description = "Stock card"
    _inherit = ['aftersales.download.mixin']
    _rec_name = 'product_id'
    _check_company_auto = True

    company_id = fields.Many2one('res.company', required=True, readonly=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    product_id = fields.Many2one(
        'product.product', "Part", required=True, domain="[('is_storable', '=', True)]",
    )
    uom_id = fields.Many2one(related='product_id.uom_id')
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("Until", required=True)
    warehouse_id = fields.Many2one('stock.warehouse', check_company=True)
    location_id = fields.Many2one(
        'stock.location', "Place", check_company=True, domain="[('usage', 'in', ('internal', 'transit'))]",
        help="With the places below it.",
    )
    opening_qty = fields.Float("Opening", digits='Product Unit', readonly=True)
    opening_value = fields.Monetary(readonly=True, groups=COST_GROUPS)
    in_qty = fields.Float("Received quantity", digits='Product Unit', readonly=True)
    out_qty = fields.Float("Issued quantity", digits='Product Unit', readonly=True)
    closing_qty = fields.Float("Closing", digits='Product Unit', readonly=True)
    closing_value = fields.Monetary(readonly=True, groups=COST_GROUPS)
    line_ids = fields.One2many('aftersales.stock.card.line', 'card_id', "Movements", readonly=True)

    # === ACTION METHODS === #

    @api.model
    def _open(self, product, date_from=None, date_to=None, warehouse=None):
        """Return the action that shows the card of a part.

        :param date date_from: beginning of the month twelve months ago unless given.
        :param date date_to: today unless given.
        """
        today = self.env.company._aftersales_today()
        card = self.create({
            'product_id': product.id,
            'date_from': date_from or today.replace(year=today.year - 1, day=1),
            'date_to': date_to or today,
            'warehouse_id': warehouse.id if warehouse else False,
        })
        card._fill()
        return card._action()

    def _action(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Stock Card"),
            'res_model': self._name,
            'res_id': self.id,
            'view_mode': 'form',
            'views': [(False, 'form')],
        }

    def action_refresh(self):
        """Read the movements of the chosen period and place."""
        self._fill()
        return self._action()

    def action_print(self):
        return self.env.ref('aftersales_service.stock_card_report').report_action(self)

    # === BUSINESS METHODS === #

    def _fill(self):
        """Read the movements.

        :raise AccessError: PAR-210 the user has no business with the store's movements
        """
        groups = ','.join(f'aftersales_service.group_{role}' for role in READERS)
        if not (self.env.su or self.env.user.has_groups(groups)):
            raise coded_error('PAR-210', self.env._("Stock cards are read in the parts room and in accounting."))
        for card in self:
            if card.date_to < card.date_from:
                raise coded_error('PAR-211', self.env._("The card ends before it begins. Correct the dates."))
            card.check_access('write')
            card.product_id.check_access('read')
            card._fill_sudo()

    def _fill_sudo(self):
        """Write the lines; sudo: the reader was checked and sees values only with the groups of the fields."""
        self.ensure_one()
        card = self.sudo()
        start, _end = card.company_id._aftersales_day_bounds(card.date_from)
        _start, end = card.company_id._aftersales_day_bounds(card.date_to)
        entries = []
        parts = list(card.env['aftersales.stock.ledger']._walk_sudo(
            card.company_id, [start, end], card.product_id, card._location_ids(),
            lambda _product_id, entry: entries.append(entry),
        ))
        points = parts[0].points if parts else [(0.0, 0.0), (0.0, 0.0)]
        card.line_ids.unlink()
        card.write({
            'opening_qty': points[0][0], 'opening_value': points[0][1],
            'in_qty': sum(entry.quantity for entry in entries if entry.quantity > 0),
            'out_qty': -sum(entry.quantity for entry in entries if entry.quantity < 0),
            'closing_qty': points[1][0], 'closing_value': points[1][1],
            'line_ids': [Command.create({
                'move_id': entry.move_id or False, 'date': entry.date, 'kind': entry.kind,
                'in_qty': max(entry.quantity, 0.0), 'out_qty': max(-entry.quantity, 0.0), 'value': entry.value,
                'balance_qty': entry.balance, 'balance_value': entry.worth,
            }) for entry in entries],
        })

    def _location_ids(self):
        """Return the places looked at; None for the whole company."""
        domain = Domain('usage', 'in', ('internal', 'transit'))
        if self.location_id:
            domain &= Domain('id', 'child_of', self.location_id.id)
        if self.warehouse_id:
            domain &= Domain('warehouse_id', '=', self.warehouse_id.id)
        if not (self.location_id or self.warehouse_id):
            return None
        return self.env['stock.location'].with_context(active_test=False).search(domain).ids

    def _sees_cost(self):
        return self.env.su or self.env.user.has_groups(COST_GROUPS)

    # === FILES === #

    @api.model
    def _downloads(self):
        return super()._downloads() | {'card': '_write_card'}

    def action_xlsx(self):
        return self.action_download('card')

    def _write_card(self, options):
        """Return the card as a workbook; values only for who sees costs."""
        self.ensure_one()
        _ = self.env._
        kinds = dict(self.env['aftersales.stock.card.line']._fields['kind']._description_selection(self.env))
        cost = self._sees_cost()
        columns = [
            Column(_("Date"), 'datetime', width=17), Column(_("Document"), width=20), Column(_("Repair Order"), width=18),
            Column(_("Kind"), width=16), Column(_("From"), width=22), Column(_("To"), width=22),
            Column(_("Received quantity"), 'number', total=True), Column(_("Issued quantity"), 'number', total=True), Column(_("Balance"), 'number'),
        ]
        if cost:
            columns += [Column(_("Amount"), 'money', total=True), Column(_("Balance Value"), 'money')]

        def rows():
            yield [None, _("Opening"), *[None] * 6, self.opening_qty, *([None, self.opening_value] if cost else [])]
            for line in self.line_ids:
                local = fields.Datetime.context_timestamp(self, line.date).replace(tzinfo=None)
                yield [
                    local, line.reference or '', line.order_name or '', kinds[line.kind], line.source or '',
                    line.target or '', line.in_qty or None, line.out_qty or None, line.balance_qty,
                    *([line.value, line.balance_value] if cost else []),
                ]

        with workbook() as (book, buffer):
            book.sheet(
                _("Stock Card"), columns, rows(), title=self.product_id.display_name,
                notes=[f'{self.date_from} – {self.date_to}', self.location_id.complete_name or self.warehouse_id.name or ''],
                total_label=_("Total"),
            )
        return f"{_('Stock Card')}-{self.product_id.default_code or self.product_id.id}.xlsx", buffer.getvalue()


class AftersalesStockCardLine(models.TransientModel):
    """One movement on a stock card."""

    _name = 'aftersales.stock.card.line'
    _description = "Movement on a stock card"
    _order = 'id'
    _rec_name = 'reference'

    card_id = fields.Many2one('aftersales.stock.card', required=True, readonly=True, ondelete='cascade', index=True)
    currency_id = fields.Many2one(related='card_id.currency_id')
    move_id = fields.Many2one('stock.move', readonly=True)
    date = fields.Datetime(readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    reference = fields.Char("Document", compute='_compute_move', compute_sudo=True)
    order_name = fields.Char("Repair Order", compute='_compute_move', compute_sudo=True)
    source = fields.Char("From", compute='_compute_move', compute_sudo=True)
    target = fields.Char("To", compute='_compute_move', compute_sudo=True)
    in_qty = fields.Float("Received quantity", digits='Product Unit', readonly=True)
    out_qty = fields.Float("Issued quantity", digits='Product Unit', readonly=True)
    balance_qty = fields.Float("Balance", digits='Product Unit', readonly=True)
    value = fields.Monetary(readonly=True, groups=COST_GROUPS)
    balance_value = fields.Monetary("Worth", readonly=True, groups=COST_GROUPS)

    @api.depends('move_id')
    def _compute_move(self):
        """Only names leave: a technician's order is not opened from here."""
        for line in self:
            move = line.move_id
            line.reference = move.reference
            line.order_name = move.aftersales_order_id.name
            line.source = move.location_id.display_name
            line.target = move.location_dest_id.display_name

    def action_document(self):
        """Open the transfer or the movement behind the line."""
        self.ensure_one()
        record = self.move_id.picking_id or self.move_id
        if not record:
            raise coded_error('PAR-212', self.env._("A change of cost has no document of goods."))
        return {
            'type': 'ir.actions.act_window', 'res_model': record._name, 'res_id': record.id, 'views': [(False, 'form')],
        }
