from odoo import api, models


class AftersalesProfileGate(models.Model):
    _inherit = 'aftersales.profile.gate'

    # === BUSINESS METHODS === #

    @api.model
    def _gate_definitions(self):
        return {
            **super()._gate_definitions(),
            'vin_check': {
                'name': self.env._("VIN is wrong"),
                'help': self.env._(
                    "A chassis number that is incomplete, holds a forbidden letter or, where the brand or country "
                    "uses it, fails its check digit. An empty VIN is never refused here."
                ),
                'rule': 'R-PROC-24',
                'large': {'company': 'override'},
                'small': {'company': 'warn'},
                'group': 'aftersales_service.group_receptionist',
            },
            'plate_format': {
                'name': self.env._("Plate is no Chinese plate"),
                'help': self.env._("Only for companies in China: the text fits no kind of mainland plate."),
                'rule': 'R-PROC-24',
                'large': {'company': 'warn'},
                'small': {'company': 'warn'},
                'group': 'aftersales_service.group_receptionist',
            },
            'plate_duplicate': {
                'name': self.env._("Two vehicles with one plate"),
                'help': self.env._("A plate may move to its owner's next car; the old car's file should lose it then."),
                'rule': 'R-PERM-04',
                'large': {'company': 'warn'},
                'small': {'company': 'warn'},
                'group': 'aftersales_service.group_receptionist',
            },
            'odometer_lower': {
                'name': self.env._("Odometer went backwards"),
                'help': self.env._("A reading below the last one of the same instrument."),
                'rule': 'R-PROC-24',
                'large': {'company': 'override'},
                'small': {'company': 'override'},
                'group': 'aftersales_service.group_receptionist',
            },
            'odometer_jump': {
                'name': self.env._("Odometer jumped"),
                'help': self.env._("More kilometres since the last reading than a car can drive: a typing mistake?"),
                'rule': 'R-PROC-24',
                'large': {'company': 'override'},
                'small': {'company': 'warn'},
                'group': 'aftersales_service.group_receptionist',
            },
        }
