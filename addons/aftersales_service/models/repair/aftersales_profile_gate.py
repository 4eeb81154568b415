from odoo import api, models


class AftersalesProfileGate(models.Model):
    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        return super()._gate_definitions() | {
            'mandatory_data': {
                'name': self.env._("Mandatory data complete before work is agreed"),
                'rule': 'R-PROC-24',
                'large': {'*': 'block', 'express': 'warn', 'tow_in': 'warn', 'counter': 'off'},
                'small': {'*': 'warn', 'tow_in': 'off', 'counter': 'off'},
            },
            'estimate_caveat': {
                'name': self.env._("Estimate method: risk surcharge or explanation recorded"),
                'rule': 'R-PROC-36, R-PROC-37',
                'large': {'*': 'block', 'internal': 'off', 'counter': 'off'},
                'small': {'*': 'off'},
            },
            'customer_signature': {
                'name': self.env._("Signature or recorded authorisation before work starts"),
                'rule': 'R-PROC-48',
                'large': {'*': 'block', 'internal': 'off', 'counter': 'off'},
                'small': {'*': 'block', 'internal': 'off', 'counter': 'off'},
            },
            'agreement_ticks': {
                'name': self.env._("Content, price and time agreed one by one"),
                'rule': 'R-PROC-47',
                'large': {'*': 'block', 'express': 'off', 'internal': 'off', 'counter': 'off', 'tow_in': 'warn'},
                'small': {'*': 'off'},
            },
            'phone_second_person': {
                'name': self.env._("A second person hears consents by phone"),
                'rule': 'R-CON-32',
                'large': {'*': 'block'},
                'small': {'*': 'block'},
            },
            'pickup_signature': {
                'name': self.env._("Consents by phone signed at pick-up"),
                'rule': 'R-PROC-64, R-CON-12',
                'large': {'*': 'override', 'internal': 'off', 'counter': 'off'},
                'small': {'*': 'warn', 'internal': 'off', 'counter': 'off'},
            },
            'diagnosis_consent': {
                'name': self.env._("Consent before a diagnosis that costs money"),
                'rule': 'R-PROC-28',
                'large': {'*': 'block', 'internal': 'off'},
                'small': {'*': 'off'},
            },
            'disclaimer_signed': {
                'name': self.env._("Disclaimer for own or aftermarket parts signed"),
                'rule': 'R-PROC-39',
                'large': {'*': 'block', 'internal': 'off'},
                'small': {'*': 'warn', 'internal': 'off'},
            },
            'safety_refusal': {
                'name': self.env._("Refused safety item acknowledged by the customer"),
                'rule': 'R-PROC-65',
                'large': {'*': 'override'},
                'small': {'*': 'warn'},
            },
            'major_review': {
                'name': self.env._("Major job reviewed before work starts"),
                'rule': 'R-ROLE-03',
                'large': {'*': 'block', 'internal': 'off', 'counter': 'off'},
                'small': {'*': 'override', 'internal': 'off', 'counter': 'off'},
            },
            'price_upward': {
                'name': self.env._("No price above the catalogue"),
                'rule': 'R-PERM-03',
                'large': {'*': 'block'},
                'small': {'*': 'override'},
            },
            'promise_given': {
                'name': self.env._("A finishing time was promised"),
                'rule': 'R-PROC-41',
                'large': {'*': 'block', 'tow_in': 'warn', 'internal': 'off', 'counter': 'off'},
                'small': {'*': 'warn', 'internal': 'off', 'counter': 'off'},
            },
            'promise_realistic': {
                'name': self.env._("Promise not earlier than hours and capacity allow"),
                'rule': 'R-PROC-41',
                'large': {'*': 'warn'},
                'small': {'*': 'off'},
            },
            'same_advisor': {
                'name': self.env._("The same advisor hands the car over"),
                'rule': 'R-ROLE-04',
                'large': {'*': 'warn'},
                'small': {'*': 'off'},
            },
        }
