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
# Products whose valuation Odoo works out in one go; its cache is emptied after each.
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

        The valuation is Odoo's own code, product by product, and the slow part.
        """
        statement = statement.sudo()
        company = statement.company_id
        Check = self.sudo()
        statement.check_ids.unlink()
        digits = company.currency_id.decimal_places
        valuation, gaps = Check._valuation_gaps(statement)
        vals_list = [
            {'statement_id': statement.id, 'product_id': product_id, 'explanation': 'valuation', 'amount': gap,
             'sequence': 99}
            for product_id, gap in sorted(gaps.items(), key=lambda item: -abs(item[1]))[:100]
        ]
        ledger_gap = unexplained = 0.0
        if not statement.warehouse_id:
            for account, figures in Check._ledger_figures(statement).items():
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

    def _valuation_gaps(self, statement):
        """Return what Odoo's valuation says now, and by how much the statement carried on to now differs, by product.

        Odoo takes some milliseconds a product. What agreed a month ago and has not been touched since agrees today.

        :rtype: tuple[float, dict[int, float]]
        """
        company = statement.company_id
        worth = {
            part.product_id: company.currency_id.round(part.points[-1][1])
            for part in self.env['aftersales.stock.ledger']._walk_sudo(
                company, [None], locations=statement._location_ids(),
            )
        }
        products = self.env['product.product'].with_company(company).with_context(
            allowed_company_ids=company.ids, active_test=False,
            **({'warehouse_id': statement.warehouse_id.id} if statement.warehouse_id else {}),
        )
        touched = self._touched_products(statement)
        ids = sorted(worth if touched is None else touched & worth.keys())
        total, gaps = sum(worth.values()) - sum(worth[product_id] for product_id in ids), {}
        for start in range(0, len(ids), BATCH):
            for product in products.browse(ids[start:start + BATCH]):
                theirs = product.total_value
                total += theirs
                gap = company.currency_id.round(worth[product.id] - theirs)
                if gap:
                    gaps[product.id] = gap
            self.env.invalidate_all()
        return company.currency_id.round(total), gaps

    def _touched_products(self, statement):
        """Return the products to compare; None for all, when the month before was not found in agreement.

        :rtype: set[int] | None
        """
        before = statement._before()
        if before.state not in ('submitted', 'confirmed') or not before.checked_at or before.valuation_gap:
            return None
        changed = self.env['aftersales.stock.statement.line'].search([
            ('statement_id', '=', statement.id), '|', ('changed_qty', '!=', 0), ('changed_value', '!=', 0),
        ]).product_id.ids
        rows = self.env.execute_query(SQL(
            """
            SELECT product_id FROM stock_move WHERE company_id = %(company)s AND state = 'done' AND date >= %(since)s
             UNION
            SELECT product_id FROM product_value WHERE date >= %(since)s AND product_id IS NOT NULL
            """, company=statement.company_id.id, since=before.date_start,
        ))
        return {product_id for product_id, in rows}.union(changed)

    def _ledger_figures(self, statement):
        """Return, for each stock account, its goods, its balance and what explains the difference.

        :rtype: dict  `{account.account: {explanation: amount}}`
        """
        company = statement.company_id
        categories = self.env['product.category'].with_company(company)
        by_category = self._stock_by_category(statement)
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

    def _stock_by_category(self, statement):
        """Return worth and lifelong movements of all goods until the month's end, by category."""
        company = statement.company_id
        found = defaultdict(lambda: defaultdict(float))
        for part in self.env['aftersales.stock.ledger']._walk_sudo(company, [statement.date_end]):
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
