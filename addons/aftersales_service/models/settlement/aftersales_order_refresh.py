from odoo import models

# Notification type that the desks listen to; every member of the staff hears his groups' channels.
CHANGED = 'aftersales_desk_changed'


class AftersalesRepairOrder(models.Model):
    _inherit = 'aftersales.repair.order'

    def _advance(self):
        """Tell the open desks that something changed: every verb that records a fact ends here."""
        result = super()._advance()
        self._tell_desks_sudo()
        return result

    def _tell_desks_sudo(self):
        """Send one notice per company and transaction; sudo: it says that something changed, not what."""
        told = self.env.cr.precommit.data.setdefault(CHANGED, set())
        for company in self.company_id - self.env['res.company'].browse(told):
            told.add(company.id)
            self.env.ref('aftersales_service.group_user').sudo()._bus_send(CHANGED, {'company_id': company.id})
