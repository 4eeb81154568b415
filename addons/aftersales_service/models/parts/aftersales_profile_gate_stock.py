from odoo import api, models


class AftersalesProfileGate(models.Model):
    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        return super()._gate_definitions() | {
            'statement_ties': {
                'name': self.env._("The in / stock / out statement agrees with valuation and ledger"),
                'rule': 'R-PART-05',
                'large': {'company': 'override'},
                'small': {'company': 'warn'},
            },
            'statement_second_person': {
                'name': self.env._("Another person confirms the in / stock / out statement"),
                'rule': 'R-PART-05',
                'large': {'company': 'block'},
                'small': {'company': 'off'},
            },
        }
