from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = 'res.partner'

    # The truth of customer data is kept: who changed which address, with the old text (R-PERM-04).
    street = fields.Char(tracking=6)
    city = fields.Char(tracking=6)

    aftersales_vehicle_ids = fields.One2many('aftersales.vehicle', 'partner_id', string="Vehicles")
    aftersales_vehicle_count = fields.Integer(string="Vehicle count", compute='_compute_aftersales_vehicle_count')

    # === COMPUTE METHODS === #

    def _compute_aftersales_vehicle_count(self):
        """Count the vehicles of a customer, a company's including those of its contacts."""
        self.aftersales_vehicle_count = 0
        if not self.env['aftersales.vehicle'].has_access('read'):
            return
        partners = self.with_context(active_test=False).search_fetch([('id', 'child_of', self.ids)], ['parent_id'])
        counts = self.env['aftersales.vehicle']._read_group(
            [('partner_id', 'in', partners.ids)], ['partner_id'], ['__count'],
        )
        for partner, count in counts:
            while partner:
                if partner in self:
                    partner.aftersales_vehicle_count += count
                partner = partner.parent_id

    # === ACTION METHODS === #

    def action_aftersales_view_vehicles(self):
        """Open the vehicles of this customer and of his contacts."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_vehicle_action')
        return {
            **action,
            'domain': Domain('partner_id', 'child_of', self.id),
            'context': {'default_partner_id': self.id},
        }

    # === BUSINESS METHODS === #

    def _aftersales_vehicles(self):
        """Return the vehicles of this customer and of his contacts that the user may see.

        :rtype: recordset of aftersales.vehicle
        """
        self.ensure_one()
        return self.env['aftersales.vehicle'].search([('partner_id', 'child_of', self.id)])
