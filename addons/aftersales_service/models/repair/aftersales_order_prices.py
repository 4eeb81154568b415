from odoo import fields, models


class AftersalesRepairOrder(models.Model):
    """A line keeps the catalogue of the moment it was put on the order; newer prices are taken on purpose (R-PART-20)."""

    _inherit = 'aftersales.repair.order'

    # === BUSINESS METHODS === #

    def _repriceable_lines(self):
        """Return lines whose price still follows the catalogue and which nobody has approved yet."""
        return self.line_ids.filtered(
            lambda line: (
                line.job_id.outcome == 'open'
                and not line.job_id.is_approved
                and not line.has_manual_price
                and line.supplied_by != 'customer'
            )
        )

    def _take_current_prices(self):
        """Bring what nobody has approved yet to the catalogue of today.

        What the customer approved stays at the price he approved; prices somebody changed with a reason stay too.

        :return: the lines whose price changed.
        :rtype: recordset of aftersales.repair.line
        """
        self.check_access('write')
        self._ensure_editable()
        lines = self._repriceable_lines()
        lines = lines - lines.browse([line.id for line in lines._lock_reasons()])
        before = {line: line.price_unit for line in lines}
        lines._guarded().priced_at = fields.Datetime.now()
        changed = lines.filtered(lambda line: line.price_unit != before[line])
        for order, some in changed.grouped('order_id').items():
            order.message_post(
                body=self.env._(
                    "Taken over from today's catalogue: %(lines)s",
                    lines=", ".join(
                        f"{line.name} {order.currency_id.format(before[line])} → {order.currency_id.format(line.price_unit)}"
                        for line in some
                    ),
                )
            )
        self._advance()
        return changed

    # === ACTIONS === #

    def action_take_current_prices(self):
        changed = self._take_current_prices()
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success' if changed else 'info',
                'message': self.env._("%(count)s prices changed.", count=len(changed))
                if changed
                else self.env._("Every price that may change is today's already."),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }
