from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_shop_size = fields.Selection(related='company_id.aftersales_shop_size', readonly=False)
    aftersales_wip_account_id = fields.Many2one(related='company_id.aftersales_wip_account_id', readonly=False)
    aftersales_day_start = fields.Float(related='company_id.aftersales_day_start', readonly=False)

    # === ACTION METHODS === #

    def action_aftersales_setup_check(self):
        """Open the set-up check of the company."""
        return self.env['aftersales.setup.check'].action_open()

    def action_aftersales_gates(self):
        """Open the table of gates."""
        return self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_profile_gate_action')
