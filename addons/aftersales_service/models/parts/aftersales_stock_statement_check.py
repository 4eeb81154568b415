from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

EXPLANATIONS = [
    ('stock', "Worth of the goods"),
    ('ledger', "Balance of the account"),
    ('bills', "Received, not billed (billed, not received: negative)"),
    ('deliveries', "Delivered without cost of sales"),
    ('unposted', "Movements without an entry: counts, scrap, consumption"),
    ('price', "Change of cost without an entry"),
    ('closing', "Closing entries of stock"),
    ('other', "Other entries on the account"),
    ('entries', "Movements and their own entries disagree"),
    ('valuation', "Statement and Odoo's valuation disagree"),
]
FIGURES = ('stock', 'ledger')
# Products whose history Odoo goes through in one go; its cache is emptied after each.
BATCH = 500


class AftersalesStockStatementCheck(models.Model):
    """One figure of the comparison of a statement with Odoo's valuation and with a stock account of the ledger.

    For an account: worth of its goods − balance = the sum of the explanations, always and to the cent.
    """

    _name = 'aftersales.stock.statement.check'
    _description = "Comparison of a statement with valuation and ledger"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'account_id, sequence, id'
    _rec_name = 'explanation'
    _guarded_fields = frozenset({'statement_id', 'account_id', 'product_id', 'explanation', 'amount', 'sequence'})

    statement_id = fields.Many2one(
        'aftersales.stock.statement', required=True, readonly=True, ondelete='cascade', index=True,
    )
    company_id = fields.Many2one(related='statement_id.company_id', store=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    sequence = fields.Integer(readonly=True)
    account_id = fields.Many2one('account.account', "Stock Account", readonly=True)
    product_id = fields.Many2one('product.product', "Part", readonly=True)
    explanation = fields.Selection(EXPLANATIONS, "Figure", required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    is_figure = fields.Boolean(compute='_compute_is_figure')
    is_wrong = fields.Boolean(compute='_compute_is_figure')

    @api.depends('explanation')
    def _compute_is_figure(self):
        for check in self:
            check.is_figure = check.explanation in FIGURES
            check.is_wrong = check.explanation in ('entries', 'valuation')

    # === ACTION METHODS === #

    def action_open(self):
        """Show the journal items or movements behind a figure."""
        self.ensure_one()
        statement = self.statement_id
        if self.product_id:
            return self.env['aftersales.stock.card']._open(self.product_id, statement.month, statement._last_day())
        if self.explanation in ('stock', 'price'):
            return statement.action_lines()
        if self.explanation in ('unposted', 'deliveries'):
            action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.stock_ledger_move_action')
            domain = Domain([
                ('company_id', '=', self.company_id.id), ('state', '=', 'done'), ('date', '<', statement.date_end),
                ('account_move_id', '=', False), ('location_id.usage', '!=', 'supplier'),
                ('location_dest_id.usage', '!=', 'supplier'),
                ('location_dest_id.usage', '=' if self.explanation == 'deliveries' else '!=', 'customer'),
            ]) & (Domain('is_in', '=', True) | Domain('is_out', '=', True))
            return {**action, 'domain': list(domain), 'name': self._explanation_name()}
        return {
            'type': 'ir.actions.act_window',
            'name': self._explanation_name(),
            'res_model': 'account.move.line',
            'view_mode': 'list,pivot,form',
            'views': [(False, 'list'), (False, 'pivot'), (False, 'form')],
            'domain': self._items_domain(),
            'context': {'create': False},
        }

    def _explanation_name(self):
        return dict(self._fields['explanation']._description_selection(self.env))[self.explanation]

    def _items_domain(self):
        """Return which journal items stand behind a figure."""
        statement = self.statement_id
        domain = [
            ('company_id', '=', self.company_id.id), ('account_id', '=', self.account_id.id),
            ('parent_state', '=', 'posted'), ('date', '<=', statement._last_day()),
        ]
        purchase, sale = ('in_invoice', 'in_refund', 'in_receipt'), ('out_invoice', 'out_refund', 'out_receipt')
        if self.explanation == 'bills':
            domain.append(('move_type', 'in', purchase))
        elif self.explanation in ('entries', 'closing', 'other'):
            domain.append(('move_type', 'not in', purchase + sale))
        if self.explanation == 'entries':
            domain.append(('move_id.stock_move_ids', '!=', False))
        elif self.explanation in ('closing', 'other'):
            journal = self.sudo().company_id.account_stock_journal_id
            domain.append(('move_id.stock_move_ids', '=', False))
            domain.append(('journal_id', '=' if self.explanation == 'closing' else '!=', journal.id))
        return domain

    # === BUSINESS METHODS === #

    @api.model
    def _compare_sudo(self, statement):
        """Replace the comparison of a statement; sudo: `_compare` checked the person.

        One pass over the history gives the worth at the month's end (for the ledger) and now (for the valuation).
        """
        statement = statement.sudo()
        company = statement.company_id
        Check = self.sudo()
        statement.check_ids.unlink()
        digits = company.currency_id.decimal_places
        parts = {
            part.product_id: part for part in self.env['aftersales.stock.ledger']._walk_sudo(
                company, [statement.date_end, None], locations=statement._location_ids(),
            )
        }
        valuation, gaps = Check._valuation_gaps(statement, parts)
        vals_list = [
            {'statement_id': statement.id, 'product_id': product_id, 'explanation': 'valuation', 'amount': gap,
             'sequence': 99}
            for product_id, gap in sorted(gaps.items(), key=lambda item: -abs(item[1]))[:100]
        ]
        ledger_gap = unexplained = 0.0
        if not statement.warehouse_id:
            for account, figures in Check._ledger_figures(statement, parts).items():
                ledger_gap += figures['stock'] - figures['ledger']
                unexplained += abs(figures['entries'])
                vals_list += [
                    {'statement_id': statement.id, 'account_id': account.id, 'explanation': name,
                     'amount': figures[name], 'sequence': sequence}
                    for sequence, (name, _label) in enumerate(EXPLANATIONS) if name in FIGURES or figures.get(name)
                ]
        Check._guarded().create(vals_list)
        statement._guarded().write({
            'checked_at': fields.Datetime.now(), 'valuation_value': valuation,
            'valuation_gap': round(sum(gaps.values()), digits) or round(sum(map(abs, gaps.values())), digits),
            'ledger_gap': round(ledger_gap, digits), 'ledger_unexplained': round(unexplained, digits),
        })

    def _valuation_gaps(self, statement, parts):
        """Return what Odoo's valuation says now, and by how much the statement carried on to now differs, by product.

        Odoo keeps what it works out: the pieces on its shelves and the cost of one, taken anew with each receipt. Their
        product is compared in one go. Only where it differs by a cent or more (cost corrected past the movements, lots,
        price changed and not used yet) Odoo goes through the history of the part, which takes it some milliseconds each.

        :param dict parts: product id to its `Part`, whose last moment is now.
        :rtype: tuple[float, dict[int, float]]
        """
        company = statement.company_id
        rounded = company.currency_id.round
        ours = {product_id: rounded(part.points[-1][1]) for product_id, part in parts.items()}
        kept = self._worth_kept_by_odoo(statement)
        doubtful = sorted(
            product_id for product_id in ours.keys() | kept.keys()
            if ours.get(product_id, 0.0) != rounded(kept.get(product_id, 0.0))
        )
        products = self.env['product.product'].with_company(company).with_context(
            allowed_company_ids=company.ids, active_test=False,
            **({'warehouse_id': statement.warehouse_id.id} if statement.warehouse_id else {}),
        )
        total, gaps = sum(ours.values()), {}
        for start in range(0, len(doubtful), BATCH):
            for product in products.browse(doubtful[start:start + BATCH]):
                gap = rounded(ours.get(product.id, 0.0) - product.total_value)
                if gap:
                    gaps[product.id] = gap
                    total -= gap
            self.env.invalidate_all()
        return rounded(total), gaps

    def _worth_kept_by_odoo(self, statement):
        """Return pieces on the shelves × the cost Odoo keeps, by product; where neither is, nothing.

        :rtype: dict[int, float]
        """
        company = statement.company_id
        locations = statement._location_ids()
        self.env['stock.quant'].flush_model()
        self.env['product.product'].flush_model(['standard_price'])
        return dict(self.env.execute_query(SQL(
            """
            SELECT q.product_id, (SUM(q.quantity) * COALESCE(MAX((p.standard_price ->> %(key)s)::float), 0))::float
              FROM stock_quant q
              JOIN stock_location l ON l.id = q.location_id
              JOIN product_product p ON p.id = q.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE t.is_storable AND l.company_id = %(company)s AND l.usage IN ('internal', 'transit') %(scope)s
               AND (q.owner_id IS NULL OR q.owner_id = %(partner)s)
             GROUP BY q.product_id
            """,
            key=str(company.id), company=company.id, partner=company.partner_id.id,
            scope=SQL("AND l.id = ANY(%s)", locations) if locations is not None else SQL(),
        )))

    def _ledger_figures(self, statement, parts):
        """Return, for each stock account, its goods, its balance and what explains the difference.

        :rtype: dict  `{account.account: {explanation: amount}}`
        """
        company = statement.company_id
        categories = self.env['product.category'].with_company(company)
        by_category = self._stock_by_category(statement, parts)
        figures = defaultdict(lambda: defaultdict(float))
        for categ_id, amounts in by_category.items():
            category = categories.browse(categ_id)
            account = category.property_stock_valuation_account_id or company.account_stock_valuation_id
            for name, amount in amounts.items():
                figures[account][name] += amount
        figures.pop(self.env['account.account'], None)
        accounts = self.env['account.account'].union(*figures)
        books = self._items_by_account(statement, accounts)
        for account, amounts in figures.items():
            book = books[account.id]
            valued = sum(amounts[name] for name in ('purchased', 'entered', 'delivered', 'loose'))
            explained = {
                'bills': amounts['purchased'] - book['bills'],
                'entries': amounts['entered'] - book['entries'],
                'deliveries': amounts['delivered'] - book['deliveries'],
                'unposted': amounts['loose'],
                'price': amounts['stock'] - valued,
                'closing': -book['closing'],
                'other': -book['other'],
            }
            amounts.update(explained, ledger=sum(book.values()))
            for name in amounts:
                amounts[name] = company.currency_id.round(amounts[name])
        return figures

    def _stock_by_category(self, statement, parts):
        """Return worth and lifelong movements of all goods until the month's end, by category."""
        company = statement.company_id
        found = defaultdict(lambda: defaultdict(float))
        for part in parts.values():
            found[part.categ_id]['stock'] += company.currency_id.round(part.points[0][1])
        for categ_id, name, amount in self.env.execute_query(SQL(
            """
            SELECT t.categ_id,
                   CASE WHEN 'supplier' IN (s.usage, d.usage) THEN 'purchased'
                        WHEN m.account_move_id IS NOT NULL THEN 'entered'
                        WHEN 'customer' IN (s.usage, d.usage) THEN 'delivered'
                        ELSE 'loose' END,
                   SUM(CASE WHEN m.is_in THEN m.value ELSE -m.value END)
              FROM stock_move m
              JOIN product_product p ON p.id = m.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN stock_location s ON s.id = m.location_id
              JOIN stock_location d ON d.id = m.location_dest_id
             WHERE m.company_id = %s AND m.state = 'done' AND (m.is_in OR m.is_out) AND t.is_storable AND m.date < %s
             GROUP BY 1, 2
            """, company.id, statement.date_end,
        )):
            found[categ_id][name] += float(amount or 0.0)
        return found

    def _items_by_account(self, statement, accounts):
        """Return the balance of stock accounts at the month's end, by what posted it."""
        found = defaultdict(lambda: {'bills': 0.0, 'entries': 0.0, 'deliveries': 0.0, 'closing': 0.0, 'other': 0.0})
        for account_id, name, amount in self.env.execute_query(SQL(
            """
            SELECT l.account_id,
                   CASE WHEN e.move_type IN ('in_invoice', 'in_refund', 'in_receipt') THEN 'bills'
                        WHEN e.move_type IN ('out_invoice', 'out_refund', 'out_receipt') THEN 'deliveries'
                        WHEN EXISTS (SELECT 1 FROM stock_move m WHERE m.account_move_id = e.id) THEN 'entries'
                        WHEN e.journal_id = %(journal)s THEN 'closing'
                        ELSE 'other' END,
                   SUM(l.balance)
              FROM account_move_line l JOIN account_move e ON e.id = l.move_id
             WHERE l.company_id = %(company)s AND l.parent_state = 'posted' AND l.account_id = ANY(%(accounts)s)
               AND l.date <= %(date)s
             GROUP BY 1, 2
            """,
            journal=statement.company_id.account_stock_journal_id.id or None, company=statement.company_id.id,
            accounts=accounts.ids, date=statement._last_day(),
        )):
            found[account_id][name] += float(amount or 0.0)
        return found
