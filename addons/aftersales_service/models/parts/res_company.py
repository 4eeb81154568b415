from odoo import fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ..base.errors import coded_error

# How charts name the account of what was received and not billed, the surest word first.
ACCRUAL_WORDS = ("暂估", "暫估", "not billed", "not invoiced", "not yet billed", "not yet invoiced", "grni", "gr/ir")


class ResCompany(models.Model):
    _inherit = 'res.company'

    aftersales_auto_request = fields.Boolean(
        "Request Parts When Signed",
        default=True,
        help="As soon as a job is approved its parts are reserved and appear in the keeper's list (R-PART-07).",
    )
    aftersales_accrual_account_id = fields.Many2one(
        'account.account',
        "Received, Not Billed",
        check_company=True,
        domain="[('account_type', 'in', ('liability_current', 'liability_payable'))]",
        help="Holds the cost of accepted subcontracted work until the vendor's bill arrives.",
    )

    aftersales_consumables_account_id = fields.Many2one(
        'account.account',
        "Cost of Consumables",
        check_company=True,
        domain="[('internal_group', '=', 'expense')]",
        help="Takes what teams use up without an order: cleaner, grease, cloths. The company's cost of goods unless set.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if 'inventory_valuation' in vals:
            changed = self.filtered(lambda company: company.inventory_valuation != vals['inventory_valuation'])
            changed._aftersales_refuse_while_parts_open(self.env._("the valuation of stock"))
        result = super().write(vals)
        if 'aftersales_consumables_account_id' in vals:
            self.env['stock.warehouse'].sudo().with_context(active_test=False).search(
                [('company_id', 'in', self.ids)]
            )._aftersales_sync_accounts()
        return result

    # === BUSINESS METHODS: PREPARATION === #

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        warehouses = (
            self.env['stock.warehouse'].sudo().with_context(active_test=False).search([('company_id', 'in', self.ids)])
        )
        warehouses._aftersales_prepare_warehouse()
        return result

    def _aftersales_retire_company(self):
        result = super()._aftersales_retire_company()
        self.env['stock.warehouse'].sudo().with_context(active_test=False).search(
            [('company_id', 'in', self.ids)]
        )._aftersales_retire_warehouse()
        return result

    def _aftersales_on_wip_account_change(self, old, new):
        result = super()._aftersales_on_wip_account_change(old, new)
        self._aftersales_refuse_while_parts_open(self.env._("the account of work in progress"))
        self.env['stock.warehouse'].sudo().with_context(active_test=False).search(
            [('company_id', '=', self.id)]
        )._aftersales_sync_accounts()
        return result

    # === BUSINESS METHODS: ACCOUNTS === #

    def _aftersales_accrual_account(self):
        """Return the account of goods and services received and not billed: own, else the root's; may be empty.

        :rtype: recordset of account.account, as superuser
        """
        self.ensure_one()
        company = self.sudo()
        return company.aftersales_accrual_account_id or company.root_id.aftersales_accrual_account_id

    def _aftersales_consumables_account(self):
        """Return the account of what teams use up: own, else the company's or its root's cost; may be empty.

        :rtype: recordset of account.account, as superuser
        """
        self.ensure_one()
        company = self.sudo()
        return (
            company.aftersales_consumables_account_id
            or company.expense_account_id
            or company.root_id.aftersales_consumables_account_id
            or company.root_id.expense_account_id
        )

    def _aftersales_open_parts_orders(self, products=None):
        """Return orders of these companies with issued parts that are not settled, or whose ledger is not cleared.

        :param products: product.product, only orders that got one of them.
        :rtype: recordset of aftersales.repair.order, as superuser
        """
        Order = self.env['aftersales.repair.order'].sudo()
        domain = [('company_id', 'in', self.ids), ('aftersales_order_id', '!=', False), ('state', '=', 'done')]
        if products is not None:
            domain.append(('product_id', 'in', products.ids))
        moved = Order.browse(
            [order.id for [order] in self.env['stock.move'].sudo()._read_group(domain, ['aftersales_order_id'])]
        )
        if not moved:
            return moved
        still_open = moved.filtered_domain(Order._parts_open_domain())
        accounts = self.env['account.account'].concat(*(company._aftersales_wip_account() for company in self))
        rest = moved - still_open
        if accounts and rest:
            for order, balance in (
                self.env['account.move.line']
                .sudo()
                ._read_group(
                    [
                        ('account_id', 'in', accounts.ids),
                        ('aftersales_order_id', 'in', rest.ids),
                        ('parent_state', '=', 'posted'),
                    ],
                    ['aftersales_order_id'],
                    ['balance:sum'],
                )
            ):
                if not order.currency_id.is_zero(balance):
                    still_open |= order
        return still_open

    def _aftersales_refuse_while_parts_open(self, what, products=None):
        """Refuse to change how parts are valued while some are in open orders.

        :param str what: translated name of what would change.
        :raise UserError: PAR-60
        """
        orders = self._aftersales_open_parts_orders(products)
        if orders:
            raise coded_error(
                'PAR-60',
                self.env._(
                    "Parts are issued on open orders (%(orders)s): %(what)s cannot change, their "
                    "cost would never clear. Settle these "
                    "orders first.",
                    orders=", ".join(orders[:5].mapped('name')) + (" …" if len(orders) > 5 else ""),
                    what=what,
                ),
            )

    # === BUSINESS METHODS: CHECKS === #

    def _aftersales_hazardous_places_sudo(self):
        """Return the places where hazardous goods may lie; sudo: their names are shown in a refusal."""
        self.ensure_one()
        return (
            self.env['stock.location']
            .sudo()
            .search(
                [
                    ('company_id', '=', self.id),
                    ('aftersales_hazardous_allowed', '=', True),
                    ('usage', '=', 'internal'),
                ]
            )
        )

    def _aftersales_setup_checks(self):
        checks = super()._aftersales_setup_checks()
        company = self.sudo().with_company(self)
        warehouses = self.env['stock.warehouse'].sudo().search([('company_id', '=', self.id)])
        wip = company._aftersales_wip_account()
        broken = warehouses.filtered(
            lambda warehouse: (
                not warehouse.aftersales_issue_type_id.active
                or not warehouse.aftersales_return_type_id.active
                or not warehouse.aftersales_workshop_location_id.active
                or warehouse.aftersales_workshop_location_id.valuation_account_id != wip
            )
        )
        checks.append(
            company._aftersales_check(
                'parts_locations',
                self.env._("Workshop, old parts, hold and their transfers"),
                warehouses and not broken,
                self.env._("Ready in every warehouse.")
                if warehouses and not broken
                else self.env._(
                    "Not complete in: %(names)s.",
                    names=", ".join(broken.mapped('name')) or "-",
                ),
                '_aftersales_fix_parts_locations',
            )
        )
        if company._aftersales_gate('hazardous_place') != 'off' and self.env['product.template'].sudo().search_count(
            [('aftersales_hazardous', '=', True), ('company_id', 'in', (self.id, False))], limit=1
        ):
            places = company._aftersales_hazardous_places_sudo()
            checks.append(
                company._aftersales_check(
                    'hazardous_places',
                    self.env._("Places for hazardous goods"),
                    places,
                    self.env._("Allowed: %(places)s.", places=", ".join(places.mapped('display_name')))
                    if places
                    else self.env._("Hazardous parts exist, but no location allows them. Mark one in Inventory › Locations."),
                )
            )
        if wip:
            account = company._aftersales_accrual_account()
            proposal = company._aftersales_propose_accrual_account()
            checks.append(
                company._aftersales_check(
                    'accrual_account',
                    self.env._("Received, not billed"),
                    account,
                    self.env._(
                        "Accepted subcontracted work is kept on %(account)s until its bill arrives.",
                        account=account.display_name,
                    )
                    if account
                    else self.env._(
                        "No account: subcontracted work could not be accepted. Proposed: %(proposal)s.",
                        proposal=proposal.display_name or self.env._("a new one beside accounts payable"),
                    ),
                    '_aftersales_fix_accrual_account' if company.root_id.chart_template else None,
                )
            )
        return checks

    def _aftersales_fix_parts_locations(self):
        """Create or complete the places and transfers of every warehouse."""
        self.env['stock.warehouse'].sudo().search([('company_id', 'in', self.ids)])._aftersales_prepare_warehouse()

    def _aftersales_propose_accrual_account(self):
        """Return the account a chart keeps for what was received and not billed; empty when it has none.

        Only its name tells it apart, so the words are narrow, and accounts taxes are booked on never count.
        """
        self.ensure_one()
        accounts = (
            self.env['account.account']
            .sudo()
            .with_company(self.root_id)
            .search(
                [
                    ('company_ids', 'in', self.root_id.ids),
                    ('account_type', 'in', ('liability_current', 'liability_payable')),
                ],
                order='code',
            )
        ) - self._aftersales_tax_accounts_sudo()
        stored = accounts._fields['name']._get_stored_translations
        names = {account: ' '.join((stored(account) or {}).values()).lower() for account in accounts}
        return next(
            (account for word in ACCRUAL_WORDS for account in accounts if word in names[account]), accounts.browse()
        )

    def _aftersales_tax_accounts_sudo(self):
        """Return the accounts taxes are booked on; sudo: whoever sets up after-sales need not read taxes."""
        company = self.sudo().root_id
        groups = self.env['account.tax.group'].sudo().search([('company_id', '=', company.id)])
        return (
            self.env['account.tax.repartition.line'].sudo().search([('company_id', '=', company.id)]).account_id
            | groups.tax_payable_account_id
            | groups.tax_receivable_account_id
            | groups.advance_tax_payment_account_id
        )

    def _aftersales_fix_accrual_account(self):
        """Set the account for what was received and not billed: the chart's, else one made beside accounts payable."""
        self.check_access('write')
        for company in self.sudo():
            if not company._aftersales_accrual_account():
                company.aftersales_accrual_account_id = (
                    company._aftersales_propose_accrual_account() or company._aftersales_create_accrual_account_sudo()
                )
        return True

    def _aftersales_create_accrual_account_sudo(self):
        """Create the sub-account of accounts payable; sudo: after the right to write the company was checked."""
        root = self.sudo().root_id
        accounts = self.env['account.account'].sudo().with_company(root)
        payable = root.partner_id.with_company(root).property_account_payable_id or accounts.search(
            [('company_ids', 'in', root.ids), ('account_type', '=', 'liability_payable')], limit=1
        )
        # 2202 has sub-accounts 220201…; charts of equally long codes (211000) go on counting.
        start = payable.code or '220200'
        account = accounts.create(
            {
                'code': accounts._search_new_account_code(start if start.endswith('0') else f'{start}00'),
                'name': "Accrued Payables (Received, Not Billed)",
                'account_type': 'liability_current',
                'reconcile': True,
                'company_ids': [Command.set(root.ids)],
            }
        )
        for lang, name in (('zh_CN', "应付账款—暂估"), ('zh_TW', "應付帳款—暫估")):
            if lang in dict(self.env['res.lang'].get_installed()):
                account.with_context(lang=lang).name = name
        return account

    # === BUSINESS METHODS: INTEGRITY === #

    def _aftersales_integrity(self):
        found = super()._aftersales_integrity()
        found += self._aftersales_integrity_moves()
        found += self._aftersales_integrity_links()
        found += self._aftersales_integrity_returns()
        found += self._aftersales_integrity_twice()
        found += self._aftersales_integrity_serials()
        return found

    def _aftersales_finding(self, code, name, model, res_id, amount, message):
        return {
            'code': code,
            'name': name,
            'severity': 'error',
            'res_model': model,
            'res_id': res_id,
            'amount': amount,
            'message': message,
        }

    def _aftersales_integrity_moves(self):
        """Value of the goods moved against what their own journal entries say, order by order."""
        self.env.flush_all()
        account = self._aftersales_wip_account()
        if not account:
            return []
        rows = self.env.execute_query(
            SQL(
                """
            WITH goods AS (
                SELECT m.aftersales_order_id AS order_id,
                       SUM(CASE WHEN m.is_out THEN m.value WHEN m.is_in THEN -m.value ELSE 0 END) AS amount
                  FROM stock_move m JOIN product_product p ON p.id = m.product_id
                    JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE m.company_id = %(company)s AND m.state = 'done' AND m.aftersales_order_id IS NOT NULL AND t.is_storable
                 GROUP BY 1
            ), books AS (
                SELECT l.aftersales_order_id AS order_id, SUM(l.balance) AS amount
                  FROM account_move_line l
                 WHERE l.company_id = %(company)s AND l.parent_state = 'posted' AND l.account_id = %(account)s
                   AND l.aftersales_order_id IS NOT NULL
                   AND l.move_id IN (SELECT account_move_id FROM stock_move WHERE aftersales_order_id IS NOT NULL
                     AND account_move_id IS NOT NULL)
                 GROUP BY 1
            )
            SELECT COALESCE(g.order_id, b.order_id), COALESCE(g.amount, 0), COALESCE(b.amount, 0)
              FROM goods g FULL JOIN books b ON b.order_id = g.order_id
        """,
                company=self.id,
                account=account.id,
            )
        )
        found = []
        for order_id, goods, books in rows:
            if self.currency_id.compare_amounts(float(goods), float(books)):
                order = self.env['aftersales.repair.order'].browse(order_id)
                found.append(
                    self._aftersales_finding(
                        'PAR-I1',
                        self.env._("Parts moved against work in progress"),
                        order._name,
                        order.id,
                        float(goods) - float(books),
                        self.env._(
                            "%(order)s: parts worth %(goods)s moved, their entries say %(books)s. A "
                            "movement or an entry was edited.",
                            order=order.name,
                            goods=float(goods),
                            books=float(books),
                        ),
                    )
                )
        return found

    def _aftersales_integrity_links(self):
        """Goods that reached or left a workshop without an order."""
        moves = (
            self.env['stock.move']
            .sudo()
            .search(
                [
                    ('company_id', '=', self.id),
                    ('state', '=', 'done'),
                    '|',
                    ('aftersales_order_id', '=', False),
                    ('aftersales_line_id', '=', False),
                    '|',
                    ('location_id.aftersales_role', '=', 'workshop'),
                    ('location_dest_id.aftersales_role', '=', 'workshop'),
                ]
            )
        )
        return [
            self._aftersales_finding(
                'PAR-I2',
                self.env._("Parts without an order"),
                'stock.picking' if move.picking_id else 'stock.move',
                move.picking_id.id or move.id,
                move.value,
                self.env._(
                    "%(product)s moved with %(move)s belongs to no order line.",
                    product=move.product_id.display_name,
                    move=move.reference or "",
                ),
            )
            for move in moves
        ]

    def _aftersales_integrity_returns(self):
        """Issues from which more came back than went out."""
        rows = self.env.execute_query(
            SQL(
                """
            SELECT o.id, o.quantity * uo.factor, SUM(b.quantity * ub.factor)
              FROM stock_move o
              JOIN uom_uom uo ON uo.id = o.product_uom
              JOIN stock_move b ON b.origin_returned_move_id = o.id AND b.state = 'done'
              JOIN uom_uom ub ON ub.id = b.product_uom
             WHERE o.company_id = %s AND o.aftersales_order_id IS NOT NULL
             GROUP BY o.id, o.quantity, uo.factor
            HAVING SUM(b.quantity * ub.factor) > o.quantity * uo.factor + 0.00001
        """,
                self.id,
            )
        )
        moves = self.env['stock.move'].browse([row[0] for row in rows])
        return [
            self._aftersales_finding(
                'PAR-I3',
                self.env._("More taken back than issued"),
                'stock.picking',
                move.picking_id.id,
                0.0,
                self.env._(
                    "%(product)s of %(transfer)s: more came back than was issued.",
                    product=move.product_id.display_name,
                    transfer=move.reference,
                ),
            )
            for move in moves
        ]

    def _aftersales_integrity_twice(self):
        """Parts built in beyond what the line charges: the same part used twice, or a line cut afterwards."""
        rows = self.env.execute_query(
            SQL(
                """
            SELECT l.id FROM aftersales_repair_line l
             WHERE l.company_id = %s AND l.kind = 'part' AND l.net_issued_qty > l.quantity + 0.00001
        """,
                self.id,
            )
        )
        lines = self.env['aftersales.repair.line'].browse([row[0] for row in rows])
        return [
            self._aftersales_finding(
                'PAR-I4',
                self.env._("Parts used twice"),
                'aftersales.repair.order',
                line.order_id.id,
                0.0,
                self.env._(
                    "%(order)s: %(issued)s of “%(line)s” built in, %(quantity)s on the order.",
                    order=line.order_id.name,
                    issued=line.net_issued_qty,
                    line=line.name,
                    quantity=line.quantity,
                ),
            )
            for line in lines
        ]

    def _aftersales_integrity_serials(self):
        """Serial numbers built into two cars at once."""
        rows = self.env.execute_query(
            SQL(
                """
            SELECT ml.lot_id,
                   SUM(CASE WHEN m.aftersales_kind = 'issue' THEN ml.quantity_product_uom ELSE -ml.quantity_product_uom END)
              FROM stock_move_line ml
              JOIN stock_move m ON m.id = ml.move_id
              JOIN product_product p ON p.id = ml.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE m.company_id = %s AND m.state = 'done' AND m.aftersales_order_id IS NOT NULL AND ml.lot_id IS NOT NULL
               AND t.tracking = 'serial'
             GROUP BY ml.lot_id
            HAVING SUM(CASE WHEN m.aftersales_kind = 'issue' THEN ml.quantity_product_uom
                            ELSE -ml.quantity_product_uom END) > 1.00001
        """,
                self.id,
            )
        )
        lots = self.env['stock.lot'].browse([row[0] for row in rows])
        return [
            self._aftersales_finding(
                'PAR-I5',
                self.env._("Serial number used twice"),
                'stock.lot',
                lot.id,
                0.0,
                self.env._(
                    "%(lot)s of %(product)s is built into two cars.", lot=lot.name, product=lot.product_id.display_name
                ),
            )
            for lot in lots
        ]
