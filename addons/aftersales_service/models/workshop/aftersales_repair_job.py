from odoo import api, fields, models

from .const import CLOSED_STATES, WORK_KINDS


class AftersalesRepairJob(models.Model):
    _inherit = 'aftersales.repair.job'

    operation_ids = fields.One2many('aftersales.operation', 'job_id', "Operations")
    clocked_hours = fields.Float("Clocked Hours", compute='_compute_clocked_hours')

    # === COMPUTE METHODS === #

    @api.depends('operation_ids.clocked_hours')
    def _compute_clocked_hours(self):
        for job in self:
            job.clocked_hours = sum(job.operation_ids.mapped('clocked_hours'))

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if vals.get('outcome', 'open') != 'open':
            # What left the order is not worked on any more, whichever verb took it out.
            self.sudo().operation_ids._close_for_job(self.env._("The job left the order"))
        return result

    # === GETTERS === #

    def _workshop_lines(self):
        """Return the lines for which somebody works on the car: labour and parts, not what is sold at the till."""
        return self.line_ids.filtered(lambda line: line.kind in ('labour', 'part') and not line.is_handover)

    def _is_handover_only(self):
        """Tell whether the job is only something sold at the till (no operation, no inspection)."""
        self.ensure_one()
        return bool(self.line_ids) and all(self.line_ids.mapped('is_handover'))

    def _needs_operation(self):
        """Tell whether somebody must work on the car for this job."""
        self.ensure_one()
        return bool(self.outcome == 'open' and self.order_id.profile_code != 'counter' and self._workshop_lines())

    def _undispatched_lines(self):
        """Return the labour lines that no operation covers yet."""
        return self._workshop_lines().filtered(lambda line: line.kind == 'labour' and not line.operation_id)

    def _is_worked(self):
        """Tell whether nothing is left to do on the job: each labour line's operation done, none open."""
        self.ensure_one()
        operations = self.operation_ids.filtered(lambda operation: operation.state != 'cancelled')
        if any(operation.state not in CLOSED_STATES for operation in operations):
            return False
        labour = self._workshop_lines().filtered(lambda line: line.kind == 'labour')
        if labour:
            return all(line.operation_id.state == 'done' for line in labour)
        return any(operation.kind in WORK_KINDS for operation in operations)

    def _needs_dispatch(self):
        """Tell whether a dispatch would give the workshop something to do that it does not have yet."""
        self.ensure_one()
        if not self._needs_operation() or self.is_parked:
            return False
        operations = self.operation_ids.filtered(lambda operation: operation.state != 'cancelled')
        if operations.filtered(lambda operation: operation.state == 'planned'):
            return True
        if self._workshop_lines().filtered(lambda line: line.kind == 'labour'):
            return bool(self._undispatched_lines())
        return not operations.filtered(lambda operation: operation.kind in WORK_KINDS)

    def _scope_text(self, lines, kind):
        """Return what is to be done, line by line; a job without lines is diagnosed or secured by its words.

        :rtype: str
        """
        self.ensure_one()
        rows = [f'• {line.name}' + (f' × {line.quantity:g}' if line.kind == 'part' else '') for line in lines]
        if not rows and kind not in WORK_KINDS:
            rows = [f'• {self.name}']
        return '\n'.join(rows)
