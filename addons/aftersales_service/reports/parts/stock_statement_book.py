from xlsxwriter.utility import xl_col_to_name

from odoo import api, models
from odoo.tools import SQL

from ...models.parts.aftersales_stock_ledger import ADJUSTMENTS, ISSUES, RECEIPTS, Entry
from ...models.parts.aftersales_stock_statement_line import COST_GROUPS
from ..base.workbook import Column, Formula, workbook

# Columns of a part's line that add up to its closing, with their sign.
QUANTITIES = (
    ('opening_qty', '+'), ('changed_qty', '+'), *((f'{name}_qty', '+') for name in RECEIPTS),
    *((f'{name}_qty', '-') for name in ISSUES), ('gain_qty', '+'), ('loss_qty', '-'), ('transfer_qty', '+'),
)
VALUES = (*((name.replace('_qty', '_value'), sign) for name, sign in QUANTITIES), ('revaluation_value', '+'))
GROUPS = ('opening', 'changed', 'in', 'out', *ADJUSTMENTS, 'transfer')
CHUNK = 5000


class AftersalesStockStatement(models.Model):
    _inherit = 'aftersales.stock.statement'

    @api.model
    def _downloads(self):
        return super()._downloads() | {'statement': '_write_workbook'}

    def action_xlsx(self):
        """Give the statement as a workbook: by category, by part, and the movements behind it."""
        self.ensure_one()
        return self.action_download('statement')

    def action_print(self):
        return self.env.ref('aftersales_service.stock_statement_report').report_action(self)

    def _sees_cost(self):
        return self.env.su or self.env.user.has_groups(COST_GROUPS)

    def _by_category(self):
        """Return the statement by category, for the printed form and the first sheet; values only for who sees cost.

        :rtype: list[dict]  category, qty and value of opening, in, out, adjustments, closing
        """
        self.ensure_one()
        kinds = ('qty', 'value') if self._sees_cost() else ('qty',)
        names = [f'{name}_{kind}' for kind in kinds for name in (*GROUPS, 'closing')]
        if 'value' in kinds:
            names.append('revaluation_value')
        return [
            {'category': category.display_name or "", **dict(zip(names, sums, strict=True))}
            for category, *sums in self.env['aftersales.stock.statement.line']._read_group(
                [('statement_id', '=', self.id)], ['categ_id'], [f'{name}:sum' for name in names],
            )
        ]

    # === WORKBOOK === #

    def _write_workbook(self, options):
        """Return the workbook; rows are read and written chunk by chunk.

        Closing is a formula on every sheet; the sheet by category sums the parts up by formula.
        """
        self.ensure_one()
        _ = self.env._
        cost = self._sees_cost()
        label = self._labels()
        state = dict(self._fields['state']._description_selection(self.env))[self.state]
        notes = [f'{self.company_id.name}  {self.month:%Y-%m}  {self.warehouse_id.name or _("All warehouses")}', state]
        with workbook() as (book, buffer):
            sums = [(f'{name}_{kind}', sign) for kind in (('qty', 'value') if cost else ('qty',)) for name, sign in (
                ('opening', '+'), ('changed', '+'), ('in', '+'), ('out', '-'), ('gain', '+'), ('loss', '-'),
                ('transfer', '+'), *([('revaluation', '+')] if kind == 'value' else []),
            )]
            book.sheet(
                _("By Category"), *self._category_sheet(sums, label), title=_("In / Stock / Out Statement"), notes=notes,
                total_label=_("Total"),
            )
            book.sheet(
                _("Parts"), *self._part_sheet(cost, label), title=_("In / Stock / Out Statement"), notes=notes,
                total_label=_("Total"),
            )
            book.sheet(_("Raw Data"), *self._raw_sheet(cost), total_label=_("Total"))
        return f'{_("In-stock-out")}-{self.display_name.replace(" · ", "-")}.xlsx', buffer.getvalue()

    def _labels(self):
        fields_ = self.env['aftersales.stock.statement.line'].fields_get(attributes=['string'])
        return {name: values['string'] for name, values in fields_.items()}

    def _category_sheet(self, sums, label):
        columns = [Column(label['categ_id'], width=28)]
        blocks, letters = [], iter('BCDEFGHIJKLMNOPQRSTUVWXYZ')
        for kind, style in (('qty', 'number'), ('value', 'money')):
            block = [(name, sign) for name, sign in sums if name.endswith(kind)]
            if block:
                named = [(name, sign, next(letters)) for name, sign in block]
                next(letters)
                blocks.append((f'closing_{kind}', named))
                columns += [Column(label[name], style, total=True) for name, _sign, _letter in named]
                columns.append(Column(label[f'closing_{kind}'], style, total=True))

        def rows():
            for row in self._by_category():
                cells = [row['category']]
                for closing, named in blocks:
                    cells += [row[name] for name, _sign, _letter in named]
                    text = '=' + ''.join(f'{sign}{letter}{{row}}' for _name, sign, letter in named)
                    cells.append(Formula(text.replace('=+', '='), row[closing]))
                yield cells

        return columns, rows()

    def _part_sheet(self, cost, label):
        columns = [
            Column(label['categ_id'], width=24), Column(label['default_code'], width=16),
            Column(label['product_id'], width=32), Column(label['uom_id'], width=8),
        ]
        blocks, place = [], len(columns)
        for names, closing, style in ((QUANTITIES, 'closing_qty', 'number'), (VALUES, 'closing_value', 'money')):
            if style == 'money' and not cost:
                continue
            named = [(name, sign, xl_col_to_name(place + index)) for index, (name, sign) in enumerate(names)]
            place += len(named) + 1
            blocks.append((closing, named))
            columns += [Column(label[name], style, total=True) for name, _sign, _place in named]
            columns.append(Column(label[closing], style, total=True))

        def rows():
            Line = self.env['aftersales.stock.statement.line']
            names = [name for closing, named in blocks for name in (closing, *(item[0] for item in named))]
            ids = Line.search([('statement_id', '=', self.id)]).ids
            for start in range(0, len(ids), CHUNK):
                lines = Line.browse(ids[start:start + CHUNK])
                lines.fetch(['product_id', 'categ_id', *names])
                for line in lines:
                    cells = [
                        line.categ_id.display_name or "", line.product_id.default_code or "", line.product_id.name,
                        line.product_id.uom_id.name,
                    ]
                    for closing, named in blocks:
                        cells += [line[name] for name, _sign, _place in named]
                        text = '=' + ''.join(f'{sign}{place}{{row}}' for _name, sign, place in named)
                        cells.append(Formula(text.replace('=+', '='), line[closing]))
                    yield cells
                self.env.invalidate_all()

        return columns, rows()

    def _raw_sheet(self, cost):
        """The movements of the month, one row each, for a pivot table of one's own."""
        _ = self.env._
        kinds = dict(self.env['aftersales.stock.card.line']._fields['kind']._description_selection(self.env))
        columns = [
            Column(_("Date"), 'datetime', width=17), Column(_("Document"), width=20), Column(_("Repair Order"), width=18),
            Column(_("Part Number"), width=16), Column(_("Part"), width=32), Column(_("Category"), width=24),
            Column(_("Kind"), width=16), Column(_("Quantity"), 'number', total=True),
        ]
        if cost:
            columns.append(Column(_("Amount"), 'money', total=True))

        def rows():
            entries = self._raw_entries_sudo()
            for start in range(0, len(entries), CHUNK):
                chunk = entries[start:start + CHUNK]
                documents = self._documents_sudo([entry.move_id for _product, entry in chunk])
                products = self.env['product.product'].browse({product for product, _entry in chunk})
                named = {product.id: product for product in products}
                for product_id, entry in chunk:
                    product = named[product_id]
                    local = self.company_id._aftersales_local_time(entry.date)
                    reference, order = documents.get(entry.move_id, ("", ""))
                    yield [
                        local, reference, order, product.default_code or "", product.name,
                        product.categ_id.display_name, kinds[entry.kind], entry.quantity,
                        *([entry.value] if cost else []),
                    ]
                self.env.invalidate_all()

        return columns, rows()

    def _raw_entries_sudo(self):
        """Return the month's movements as [(product id, Entry)]; sudo: whoever reads the statement may."""
        statement = self.sudo()
        if not statement.date_start:
            return []
        ledger, company = statement.env['aftersales.stock.ledger'], statement.company_id
        ledger.env.flush_all()
        listed = set(statement.line_ids.product_id.ids)
        entries = []
        if statement.warehouse_id:
            # What a transfer is worth depends on the history before it.
            for _part in ledger._walk_sudo(
                company, [statement.date_start, statement.date_end], locations=statement._location_ids(),
                trace=lambda product_id, entry: entries.append((product_id, entry)),
            ):
                pass
        else:
            for product_id, date, move_id, kind, came, went, value, _shift in ledger._moves(
                company, None, statement.date_end, since=statement.date_start,
            ):
                sign = 1 if came else -1
                entries.append((product_id, Entry(move_id, date, kind, came - went, sign * value, 0.0, 0.0)))
        return [(product_id, entry) for product_id, entry in entries if product_id in listed]

    def _documents_sudo(self, move_ids):
        """Return document and order of movements; sudo: only their numbers leave."""
        rows = self.env.execute_query(SQL(
            """
            SELECT m.id, m.reference, o.name FROM stock_move m
              LEFT JOIN aftersales_repair_order o ON o.id = m.aftersales_order_id
             WHERE m.id = ANY(%s)
            """, [move_id for move_id in move_ids if move_id],
        ))
        return {move_id: (reference or "", order or "") for move_id, reference, order in rows}
