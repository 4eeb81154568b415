from odoo import api, models


class AftersalesProfileGate(models.Model):
    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        """Add the gates before a claim is sent; they follow the profile of its order."""
        return super()._gate_definitions() | {
            'claim_check': {
                'name': self.env._("A warranty claim is checked before it is sent"),
                'rule': 'R-WAR-11',
                'large': {'*': 'block'},
                'small': {'*': 'off'},
            },
            'claim_readiness': {
                'name': self.env._("No red light on a warranty claim that is sent"),
                'rule': 'R-WAR-11',
                'help': self.env._("Twelve lights from the facts of the order; a manager may pass one with a reason."),
                'large': {'*': 'override'},
                'small': {'*': 'override'},
            },
            'claim_documents': {
                'name': self.env._("The papers of a warranty claim are complete"),
                'rule': 'R-WAR-11',
                'large': {'*': 'block'},
                'small': {'*': 'warn'},
            },
            'claim_permit': {
                'name': self.env._("No claim outside the warranty or above the permitted amount"),
                'rule': 'R-WAR-05, R-PERM-06',
                'large': {'*': 'override'},
                'small': {'*': 'override'},
            },
            'claim_reopen': {
                'name': self.env._("An order is not reopened while the manufacturer has its claim"),
                'rule': 'R-WAR-11',
                'group': 'aftersales_service.group_accountant',
                'help': self.env._(
                    "A query opens the claim again: then the order may change and the claim is sent anew with what is right."
                ),
                'large': {'*': 'block'},
                'small': {'*': 'override'},
            },
        }
