from odoo import fields, models

from .const import HELD


class AftersalesRepairOrder(models.Model):
    _inherit = 'aftersales.repair.order'

    tool_move_ids = fields.One2many('aftersales.tool.move', 'order_id', string="Tool entries")
    tool_out_count = fields.Integer("Tools out", compute='_compute_tool_out_count')

    # === COMPUTE METHODS === #

    def _compute_tool_out_count(self):
        loans = self._open_tool_loans()
        for order in self:
            order.tool_out_count = len(loans.get(order._origin, ()))

    # === ACTION METHODS === #

    def action_view_tools(self):
        """Open what was lent for this order, what is still out first."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_tool_move_action')
        action.update(domain=[('order_id', '=', self.id)], context={'search_default_out': 1})
        return action

    # === BUSINESS METHODS === #

    def _open_tool_loans(self):
        """Return what is still lent for these orders; a kit counts once.

        Superuser: whoever sees the order may know that a tool of it is out.

        :rtype: dict  `{order: aftersales.tool.move}`, orders without an open loan left out
        """
        loans = self.env['aftersales.tool.move'].sudo().search([
            ('order_id', 'in', self.ids), ('open_qty', '>', 0), ('dest_place', 'in', HELD),
        ])
        loans -= loans._in_their_kits()
        return {order.with_env(self.env): group for order, group in loans.grouped('order_id').items()}

    def _blockers(self, target):
        """Show the tools that were lent for the order and are not back when its car goes (R-TOOL-03)."""
        found = super()._blockers(target)
        if target == 'released':
            for order, loans in self._open_tool_loans().items():
                found[order].append(order._blocker('tool_open_on_order', 'TOO-45', self.env._(
                    "Tools lent for %(order)s are not back: %(tools)s.", order=order.name,
                    tools=", ".join(f'{loan.tool_id.display_name} ({loan.holder})' for loan in loans),
                ), {'label': self.env._("Show the loans"), 'action': order.action_view_tools()}))
        return found
