from odoo import api, models


class AftersalesProfileGate(models.Model):
    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        """Add the gates of coverage, appraisal and comeback."""
        nothing = {'counter': 'off', 'internal': 'off'}
        return super()._gate_definitions() | {
            'comeback_triage': {
                'name': self.env._("Back soon after a repair: same complaint?"),
                'rule': 'R-WAR-18',
                'help': self.env._(
                    "A car that is back within the days and kilometres of the settings: for each former job somebody "
                    "says whether the customer has the same complaint, before an estimate is issued."
                ),
                'large': {'*': 'block', 'express': 'warn', 'fleet': 'warn', **nothing},
                'small': {'*': 'warn', **nothing},
            },
            'coverage_payer': {
                'name': self.env._("The manufacturer pays only what is covered"),
                'rule': 'R-PERM-06, R-WAR-01',
                'help': self.env._(
                    "A warranty job whose coverage is over, or that was appraised as not covered, is neither started "
                    "nor settled, unless the appraisal said that it is covered."
                ),
                'large': {'*': 'override', **nothing},
                'small': {'*': 'warn', **nothing},
            },
            'preauthorisation': {
                'name': self.env._("Pre-authorisation number where doubtful or above the permit"),
                'rule': 'R-WAR-05',
                'large': {'*': 'block', 'counter': 'off'},
                'small': {'*': 'override', 'counter': 'off'},
            },
            'appraisal_complete': {
                'name': self.env._("Appraisal with finding, fault code or part, photo"),
                'rule': 'R-WAR-04',
                'large': {'*': 'block'},
                'small': {'*': 'warn'},
            },
            'refusal_consent': {
                'name': self.env._("A refusal is explained, and the customer agrees before he pays"),
                'rule': 'R-WAR-14',
                'large': {'*': 'block', 'counter': 'off'},
                'small': {'*': 'block', 'counter': 'off'},
            },
            'clerk_training': {
                'name': self.env._("Warranty clerks are trained"),
                'rule': 'R-PERM-07',
                'large': {'company': 'block'},
                'small': {'company': 'warn'},
            },
        }
