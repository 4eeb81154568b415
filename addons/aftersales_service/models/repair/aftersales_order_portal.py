from odoo import models


class AftersalesRepairOrder(models.Model):
    """What the customer sees of his order."""

    _inherit = 'aftersales.repair.order'

    def _portal_ensure_token(self):
        # The token is a fact like others: a client may ask for one, never choose it.
        return super(AftersalesRepairOrder, self._guarded())._portal_ensure_token()

    def _portal_values(self):
        """Return what the customer's page shows besides order and estimate; rooms add their own (photos, amount due).

        :rtype: dict
        """
        self.ensure_one()
        labels = dict(self._fields['state']._description_selection(self.env))
        steps = ['draft', 'authorised', 'in_progress', 'inspecting', 'ready', 'released']
        reached = list(labels).index(self.state)
        return {
            'steps': [(labels[step], list(labels).index(step) <= reached) for step in steps],
            'can_sign': any(estimate.state == 'issued' for estimate in self.estimate_ids),
        }

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.name.replace('/', '-')

    def _send_estimate(self):
        """Send the customer the link to his page by mail, and note it on the order."""
        template = self.env.ref('aftersales_service.mail_template_estimate')
        for order in self:
            order._portal_ensure_token()
            order.message_post_with_source(template, subtype_xmlid='mail.mt_comment')

    def action_send_estimate(self):
        """Send the estimate link to the customer."""
        self._send_estimate()
