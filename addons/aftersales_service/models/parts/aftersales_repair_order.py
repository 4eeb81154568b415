from odoo import api, fields, models
from odoo.fields import Domain


class AftersalesRepairOrder(models.Model):
    """The parts side of an order: its transfers, how far they are, and what the parts cost.

    Asking, waiting, issuing and ending stand in aftersales_order_request, _waiting, _issue and _parts_end.
    """

    _inherit = 'aftersales.repair.order'

    is_subdealer = fields.Boolean(
        "Sub-Dealer Delivery", compute='_compute_is_subdealer', store=True,
        help="Parts for a sub-dealer, over the counter; stays so whatever becomes of the customer.",
    )
    picking_ids = fields.One2many(
        'stock.picking', 'aftersales_order_id', "Parts Transfers", groups='stock.group_stock_user'
    )
    part_line_ids = fields.One2many(
        'aftersales.repair.line',
        'order_id',
        "Parts and Subcontracted Work",
        domain=[('kind', 'in', ('part', 'sublet'))],
        readonly=True,
    )
    part_request_ids = fields.One2many('aftersales.part.request', 'order_id', "Part Requests")
    parts_asked_count = fields.Integer("Parts Lines", compute='_compute_parts_progress')
    parts_issued_count = fields.Integer("Parts Lines Issued", compute='_compute_parts_progress')
    parts_missing_count = fields.Integer("Parts Lines Missing", compute='_compute_parts_progress')
    parts_label = fields.Char(
        "Parts Issued", compute='_compute_parts_progress', help="Lines fully issued of lines with parts of ours."
    )
    picking_count = fields.Integer(compute='_compute_picking_count', compute_sudo=True)
    parts_cost = fields.Monetary(
        "Parts Cost",
        compute='_compute_parts_cost',
        compute_sudo=True,
        groups='aftersales_service.group_parts_manager,aftersales_service.group_accountant,aftersales_service.group_service_manager',
    )

    # === COMPUTE METHODS === #

    @api.depends('partner_id', 'profile_id')
    def _compute_is_subdealer(self):
        for order in self:
            order.is_subdealer = (
                order.profile_code == 'counter' and order.sudo().partner_id.commercial_partner_id.aftersales_is_subdealer
            )

    @api.depends('line_ids.requested_qty', 'line_ids.reserved_qty', 'line_ids.net_issued_qty', 'line_ids.quantity')
    def _compute_parts_progress(self):
        for order in self:
            lines = order._parts_lines()
            issued = lines.filtered(lambda line: line.product_uom_id.compare(line.net_issued_qty, line.quantity) >= 0)
            order.parts_asked_count = len(lines)
            order.parts_issued_count = len(issued)
            order.parts_missing_count = len(lines.filtered(lambda line: line.parts_state == 'missing'))
            order.parts_label = f'{len(issued)}/{len(lines)}' if lines else ''

    def _compute_picking_count(self):
        counts = dict(
            self.env['stock.picking']._read_group(
                [('aftersales_order_id', 'in', self.ids)], ['aftersales_order_id'], ['__count']
            )
        )
        for order in self:
            order.picking_count = counts.get(order, 0)

    def _compute_parts_cost(self):
        costs = self._parts_cost()
        for order in self:
            order.parts_cost = costs[order]

    @api.depends('line_ids.requested_qty', 'line_ids.reserved_qty', 'line_ids.issued_qty')
    def _compute_aftersales_status(self):
        return super()._compute_aftersales_status()

    # === BUSINESS METHODS === #

    def _parts_lines(self):
        """Return the lines of ours the parts room hands out for jobs that go on."""
        return self.line_ids.filtered(
            lambda line: line.job_id.outcome == 'open' and not line.job_id.is_parked and line._is_stock_part()
        )

    def _parts_cost(self):
        """Return what the parts of each order cost: issued minus taken back, from the value of the moves.

        :return: {order: amount in company currency}
        :rtype: dict
        """
        costs = dict.fromkeys(self, 0.0)
        # sudo: the caller's right to see costs is checked by the field groups and the settlement.
        for order, is_out, value in (
            self.env['stock.move']
            .sudo()
            ._read_group(
                [('aftersales_order_id', 'in', self.ids), ('state', '=', 'done')],
                ['aftersales_order_id', 'is_out'],
                ['value:sum'],
            )
        ):
            costs[self.browse(order.id)] += value if is_out else -value
        return {order: order.company_id.currency_id.round(cost) for order, cost in costs.items()}

    def _has_cleared_wip(self):
        """Return the orders whose work in progress was already taken to cost: late bills of subcontractors go there too.

        Over or settled; the settlement room knows better and extends this.

        :rtype: recordset
        """
        return self.filtered(lambda order: order.state in ('released', 'closed') or order.outcome == 'cancelled')

    @api.model
    def _parts_open_domain(self):
        """Return the domain of orders whose parts are not settled yet."""
        return Domain('state', 'not in', ('released', 'closed')) & Domain('outcome', '!=', 'cancelled')

    # === ACTIONS === #

    def action_view_pickings(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Parts Transfers"),
            'res_model': 'stock.picking',
            'view_mode': 'list,form',
            'domain': [('aftersales_order_id', '=', self.id)],
            'context': {'create': False},
        }
