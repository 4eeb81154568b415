from odoo import api, fields, models

# Groups whose work is to call customers; everybody else sees masked numbers on our documents.
CALLERS = (
    'aftersales_service.group_service_manager',
    'aftersales_service.group_general_manager',
    'aftersales_service.group_receptionist',
    'aftersales_service.group_cashier',
)


class ResPartner(models.Model):
    _inherit = 'res.partner'

    aftersales_phone_masked = fields.Char(
        string="Phone (masked)", compute='_compute_aftersales_phone_masked',
        help="The phone number, with its middle hidden for people who do not call customers.",
    )

    # === COMPUTE METHODS === #

    @api.depends('phone')
    @api.depends_context('uid')
    def _compute_aftersales_phone_masked(self):
        visible = self._aftersales_sees_phones()
        for partner in self:
            partner.aftersales_phone_masked = partner.phone if visible else self._aftersales_mask_phone(partner.phone)

    # === BUSINESS METHODS === #

    @api.model
    def _aftersales_sees_phones(self):
        """Whether the user calls customers and so sees whole phone numbers on our documents."""
        return any(self.env.user.has_group(group) for group in CALLERS)

    @api.model
    def _aftersales_mask_phone(self, phone):
        """Return a phone number with its middle hidden: `138****5678`; short numbers keep their last two digits.

        :param str phone: as typed; spaces, dashes and brackets are dropped.
        :rtype: str | bool
        """
        if not phone:
            return False
        digits = ''.join(char for char in phone if char.isdigit() or char == '+')
        if len(digits) < 8:
            return '*' * max(len(digits) - 2, 0) + digits[-2:]
        return digits[:-8] + '****' + digits[-4:]

    @api.model
    def _aftersales_phone_shown(self, phone):
        """Return a phone number as the user may see it (for numbers typed on our documents)."""
        return phone if self._aftersales_sees_phones() else self._aftersales_mask_phone(phone)
