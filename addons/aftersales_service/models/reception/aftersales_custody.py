from odoo import api, fields, models

from ..base.errors import coded_error

KINDS = [('key', "Key"), ('licence', "Vehicle licence"), ('handbook', "Maintenance handbook"), ('other', "Other")]


class AftersalesCustody(models.Model):
    """A key or paper of the customer that we keep: where it hangs, who holds it now, when it went back.

    Created at intake, moved with `_hand_to`, stamped (handbook), given back with `_return` before the car leaves.
    """

    _name = 'aftersales.custody'
    _description = "Custody of Keys and Papers"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'kind, id'
    _check_company_auto = True
    _guarded_fields = frozenset({
        'received_at', 'received_by_id', 'returned_at', 'returned_by_id', 'stamped_at', 'stamped_by_id',
    })

    visit_id = fields.Many2one(
        comodel_name='aftersales.visit', required=True, ondelete='restrict', index=True, check_company=True)
    company_id = fields.Many2one(related='visit_id.company_id', store=True, index=True)
    vehicle_id = fields.Many2one(related='visit_id.vehicle_id', store=True, index='btree_not_null')
    license_plate = fields.Char(related='visit_id.license_plate')
    kind = fields.Selection(selection=KINDS, required=True, default='key')
    number = fields.Char(help="Number on the key tag; unique while the car is inside. Empty: the next free one.")
    name = fields.Char(string="Description", help="E.g. remote, spare key, kind of paper.")
    hook = fields.Char(help="Where it hangs or lies.")
    holder_id = fields.Many2one(
        comodel_name='hr.employee', string="Holder", check_company=True, index='btree_not_null',
        help="Who has it now; empty: on its hook.")
    holder_ids = fields.One2many(
        comodel_name='aftersales.custody.holder', inverse_name='custody_id', string="Holders")
    received_at = fields.Datetime(readonly=True, copy=False, default=fields.Datetime.now)
    received_by_id = fields.Many2one(
        comodel_name='res.users', readonly=True, copy=False, default=lambda self: self.env.user)
    stamped = fields.Boolean(help="The handbook was stamped after the maintenance.")
    stamped_at = fields.Datetime(readonly=True, copy=False)
    stamped_by_id = fields.Many2one(comodel_name='res.users', readonly=True, copy=False)
    returned_at = fields.Datetime(readonly=True, copy=False)
    returned_by_id = fields.Many2one(comodel_name='res.users', readonly=True, copy=False)
    returned_to = fields.Char(copy=False)

    _key_number_free = models.UniqueIndex(
        "(company_id, upper(number)) WHERE kind = 'key' AND returned_at IS NULL",
        "[REC-19] This key number is in use by a car inside. Take a free number.",
    )
    _key_has_number = models.Constraint(
        "CHECK (kind != 'key' OR number IS NOT NULL)", "[REC-19] A key needs its number.")

    # === COMPUTE METHODS === #

    @api.depends('kind', 'number', 'name', 'license_plate')
    def _compute_display_name(self):
        labels = dict(self._fields['kind']._description_selection(self.env))
        for item in self:
            item.display_name = " ".join(filter(None, [labels.get(item.kind), item.number, item.name]))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Keys without a number get the lowest free one (R-PROC-23); who receives it is noted."""
        taken = {}
        keys = [vals for vals in vals_list if vals.get('kind', 'key') == 'key']
        # Typed numbers first, so that none of them is given away below.
        for vals in sorted(keys, key=lambda vals: not vals.get('number')):
            company = self.env['aftersales.visit'].browse(vals['visit_id']).company_id
            if company not in taken:
                taken[company] = self._taken_numbers(company)
            vals['number'] = vals.get('number') or self._next_free_number(taken[company])
            self._ensure_number_free(vals['number'], taken[company], company)
            taken[company].add(vals['number'].upper())
        return super().create(vals_list)

    def write(self, vals):
        if {'kind', 'number', 'visit_id'} & set(vals):
            self._ensure_held()
        if vals.get('number'):
            for item in self.filtered(lambda item: item.kind == 'key'):
                self._ensure_number_free(
                    vals['number'], self._taken_numbers(item.company_id, item), item.company_id)
        before = {item: (item.holder_id, item.hook) for item in self} if {'holder_id', 'hook'} & set(vals) else {}
        if before:
            self._ensure_held()
        result = super().write(vals)
        moved = self.filtered(lambda item: item in before and before[item] != (item.holder_id, item.hook))
        moved._log_holders()
        if 'stamped' in vals:
            now = fields.Datetime.now()
            self._guarded().write({
                'stamped_at': now if vals['stamped'] else False, 'stamped_by_id': vals['stamped'] and self.env.uid})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        for item in self:
            if item.visit_id.state != 'expected':
                raise coded_error('REC-33', self.env._(
                    "%(what)s was taken into custody and cannot be deleted. Give it back instead.",
                    what=item.display_name))

    # === ACTION METHODS === #

    def action_return(self):
        self._return()

    def action_hang_up(self):
        """Back on its hook."""
        self._hand_to(False)

    def action_take(self):
        """I have it now."""
        employee = self.env.user.employee_id
        if not employee:
            raise coded_error('REC-28', self.env._(
                "Your user has no employee, so nobody would know who holds the key."))
        self._hand_to(employee)

    # === BUSINESS METHODS === #

    def _hand_to(self, employee, hook=None):
        """Record who holds it now, or that it hangs on its hook (employee False)."""
        self.write({'holder_id': employee.id if employee else False, **({'hook': hook} if hook is not None else {})})

    def _stamp(self):
        self.write({'stamped': True})

    def _return(self, to=None, at=None):
        """Give it back to the customer (R-PROC-25); the key number is free again."""
        self._ensure_held()
        for item in self:
            item._guarded().write({
                'returned_at': at or fields.Datetime.now(), 'returned_by_id': self.env.uid,
                'returned_to': to or item.visit_id.driver_name or item.visit_id.partner_id.name,
            })

    def _ensure_held(self):
        for item in self:
            if item.returned_at:
                raise coded_error('REC-28', self.env._(
                    "%(what)s has been given back already.", what=item.display_name))

    def _log_holders(self):
        self.env['aftersales.custody.holder']._guarded().create([{
            'custody_id': item.id, 'holder_id': item.holder_id.id, 'hook': item.hook,
        } for item in self])

    @api.model
    def _taken_numbers(self, company, without=None):
        """Numbers of the keys in the house, upper case.

        :param recordset without: a key that may keep its own number.
        """
        held = self.search_fetch(
            [('company_id', '=', company.id), ('kind', '=', 'key'), ('returned_at', '=', False)], ['number'])
        return {item.number.upper() for item in held - (without or self.browse()) if item.number}

    @api.model
    def _ensure_number_free(self, number, taken, company):
        """Name the car that has the number; between two desks the unique index is the judge (R-PROC-23)."""
        if number.upper() not in taken:
            return
        other = self.search([
            ('company_id', '=', company.id), ('kind', '=', 'key'), ('number', '=ilike', number),
            ('returned_at', '=', False)], limit=1)
        raise coded_error('REC-19', self.env._(
            "Key number %(number)s belongs to %(car)s, which is inside. Take a free number.",
            number=number, car=other.visit_id.display_name or self.env._("another key of this list")))

    @api.model
    def _next_free_number(self, taken):
        """Lowest number from 1 that no key in the house carries."""
        number = 1
        while str(number) in taken:
            number += 1
        return str(number)
