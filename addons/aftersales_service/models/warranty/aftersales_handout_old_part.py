from odoo import models

from .old_part_const import IN_HOUSE


class AftersalesHandout(models.Model):
    """Old parts ticked at the hand-over of the car are handed over: the ones that are the customer's (R-WAR-09)."""

    _inherit = 'aftersales.handout'

    def _stamp_sudo(self, done):
        result = super()._stamp_sudo(done)
        if done:
            for order in self.filtered(lambda item: item.code == 'old_parts').pass_id.order_id:
                order.sudo().old_part_ids.filtered(
                    lambda part: part.state in IN_HOUSE and part.owner_kind == 'customer')._hand_with_car_sudo(self.env.user)
        return result
