import math
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...rules import count as rules
from ..base.errors import coded_error
from .aftersales_stock_count import COST_GROUPS, COUNTING

STATES = [
    ('to_count', "To Count"),
    ('counted', "Counted"),
    ('recount', "Count Again"),
    ('recounted', "Counted Twice"),
    ('equal', "Equal"),
    ('different', "Different"),
    ('missed', "Not Counted"),
    ('applied', "Adjusted"),
]


class AftersalesStockCountLine(models.Model):
    """One part at one place: what the book said, what one and, if need be, a second person counted.

    The book lives in columns that nobody may read (`NO_ACCESS`): neither list, export, search nor RPC gives it to who
    counts. When the counting is over it is copied into the fields that everybody of the parts room sees.
    """

    _name = 'aftersales.stock.count.line'
    _description = "Line of a Stock Count"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'count_id desc, sequence, id'
    _check_company_auto = True
    _guarded_fields = frozenset({
        'count_id', 'sequence', 'product_id', 'name', 'location_id', 'lot_id', 'owner_id', 'package_id', 'repair_line_id',
        'product_uom_id', 'frozen_qty', 'book_at_count_qty', 'unit_cost', 'is_found', 'first_qty', 'first_by_id', 'first_at',
        'second_qty', 'second_by_id', 'second_at', 'needs_second', 'book_qty', 'moved_qty', 'counted_qty', 'difference_qty',
        'book_value', 'difference_value', 'state', 'move_id', 'applied_value',
    })

    # Identity
    count_id = fields.Many2one('aftersales.stock.count', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='count_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    count_state = fields.Selection(related='count_id.state', string="Count State")
    sequence = fields.Integer("No.", readonly=True)
    name = fields.Char("Part", required=True, readonly=True)

    # What lies where
    product_id = fields.Many2one('product.product', readonly=True, index='btree_not_null', ondelete='restrict', check_company=True)
    default_code = fields.Char(related='product_id.default_code', string="Part Number")
    location_id = fields.Many2one('stock.location', "Place", readonly=True, index='btree_not_null', ondelete='restrict', check_company=True)
    lot_id = fields.Many2one('stock.lot', "Lot/Serial Number", readonly=True, ondelete='restrict', check_company=True)
    owner_id = fields.Many2one('res.partner', "Belongs To", readonly=True, ondelete='restrict')
    package_id = fields.Many2one('stock.package', "Package", readonly=True, ondelete='restrict', check_company=True)
    repair_line_id = fields.Many2one(
        'aftersales.repair.line', "Customer's Own Part", readonly=True, ondelete='restrict', check_company=True, index='btree_not_null'
    )
    product_uom_id = fields.Many2one('uom.uom', "Unit", readonly=True)
    is_found = fields.Boolean("Not in the Book", readonly=True, help="Found on the shelf; the count had not expected it there.")

    # The book, which nobody may read while it is counted
    frozen_qty = fields.Float(digits='Product Unit', readonly=True, copy=False, groups=fields.NO_ACCESS)
    book_at_count_qty = fields.Float(digits='Product Unit', readonly=True, copy=False, groups=fields.NO_ACCESS)
    unit_cost = fields.Float(readonly=True, copy=False, groups=fields.NO_ACCESS)

    # Counted
    first_qty = fields.Float("First Count", digits='Product Unit', readonly=True, copy=False)
    first_by_id = fields.Many2one('res.users', "First Counted By", readonly=True, copy=False)
    first_at = fields.Datetime("First Counted", readonly=True, copy=False)
    needs_second = fields.Boolean("Second Count", readonly=True, copy=False)
    second_qty = fields.Float("Second Quantity", digits='Product Unit', readonly=True, copy=False)
    second_by_id = fields.Many2one('res.users', "Second Counted By", readonly=True, copy=False)
    second_at = fields.Datetime("Second Counted", readonly=True, copy=False)
    state = fields.Selection(STATES, required=True, readonly=True, default='to_count', copy=False, index=True)

    # Result, filled when the counting is over
    book_qty = fields.Float("Book quantity", digits='Product Unit', readonly=True, copy=False, help="What the book said when it was frozen.")
    moved_qty = fields.Float(
        "Moved Since", digits='Product Unit', readonly=True, copy=False, help="Receipts less issues between freezing and counting this line."
    )
    counted_qty = fields.Float("Counted Quantity", digits='Product Unit', readonly=True, copy=False)
    difference_qty = fields.Float("Difference", digits='Product Unit', readonly=True, copy=False, help="Counted − (book + moved since).")
    book_value = fields.Monetary(readonly=True, copy=False, groups=COST_GROUPS)
    difference_value = fields.Monetary(readonly=True, copy=False, groups=COST_GROUPS)
    reason_id = fields.Many2one('aftersales.reason', domain=[('kind', '=', 'count')], check_company=True, copy=False)
    note = fields.Char(copy=False)

    # Adjusted
    move_id = fields.Many2one('stock.move', "Adjustment", readonly=True, copy=False, index='btree_not_null', ondelete='restrict')
    applied_value = fields.Monetary(
        "Adjusted Value", readonly=True, copy=False, groups=COST_GROUPS, help="What the adjustment was worth; negative when goods are missing."
    )

    _place_uniq = models.UniqueIndex(
        "(count_id, product_id, location_id, COALESCE(lot_id, 0), COALESCE(owner_id, 0), COALESCE(package_id, 0), "
        "COALESCE(repair_line_id, 0))",
        "[CNT-18] This part stands in the count already, at the same place.",
    )

    # === COMPUTE METHODS === #

    @api.depends('sequence', 'name', 'location_id')
    def _compute_display_name(self):
        for line in self:
            line.display_name = f'{line.sequence} {line.name} ({line.location_id.name})' if line.location_id else f'{line.sequence} {line.name}'

    # === CRUD METHODS === #

    def write(self, vals):
        if {'reason_id', 'note'} & vals.keys() and not self._is_guarded():
            closed = self.count_id.filtered(lambda count: count.state in ('applied', 'decided', 'cancelled'))
            if closed:
                raise coded_error('CNT-19', self.env._(
                    "%(count)s is finished: reasons and notes of its lines stay as they were approved.", count=closed[0].name))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_count(self):
        if not self._is_guarded():
            raise coded_error('CNT-20', self.env._(
                "A line of a count is not deleted: count 0 when nothing is there, or cancel the count."))

    # === BUSINESS METHODS: COUNTING === #

    def _is_counted(self):
        return bool(self.first_at)

    def _decisive_qty(self):
        """Return the number that stands: the second count's where there is one."""
        return self.second_qty if self.second_at else self.first_qty

    def _counted_line(self):
        """Return this line for `rules.count`; sudo: it holds the book."""
        line = self.sudo()
        return rules.CountedLine(*(
            Decimal(str(value)) for value in (line.book_at_count_qty, line._decisive_qty(), line.unit_cost)
        ))

    def _quant_key(self):
        return (self.product_id.id, self.location_id.id, self.lot_id.id, self.owner_id.id, self.package_id.id)

    @api.model
    def _record(self, quantities, at=None):
        """Record what somebody counted, the first or the second time as the count stands.

        :param dict quantities: {line: pieces} in the part's unit.
        :param datetime at: UTC, when it was counted (a paper sheet is typed in later); now unless given.
        :raise UserError: CNT-21 to CNT-25
        """
        if not quantities:
            return True
        lines = self.browse([line.id for line in quantities])
        problems = lines._problems(quantities, at)
        if problems:
            raise next(iter(problems.values()))
        numbers = {line.id: quantity for line, quantity in quantities.items()}
        now = fields.Datetime.now()
        books = lines.count_id._book_at_sudo(lines, at)
        for line in lines.sudo():
            number = 'second' if line.count_id.state == 'recount' else 'first'
            line._guarded().write({
                f'{number}_qty': numbers[line.id],
                f'{number}_by_id': self.env.uid,
                f'{number}_at': at or now,
                'book_at_count_qty': books[line],
                'state': 'recounted' if number == 'second' else 'counted',
            })
        return True

    def _problems(self, quantities, at=None):
        """Return {line: error to raise} of numbers that cannot be recorded; locks counts and lines first.

        Lines of the same count are recorded by many people at a time: they share the count and exclude each other
        on the line.
        """
        self.env['aftersales.stock.count']._ensure_role('parts_keeper', self.env._("Stock is counted by the parts room."))
        self.check_access('write')
        counter, counts = self.env.user, self.count_id
        counts._lock(COUNTING, 'SHARE')
        self.flush_recordset()
        self.env.execute_query(SQL(
            "SELECT id FROM aftersales_stock_count_line WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids)))
        second_person = {
            count: count.company_id._aftersales_gate('count_second_person') in ('block', 'override') for count in counts
        }
        frozen = {count: count.frozen_at for count in counts}
        problems = {}
        for line in self:
            if error := line._number_problem(quantities[line]):
                problems[line] = error
            elif at and not frozen[line.count_id] <= at <= fields.Datetime.now():
                problems[line] = coded_error('CNT-22', self.env._(
                    "%(line)s: it was counted before the book was frozen, or in the future. Correct the time.", line=line.display_name))
            elif line.count_id.state == 'recount':
                if not line.needs_second:
                    problems[line] = coded_error('CNT-23', self.env._(
                        "%(line)s needs no second count.", line=line.display_name))
                elif line.first_by_id == counter and second_person[line.count_id]:
                    problems[line] = coded_error('CNT-24', self.env._(
                        "You counted %(line)s the first time: somebody else counts it now.", line=line.display_name))
                elif line.second_at and line.second_by_id != counter:
                    problems[line] = line._taken(line.second_by_id)
            elif line.first_at and line.first_by_id != counter:
                problems[line] = line._taken(line.first_by_id)
        return problems

    def _taken(self, user):
        return coded_error('CNT-25', self.env._(
            "%(line)s was counted by %(person)s a moment ago. If the number is wrong, let this person correct it.",
            line=self.display_name, person=user.name,
        ))

    def _number_problem(self, quantity):
        """Return the error of a number that nobody can have counted, or None."""
        if isinstance(quantity, bool) or not isinstance(quantity, (int, float)) or not math.isfinite(quantity):
            verdict = 'number'
        else:
            verdict = rules.refusal(
                Decimal(str(quantity)), whole=self._is_piece(), single=self.product_id.tracking == 'serial',
            )
        if not verdict:
            return None
        return coded_error('CNT-21', {
            'number': self.env._("%(line)s: this is no number.", line=self.display_name),
            'negative': self.env._("%(line)s: nobody counts less than nothing. Enter 0 when nothing is there.", line=self.display_name),
            'absurd': self.env._("%(line)s: %(number)s pieces cannot be. Was a barcode scanned into the number?",
                                 line=self.display_name, number=quantity),
            'fraction': self.env._("%(line)s is counted in whole pieces.", line=self.display_name),
            'serial': self.env._("%(line)s is one serial number: it is there (1) or not (0).", line=self.display_name),
        }[verdict])

    def _is_piece(self):
        """Tell whether the unit is the piece: half a brake disc is a typing error, half a litre of oil is not."""
        piece = self.env['ir.model.data']._xmlid_to_res_id('uom.product_uom_unit', raise_if_not_found=False)
        return self.product_uom_id.id == piece

    # === BUSINESS METHODS: RESULT === #

    def _reveal(self, final=True):
        """Copy the book into the fields that may be read; called as superuser.

        :param bool final: the counting is over; else only the book of a count that is not blind.
        """
        for line in self:
            book, at_count, uom = line.frozen_qty, line.book_at_count_qty, line.product_uom_id
            vals = {
                'book_qty': book,
                'moved_qty': uom.round(at_count - book) if uom else at_count - book,
                'book_value': max(at_count, 0.0) * line.unit_cost,
            }
            if final and line._is_counted():
                counted = line._decisive_qty()
                difference = uom.round(counted - at_count) if uom else counted - at_count
                vals.update({
                    'counted_qty': counted,
                    'difference_qty': difference,
                    'difference_value': line.currency_id.round(difference * line.unit_cost),
                    'state': 'different' if difference else 'equal',
                })
            elif final:
                vals['state'] = 'missed'
            line._guarded().write(vals)

    def _forget_second(self):
        """Hide the book of lines that are counted once more, and make room for the new number; as superuser."""
        for line in self:
            vals = {
                'needs_second': True, 'state': 'recount', 'counted_qty': 0.0, 'difference_qty': 0.0, 'difference_value': 0.0,
                'second_qty': 0.0, 'second_by_id': False, 'second_at': False,
            }
            if line.second_at:
                # The last count stands as the first one: whoever made it may not check himself.
                vals.update(first_qty=line.second_qty, first_by_id=line.second_by_id.id, first_at=line.second_at)
            if line.count_id.is_blind:
                vals.update(book_qty=0.0, moved_qty=0.0, book_value=0.0)
            line._guarded().write(vals)
