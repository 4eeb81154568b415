from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.errors import coded_error
from .const import CONDITIONS, HELD, OUTSIDE, Spot


class AftersalesToolCheckLine(models.Model):
    """One tool on a check: how many there should be, how many were found, in which condition."""

    _name = 'aftersales.tool.check.line'
    _description = "Checked Tool"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'check_id, tool_id'
    _check_company_auto = True
    _guarded_fields = frozenset({'check_id', 'tool_id', 'expected_qty', 'move_ids'})

    check_id = fields.Many2one('aftersales.tool.check', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='check_id.company_id', store=True, index=True)
    tool_id = fields.Many2one(
        'aftersales.tool', required=True, readonly=True, index=True, ondelete='restrict', check_company=True
    )
    code = fields.Char(related='tool_id.code')
    shelf = fields.Char(related='tool_id.shelf')
    expected_qty = fields.Integer("By the Ledger", readonly=True)
    found_qty = fields.Integer("Found")
    is_counted = fields.Boolean("Looked At")
    difference = fields.Integer(compute='_compute_difference', store=True)
    condition = fields.Selection(CONDITIONS, default='good')
    settlement = fields.Selection(
        [('loss', "Lost"), ('correction', "The ledger was wrong")], "If Missing", default='loss', required=True,
        help="Lost: opens an incident. The ledger was wrong: it is corrected, nobody is asked.",
    )
    reason = fields.Char()
    move_ids = fields.Many2many('aftersales.tool.move', string="Ledger Entries", readonly=True, copy=False)

    _found_positive = models.Constraint('CHECK(found_qty >= 0)', "[TOO-79] Fewer than none cannot be found.")

    # === COMPUTE METHODS === #

    @api.depends('expected_qty', 'found_qty', 'is_counted')
    def _compute_difference(self):
        for line in self:
            line.difference = line.found_qty - line.expected_qty if line.is_counted else 0

    @api.onchange('found_qty')
    def _onchange_found_qty(self):
        if self.found_qty:
            self.is_counted = True

    # === CONSTRAINT METHODS === #

    @api.constrains('found_qty')
    def _check_found_qty(self):
        for line in self:
            if line.found_qty > 1 and line.tool_id.tracking == 'serial':
                raise coded_error('TOO-79', self.env._(
                    "%(tool)s has a number of its own: one at most can be found.", tool=line.tool_id.display_name,
                ), ValidationError)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('TOO-73', self.env._("The list of a check comes from the ledger."))
        return super().create(vals_list)

    def write(self, vals):
        if not self._is_guarded() and any(line.check_id.state != 'draft' for line in self):
            raise coded_error('TOO-73', self.env._("A finished check does not change any more."))
        return super().write(vals)

    # === ACTION METHODS === #

    def action_present(self):
        """Tick it off: everything is there."""
        for line in self:
            line.write({'found_qty': line.expected_qty, 'is_counted': True})
        return True

    def action_missing(self):
        """Tick it off: nothing of it is there."""
        self.write({'found_qty': 0, 'is_counted': True})
        return True

    # === BUSINESS METHODS === #

    def _deviating(self):
        """Return the lines that differ from the ledger, or whose tool is not as it should be."""
        return self.filtered(
            lambda line: line.is_counted and (line.difference or line.condition in ('incomplete', 'damaged'))
        )

    def _is_outrun(self):
        """Whether what lacks here is no longer where it was looked for: the ledger went on since the check."""
        self.ensure_one()
        tool, check = self.tool_id.sudo(), self.check_id
        if check.kind == 'count':
            left = tool.available_qty if tool.keeper_id == check.keeper_id else 0
        else:
            left = sum(self._held_sudo().mapped('open_qty'))
        return left < self._needed_qty()

    def _held_sudo(self):
        """Return the open loans of the tool to whom the spot check is about, as superuser."""
        self.ensure_one()
        return self.tool_id.sudo()._open_moves(HELD, self.check_id.employee_id, self.check_id.team_id)

    def _needed_qty(self):
        """Return how many pieces must be where they were looked for, to book what was seen."""
        self.ensure_one()
        return max(-self.difference, 1 if self._is_broken() else 0)

    def _is_broken(self):
        """Whether the very tool was found broken; of counted tools nobody knows which piece."""
        self.ensure_one()
        return self.condition == 'damaged' and self.found_qty == 1 and self.tool_id.tracking == 'serial'

    def _settle(self):
        """Bring the ledger to what was found on this line; the check was approved."""
        self.ensure_one()
        line, tool = self.sudo(), self.tool_id.sudo()._lock()
        if self._is_broken():
            employee = self.check_id.employee_id if self.check_id.kind == 'spot' else None
            moves = self.tool_id._record_damage(
                self.env._("%(check)s: %(reason)s", check=line.check_id.name, reason=line.reason or '–'), employee=employee)
            line._guarded().write({'move_ids': [(6, 0, moves.ids)]})
            return
        if not self.difference:
            return
        note = self.env._("%(check)s: %(reason)s", check=line.check_id.name, reason=line.reason or '–')
        missing, spot_facts = -line.difference, {'note': note, 'keeper': self.env.user.sudo().employee_id}
        kind = 'loss' if missing > 0 and line.settlement == 'loss' else 'correction'
        if missing < 0:
            # More than the books say: it was never written in.
            vals_list = [tool._prepare_move_vals(kind, -missing, OUTSIDE, tool._home(line._home_keeper()), **spot_facts)]
        else:
            dest = Spot('lost', tool.keeper_id.id) if kind == 'loss' else OUTSIDE
            if line.check_id.kind == 'count':
                vals_list = [tool._prepare_move_vals(kind, missing, tool._home(line._home_keeper()), dest, **spot_facts)]
            else:
                vals_list = tool._split(kind, missing, self._held_sudo(), dest, **spot_facts)
        moves = tool._post_moves(vals_list)
        line._guarded().write({'move_ids': [(6, 0, moves.ids)]})

    def _home_keeper(self):
        """Return in whose sub-ledger the difference stands."""
        self.ensure_one()
        return self.check_id.keeper_id if self.check_id.kind == 'count' else self.tool_id.keeper_id
