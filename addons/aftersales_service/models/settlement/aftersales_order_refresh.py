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
        # Not `env.ref`: it asks the database each time whether the group still exists.
        staff = self.env['res.groups'].sudo().browse(
            self.env['ir.model.data']._xmlid_to_res_id('aftersales_service.group_user', raise_if_not_found=True)
        )
        for company in self.company_id - self.env['res.company'].browse(told):
            told.add(company.id)
            staff._bus_send(CHANGED, {'company_id': company.id})
