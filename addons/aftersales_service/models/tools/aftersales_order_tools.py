from odoo import models

from ..workshop.const import CLOSED_STATES


class AftersalesRepairOrder(models.Model):
    """What the tool room says to a dispatch: special tools that are not there (R-TOOL-12)."""

    _inherit = 'aftersales.repair.order'

    def _blockers_dispatch(self):
        return [*super()._blockers_dispatch(), *self._tool_blockers()]

    def _tool_blockers(self):
        """Return a reason for each kind of special tool of which none is free, for the operations a verb is about."""
        self.ensure_one()
        if self._gate_profile()._gate('tool_shortage') == 'off':
            return []
        operations = self._context_operations()
        if operations is None:
            operations = self.operation_ids.filtered(lambda operation: operation.state not in CLOSED_STATES)
        return [
            self._blocker('tool_shortage', 'TOO-54', row['clash'])
            for rows in operations._tool_situations().values()
            for row in rows
            if row['clash']
        ]
