from odoo import models


class AftersalesRepairOrder(models.Model):
    _inherit = 'aftersales.repair.order'

    def _after_transition(self, source, target):
        """Count a warranty repair for the 三包 watch of its car when it begins and when it is over."""
        result = super()._after_transition(source, target)
        if target in ('in_progress', 'ready', 'released') and 'warranty' in self.payer_ids.mapped('kind'):
            self.env['aftersales.guarantee.watch']._refresh(self.vehicle_id)
        return result
