from odoo import api, fields, models

from ..base.errors import coded_error


class ResPartner(models.Model):
    _inherit = 'res.partner'

    aftersales_oem_approved = fields.Boolean(
        "Approved for Original Parts",
        tracking=True,
        copy=False,
        help="The manufacturer, or a dealer whose original parts the parts manager trusts. Receiving parts of grade "
        "“Original” from anybody else is stopped.",
    )

    aftersales_is_manufacturer = fields.Boolean(
        "Manufacturer's Parts Supply",
        copy=False,
        help="Receipts from it are what the manufacturer delivered. Who pays warranty claims of a brand counts anyway.",
    )
    aftersales_is_subdealer = fields.Boolean(
        "Sub-Dealer",
        copy=False,
        help="Buys parts for a workshop or shop of its own. What it asks for counts as demand and is told apart from ours.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get('aftersales_oem_approved') for vals in vals_list):
            self._aftersales_ensure_can_approve()
        return super().create(vals_list)

    def write(self, vals):
        if 'aftersales_oem_approved' in vals and any(
            partner.aftersales_oem_approved != vals['aftersales_oem_approved'] for partner in self
        ):
            self._aftersales_ensure_can_approve()
        return super().write(vals)

    # === ACTIONS === #

    def action_aftersales_approve_oem(self):
        """Approve these vendors for original parts, or take the approval back (parts manager)."""
        self._aftersales_ensure_can_approve()
        self.check_access('read')
        self._aftersales_approve_oem_sudo(not all(self.mapped('aftersales_oem_approved')))
        return True

    def _aftersales_approve_oem_sudo(self, approved):
        """sudo: the parts manager edits no contacts; this one mark is his."""
        self.sudo().aftersales_oem_approved = approved

    # === BUSINESS METHODS === #

    @api.model
    def _aftersales_manufacturers_sudo(self):
        """Return the manufacturers: marked ones, and who pays the claims of a brand; sudo: ids for a figure only."""
        marked = self.sudo().search([('aftersales_is_manufacturer', '=', True)])
        brands = self.env['aftersales.vehicle.brand'].sudo().with_context(active_test=False)
        return (marked | brands.search([('claim_partner_id', '!=', False)]).claim_partner_id).commercial_partner_id

    def _aftersales_ensure_can_approve(self):
        """Only the parts manager approves sources of original parts.

        :raise UserError: PAR-69
        """
        if not self.env.su and not self.env.user.has_group('aftersales_service.group_parts_manager'):
            raise coded_error(
                'PAR-69', self.env._("Only the parts manager approves a source of original parts. Ask him.")
            )
