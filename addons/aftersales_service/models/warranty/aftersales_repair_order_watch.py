from odoo import models


class AftersalesRepairOrder(models.Model):
    _inherit = 'aftersales.repair.order'

    def _after_transition(self, source, target):
        """Count a warranty repair for the 三包 watch of its car when it begins and when it is over."""
        result = super()._after_transition(source, target)
        if target in ('in_progress', 'ready', 'released') and 'warranty' in self.payer_ids.mapped('kind'):
            self.env['aftersales.guarantee.watch']._refresh(self.vehicle_id)
        return result

    def _status_flags(self):
        """A job parked for the manufacturer's answer waits for him."""
        flags = super()._status_flags()
        waiting = {order for (order,) in self.env['aftersales.warranty.appraisal'].sudo()._read_group(
            [('order_id', 'in', self.ids), ('state', '=', 'preauthorisation'), ('job_id.outcome', '=', 'open')], ['order_id'],
        )}
        for order in self:
            if order._origin in waiting and 'waiting_oem' not in flags[order.id]:
                flags[order.id].append('waiting_oem')
        return flags
