from odoo import api, fields, models

from ...rules.split import from_cents, split_amount, to_cents
from ..base.errors import coded_error

MONEY_GROUPS = (
    'aftersales_service.group_tool_keeper,aftersales_service.group_accountant,'
    'aftersales_service.group_general_manager,aftersales_service.group_report_reader'
)


class AftersalesTool(models.Model):
    """What a tool is worth on the books: bought through stock, out of it once, to tools in use (accounting 23).

    Tools that were there before, or were bought without stock, stay with the accountant's opening balances: nothing here
    books them.
    """

    _inherit = 'aftersales.tool'
    _guarded_fields = frozenset(
        {'value_kind', 'book_cost', 'book_qty', 'in_use_on', 'stock_move_ids', 'capitalised_cost'}
    )

    value_kind = fields.Selection(
        [('none', "Not on our books"), ('turnover', "Tools in use"), ('asset', "Equipment")],
        "Booked As", default='none', readonly=True, copy=False, index=True, groups=MONEY_GROUPS,
    )
    book_qty = fields.Integer("Pieces on the Books", readonly=True, copy=False, groups=MONEY_GROUPS)
    book_cost = fields.Monetary(
        "Cost on the Books", readonly=True, copy=False, groups=MONEY_GROUPS, help="Of all pieces that are left."
    )
    book_amortised = fields.Monetary("Amortised", compute='_compute_book_value', groups=MONEY_GROUPS)
    book_value = fields.Monetary(compute='_compute_book_value', groups=MONEY_GROUPS)
    in_use_on = fields.Date("In Use Since", readonly=True, copy=False)
    capitalised_cost = fields.Monetary(
        "Cost among Equipment", readonly=True, copy=False, groups=MONEY_GROUPS,
        help="How much of the cost has become a fixed asset; the rest still stands on tools in use.",
    )
    stock_move_ids = fields.Many2many(
        'stock.move', 'aftersales_tool_stock_move_rel', 'tool_id', 'move_id', "Out of Stock", readonly=True, copy=False,
        groups=MONEY_GROUPS,
    )

    # === COMPUTE METHODS === #

    def _compute_book_value(self):
        amortised = self._amortised_sudo()
        for tool in self:
            tool.book_amortised = amortised.get(tool.id, 0.0)
            tool.book_value = tool.book_cost - tool.book_amortised

    def _amortised_sudo(self):
        """Return what is amortised of each tool: the credit that stands beside its cost.

        sudo: a figure, no entry.

        :rtype: dict[int, float]  `{tool id: amount}`
        """
        companies = self.sudo().company_id
        accounts = self.env['account.account'].sudo()
        for company in companies:
            for name in ('aftersales_tool_amortised_account_id', 'aftersales_tool_depreciated_account_id'):
                accounts |= company[name] or company.root_id[name]
        return {
            tool.id: -balance for tool, balance in self.env['account.move.line'].sudo()._read_group(
                [('aftersales_tool_id', 'in', self.ids), ('account_id', 'in', accounts.ids),
                 ('parent_state', '=', 'posted')],
                ['aftersales_tool_id'], ['balance:sum'],
            )
        }

    # === ACTION METHODS === #

    def action_view_entries(self):
        """Open the journal items of the tool."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Journal Items"), 'res_model': 'account.move.line',
            'views': [(False, 'list'), (False, 'form')], 'domain': [('aftersales_tool_id', '=', self.id)],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _put_in_use(self, product, quantity, category, keeper=None, warehouse=None, name=None, serials=()):
        """Take bought tools out of stock, once, and enter them in the tool ledger (R-TOOL-01, accounting 23).

        :param product: product.product, storable, with stock.
        :param int quantity: pieces.
        :param category: aftersales.tool.category; counted tools become one record, the others one each.
        :param keeper: hr.employee into whose sub-ledger they go, the user's own unless given.
        :param warehouse: stock.warehouse, the company's first unless given.
        :param serials: the makers' numbers, as far as known.
        :return: aftersales.tool.
        :raise UserError: TOO-01 no keeper; TOO-92 not enough in stock, no goods, nothing asked for.
        """
        self._ensure_keeper()
        company = self.env.company
        keeper = keeper or self._acting_keeper()
        product = product.sudo().with_company(company)
        warehouse = (warehouse or self.env['stock.warehouse']).sudo() or self.env['stock.warehouse'].sudo().search(
            [('company_id', '=', company.id)], limit=1)
        there = product.with_context(warehouse_id=warehouse.id).free_qty if product.is_storable else 0
        if quantity < 1 or not product.is_storable or there < quantity:
            raise coded_error('TOO-92', self.env._(
                "%(product)s: %(there)g free in stock, %(wanted)g wanted. Tools are bought and received as goods first.",
                product=product.display_name, there=there, wanted=quantity))
        picking = self._take_from_stock_sudo(product, quantity, warehouse)
        moves = picking.move_ids
        booked = bool(moves.account_move_id)
        cents = [to_cents(sum(abs(move.value) for move in moves))]
        values = split_amount(cents[0], [1] * quantity) if quantity else []
        tools = self._make_bought_tools(product, category, keeper, values, name, serials)
        for tool, cost in tools:
            if tool.sudo().value_kind == 'none':
                # What was lost or disposed of before there was anything on the books takes nothing off them.
                tool.sudo().move_ids.filtered(lambda move: move._leaves_books())._guarded().write({'is_booked': True})
            limit = company.sudo().aftersales_tool_asset_limit
            # More pieces of what is on the books already are booked like those.
            kind = tool.sudo().value_kind if tool.sudo().book_qty else (
                'asset' if tool.sudo().purchase_value >= limit > 0 else 'turnover')
            tool.sudo()._guarded().write({
                'value_kind': kind if booked else tool.sudo().value_kind,
                'book_qty': tool.sudo().book_qty + (quantity if tool.tracking == 'quantity' else 1) * booked,
                'book_cost': tool.sudo().book_cost + cost * booked,
                'in_use_on': tool.in_use_on or company._aftersales_today(),
                'stock_move_ids': [(4, move.id) for move in moves],
            })
        tools = self.browse([tool.id for tool, _cost in tools])
        note = self.env._("Out of stock: %(picking)s", picking=picking.name)
        tools._receive(quantity if category.tracking == 'quantity' else 1, keeper=keeper, note=note)
        return tools

    def _take_from_stock_sudo(self, product, quantity, warehouse):
        """Move goods from stock to tools in use; sudo: a keeper of tools is no keeper of stock, his right was checked."""
        company = warehouse.company_id
        place = company._aftersales_tools_place_sudo()
        picking = self.env['stock.picking'].sudo().with_company(company).create({
            'picking_type_id': warehouse.int_type_id.id,
            'company_id': company.id,
            'location_id': warehouse.lot_stock_id.id,
            'location_dest_id': place.id,
            'origin': self.env._("Tool room"),
            'move_ids': [(0, 0, {
                'product_id': product.id, 'product_uom_qty': quantity, 'product_uom': product.uom_id.id,
                'location_id': warehouse.lot_stock_id.id, 'location_dest_id': place.id, 'company_id': company.id,
            })],
        })
        picking.action_confirm()
        picking.action_assign()
        if any(move.state != 'assigned' for move in picking.move_ids):
            raise coded_error('TOO-92', self.env._(
                "%(product)s could not be reserved: somebody else was faster.", product=product.display_name))
        picking.move_ids.picked = True
        picking._action_done()
        return picking

    def _make_bought_tools(self, product, category, keeper, values, name, serials):
        """Return [(tool, cost)] of bought pieces: one record for counted tools, a new record each for the others."""
        company = self.env.company
        digits = company.currency_id.decimal_places
        vals = {
            'name': name or product.name, 'category_id': category.id, 'product_id': product.id,
            'company_id': company.id, 'keeper_id': keeper.id, 'bought_on': company._aftersales_today(),
        }
        # sudo: the keeper's right to the verb was checked; the value comes from the books.
        Tool = self.env['aftersales.tool'].sudo()
        if category.tracking == 'quantity':
            cost = float(from_cents(sum(values), digits))
            tool = Tool.search([
                ('product_id', '=', product.id), ('category_id', '=', category.id), ('company_id', '=', company.id),
                ('keeper_id', '=', keeper.id), ('state', '!=', 'disposed'),
            ], limit=1) or Tool.create(vals)
            tool.purchase_value = company.currency_id.round(cost / len(values))
            return [(tool.sudo(False), cost)]
        made = Tool.create([
            {**vals, 'purchase_value': float(from_cents(cents, digits)),
             'serial_no': serials[number] if number < len(serials) else False}
            for number, cents in enumerate(values)
        ])
        return [(tool.sudo(False), tool.purchase_value) for tool in made]
