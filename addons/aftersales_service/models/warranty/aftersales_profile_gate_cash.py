from odoo import api, models

SUPERVISOR = 'aftersales_service.group_frontdesk_supervisor'


class AftersalesProfileGate(models.Model):
    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        _ = self.env._
        return super()._gate_definitions() | {
            'statement_complete': {
                'name': _("Every line of a manufacturer's statement has its claim, and the total is his"),
                'rule': 'R-WAR-13',
                'group': 'aftersales_service.group_accountant',
                'help': _("Lines without a claim are otherwise left out of the invoice."),
                'large': {'company': 'block'},
                'small': {'company': 'warn'},
            },
            'claim_write_off_second': {
                'name': _("A second person approves writing off what a manufacturer did not pay"),
                'rule': 'R-WAR-13',
                'help': _("Above the limit of the settings."),
                'large': {'company': 'block'},
                'small': {'company': 'block'},
            },
        }
