from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...rules import count as rules
from ...rules import planning
from ..base.errors import coded_error
from .guard import opened

QUANT_KEY = ('product_id', 'location_id', 'lot_id', 'owner_id', 'package_id')
OPEN_ORDERS = ('draft', 'quoted', 'authorised', 'in_progress', 'inspecting', 'ready')


class AftersalesStockCount(models.Model):
    """The book of a count: freezing it, what it said when a line was counted, adjusting it."""

    _inherit = 'aftersales.stock.count'

    # === BUSINESS METHODS: SCOPE === #

    def _scope_locations(self):
        """Return the places this count is about.

        :rtype: recordset of stock.location
        """
        self.ensure_one()
        warehouse, Location = self.warehouse_id, self.env['stock.location']
        if self.scope == 'old_parts':
            return Location.search([('id', 'child_of', warehouse.aftersales_old_parts_location_id.ids)])
        root = self.location_id or warehouse.view_location_id
        locations = Location.search([('id', 'child_of', root.ids), ('usage', '=', 'internal')])
        if not self.location_id:
            locations = locations.filtered(lambda location: location.aftersales_role != 'old_parts')
        if self.scope == 'shelf':
            start, end = (self.shelf_from or '').strip(), (self.shelf_to or '').strip()
            locations = locations.filtered(
                # “A-10” to “A-19” takes “A-19-3” too: a shelf's own compartments belong to it.
                lambda location: start <= location.name and (not end or location.name <= end or location.name.startswith(end))
            )
        return locations

    def _scope_quants_domain(self):
        """Return which rows of Odoo's stock are frozen; rooms and later scopes extend it.

        :rtype: Domain
        """
        self.ensure_one()
        domain = Domain('location_id', 'in', self._scope_locations().ids) & Domain('company_id', '=', self.company_id.id)
        own = self.company_id.partner_id.ids
        if self.scope == 'own_parts':
            domain &= Domain('owner_id', '!=', False) & Domain('owner_id', 'not in', own)
        elif self.scope == 'category':
            domain &= Domain('product_id.categ_id', 'child_of', self.category_ids.ids)
        elif self.scope in ('class', 'movement'):
            domain &= Domain('product_id', 'in', self._class_products_sudo().ids)
        return domain

    def _class_products_sudo(self):
        """Return the stocked parts of the count's ABC class or movement class, as the planner reckons them.

        By what was issued in the last 12 months; parts nobody asked for count as C.
        sudo: what moved is no secret, its cost is only used to sort.
        """
        rows = self.env.execute_query(SQL(
            """
            SELECT q.product_id, COALESCE(u.value, 0), COALESCE(u.busy, 0)
              FROM (SELECT DISTINCT product_id FROM stock_quant WHERE company_id = %(company)s) q
              LEFT JOIN (
                SELECT m.product_id, SUM(m.value) AS value, COUNT(DISTINCT date_trunc('month', m.date)) AS busy
                  FROM stock_move m
                 WHERE m.company_id = %(company)s AND m.state = 'done' AND m.is_out AND m.date >= %(since)s
                   AND NOT COALESCE(m.is_inventory, FALSE)
                 GROUP BY 1
              ) u ON u.product_id = q.product_id
            """, company=self.company_id.id, since=fields.Datetime.subtract(fields.Datetime.now(), months=12),
        ))
        if self.scope == 'movement':
            found = [
                product for product, _value, busy in rows
                if planning.movement([1] * min(busy, 12) + [0] * (12 - min(busy, 12))) == self.movement_class
            ]
        else:
            classes = planning.abc({product: value for product, value, _busy in rows})
            wanted = ('c', 'n') if self.abc_class == 'c' else (self.abc_class,)
            found = [product for product, letter in classes.items() if letter in wanted]
        return self.env['product.product'].browse(found)

    def _frozen_vals_sudo(self):
        """Return the lines of this count with what the book says now.

        sudo: the book belongs to no blind counter, whatever he may read elsewhere.

        :rtype: list[dict]  in the order of the shelves
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self.env['stock.quant'].sudo()._read_group(
            self._scope_quants_domain() & Domain('product_id.is_storable', '=', True), list(QUANT_KEY), ['quantity:sum'],
        )
        company_partner = self.company_id.partner_id
        # Read as one set: what is asked of a part alone is asked once a part.
        parts = {
            product.id: product for product in self.env['product.product'].sudo().with_company(self.company_id).browse(
                {row[0].id for row in rows})
        }
        vals_list = []
        for product, location, lot, owner, package, quantity in sorted(
            rows, key=lambda row: (row[1].complete_name or '', row[0].default_code or '', row[0].id, row[2].name or ''),
        ):
            product = parts[product.id]
            if product.uom_id.is_zero(quantity):
                continue
            mine = not owner or owner == company_partner
            vals_list.append({
                'product_id': product.id, 'name': product.with_context(display_default_code=False).display_name,
                'location_id': location.id, 'lot_id': lot.id,
                'owner_id': owner.id, 'package_id': package.id, 'product_uom_id': product.uom_id.id,
                'frozen_qty': quantity, 'book_at_count_qty': quantity,
                # Old parts and what customers brought are counted, never valued.
                'unit_cost': product.standard_price if mine and self.scope not in ('old_parts', 'own_parts') else 0.0,
            })
        if self.scope == 'own_parts':
            vals_list += self._own_part_vals_sudo()
        return [{**vals, 'count_id': self.id, 'sequence': number} for number, vals in enumerate(vals_list, 1)]

    def _own_part_vals_sudo(self):
        """Return the parts customers brought for open orders: they never enter stock, so no quant knows them."""
        lines = self.env['aftersales.repair.line'].sudo().search([
            ('company_id', '=', self.company_id.id), ('supplied_by', '=', 'customer'), ('own_part_qty', '>', 0),
            ('order_id.state', 'in', OPEN_ORDERS), ('order_id.outcome', '=', 'open'),
        ], order='order_id, id')
        return [{
            'repair_line_id': line.id, 'product_id': line.product_id.id, 'name': f'{line.order_id.name} · {line.name}',
            'owner_id': line.order_id.partner_id.id, 'product_uom_id': line.product_uom_id.id,
            'frozen_qty': line.own_part_qty, 'book_at_count_qty': line.own_part_qty, 'unit_cost': 0.0,
        } for line in lines]

    # === BUSINESS METHODS: BOOK === #

    def _book_at_sudo(self, lines, at=None):
        """Return what the book says about lines at a moment: the count of a line stands against this, not against
        what was frozen hours ago.

        Five queries at most, whatever the number of lines; sudo: see `_frozen_vals_sudo`.

        :param datetime at: UTC, now unless given.
        :rtype: dict  {line: quantity}
        """
        lines = lines.sudo()
        stocked = lines.filtered(lambda line: line.product_id and not line.repair_line_id)
        self.env.flush_all()
        products, locations = stocked.product_id, stocked.location_id
        there = Domain('product_id', 'in', products.ids)
        now = {
            self._key(row): row[-1] for row in self.env['stock.quant'].sudo()._read_group(
                there & Domain('location_id', 'in', locations.ids), list(QUANT_KEY), ['quantity:sum'],
            )
        }
        came, went = defaultdict(float), defaultdict(float)
        if at:
            moved = there & Domain('state', '=', 'done') & Domain('date', '>', at) & Domain('move_id.company_id', 'in', self.company_id.ids)
            for book, place, package in ((came, 'location_dest_id', 'result_package_id'), (went, 'location_id', 'package_id')):
                for row in self.env['stock.move.line'].sudo()._read_group(
                    moved & Domain(place, 'in', locations.ids), ['product_id', place, 'lot_id', 'owner_id', package],
                    ['quantity_product_uom:sum'],
                ):
                    book[self._key(row)] += row[-1]
        found = {}
        for line in lines:
            if line.repair_line_id:
                found[line] = line.repair_line_id.own_part_qty
            else:
                key = line._quant_key()
                found[line] = line.product_uom_id.round(float(rules.book_at(*(
                    Decimal(str(book.get(key, 0.0))) for book in (now, came, went)
                )))) if line.product_uom_id else now.get(key, 0.0)
        return found

    @staticmethod
    def _key(row):
        return tuple(record.id for record in row[:5])

    def _add_found(self, product, location, quantity, lot=None):
        """Add a part that lies where the count did not expect it, with its first count.

        :return: the aftersales.stock.count.line
        :raise UserError: CNT-44 not possible here, CNT-45 no stored part, CNT-46 its number is missing
        """
        self.ensure_one()
        self._ensure_role('parts_keeper', self.env._("Stock is counted by the parts room."))
        self._lock(('counting',), 'SHARE')
        lot = lot or self.env['stock.lot']
        if self.scope in ('old_parts', 'own_parts') or location not in self._scope_locations():
            raise coded_error('CNT-44', self.env._(
                "%(place)s is not part of %(count)s, or what lies there belongs to somebody: register it first, then count.",
                place=location.display_name or "-", count=self.name))
        if not product.is_storable or (lot and lot.product_id != product):
            raise coded_error('CNT-45', self.env._("%(part)s is no stored part.", part=product.display_name or "-"))
        if product.tracking != 'none' and not lot:
            raise coded_error('CNT-46', self.env._(
                "%(part)s is kept by number: scan the lot or serial number instead.", part=product.display_name))
        Line = self.env['aftersales.stock.count.line']
        line = self.line_ids.filtered(
            lambda line: line._quant_key() == (product.id, location.id, lot.id, False, False))
        if not line:
            cost = product.sudo().with_company(self.company_id).standard_price
            # sudo: a keeper adds lines only through here, and may not read what the book says.
            line = Line.sudo()._guarded().create({
                'count_id': self.id, 'sequence': max(self.line_ids.mapped('sequence'), default=0) + 1, 'is_found': True,
                'product_id': product.id, 'name': product.with_context(display_default_code=False).display_name,
                'location_id': location.id, 'lot_id': lot.id,
                'product_uom_id': product.uom_id.id, 'unit_cost': cost,
            })
            self._refuse_double_sudo(line)
            book = self._book_at_sudo(line)[line]
            line._guarded().write({'frozen_qty': book, 'book_at_count_qty': book, 'book_qty': 0.0 if self.is_blind else book})
            line = line.sudo(self.env.su)._unguarded()
        Line._record({line: quantity})
        return line

    # === BUSINESS METHODS: ADJUSTING === #

    def _apply_sudo(self):
        """Bring stock to what was counted: only the lines that differ, through Odoo's own inventory adjustment.

        What is adjusted is the *difference* found at the moment of counting, so that goods issued since are not brought
        back. sudo: `_approve` compared persons and roles; the accountant, who may approve last, has no stock rights.

        :raise UserError: CNT-14 applied already, CNT-15 locked period, CNT-16 stock would become negative
        """
        for count in self.sudo().with_context(lang=self.env.user.lang):
            if count.applied_at or count.state != 'to_approve':
                raise coded_error('CNT-14', self.env._("%(count)s is adjusted already.", count=count.name))
            count = count.with_company(count.company_id)
            count._ensure_unlocked()
            different = count.line_ids.filtered(lambda line: line.difference_qty)
            stocked = different.filtered(lambda line: line.location_id)
            if stocked:
                count._adjust(stocked)
            different._guarded().write({'state': 'applied'})
            now = fields.Datetime.now()
            count._guarded().write({'state': 'applied', 'applied_at': now})
            locations = count.line_ids.filtered(lambda line: line._is_counted()).location_id
            opened(locations).write({'last_inventory_date': fields.Date.to_date(now)})
            count._close_decided_sudo()
        return True

    def _ensure_unlocked(self):
        """:raise UserError: CNT-15"""
        today = fields.Date.context_today(self)
        journal = self.company_id.account_stock_journal_id
        if violated := self.company_id._get_violated_lock_dates(today, False, journal):
            raise coded_error('CNT-15', self.env._(
                "%(count)s: the books are locked until %(date)s, the adjustment would fall into the locked period. "
                "Ask the accountant.", count=self.name, date=violated[-1][0],
            ))

    def _adjust(self, lines):
        """Write the differences of lines on the quants and let Odoo move the goods; a fixed number of queries of ours."""
        Quant = self.env['stock.quant'].with_context(inventory_mode=False, inventory_name=self.name)
        quants, on_hand = {}, defaultdict(float)
        for quant in Quant.search([
            ('product_id', 'in', lines.product_id.ids), ('location_id', 'in', lines.location_id.ids),
        ]):
            key = tuple(quant[name].id for name in QUANT_KEY)
            quants.setdefault(key, quant)
            on_hand[key] += quant.quantity  # two transactions may have left two rows, which Odoo merges at night
        new = lines.filtered(lambda line: line._quant_key() not in quants)
        if new:
            created = Quant.create([{
                **{name: line[name].id for name in QUANT_KEY}, 'quantity': 0.0,
            } for line in new])
            quants.update({line._quant_key(): quant for line, quant in zip(new, created, strict=True)})
        chosen, by_quant = Quant, {}
        for line in lines:
            key = line._quant_key()
            quant = quants[key]
            if line.product_uom_id.compare(on_hand[key] + line.difference_qty, 0) < 0:
                raise coded_error('CNT-16', self.env._(
                    "%(line)s: since it was counted so much went out that the difference of %(difference)s would make the "
                    "stock negative. Have the line counted again.", line=line.display_name, difference=line.difference_qty,
                ))
            quant.inventory_quantity = line.product_uom_id.round(quant.quantity + line.difference_qty)
            quant.inventory_quantity_set = True
            chosen |= quant
            by_quant[quant.id] = line.id
        # The link of each move to its line comes from this process: a bare adjustment can never claim a count.
        try:
            opened(chosen).with_context(aftersales_count_lines=by_quant)._apply_inventory()
        except UserError as error:
            if str(error).startswith('['):
                raise
            raise coded_error('CNT-17', self.env._(
                "%(count)s could not be adjusted: %(reason)s", count=self.name, reason=str(error),
            )) from error
        self._keep_values(lines)

    def _keep_values(self, lines):
        """Keep what the adjustment was really worth: the accountant decides about this amount."""
        moves = self.env['stock.move'].search([('aftersales_count_line_id', 'in', lines.ids)])
        for move in moves:
            line = move.aftersales_count_line_id
            incoming = move.location_dest_id == line.location_id
            value = move.value if move.is_valued else 0.0
            line._guarded().write({'move_id': move.id, 'applied_value': value if incoming else -value})
        entries = moves.account_move_id
        if entries:
            opened(entries).write({'aftersales_count_id': self.id})
