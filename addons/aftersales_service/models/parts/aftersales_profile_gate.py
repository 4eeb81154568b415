from odoo import api, models


class AftersalesProfileGate(models.Model):
    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        return super()._gate_definitions() | {
            'parts_dispatch': {
                'name': self.env._("Parts only against a dispatched order"),
                'rule': 'R-PART-06',
                'large': {'*': 'block', 'on_site': 'off', 'counter': 'off'},
                'small': {'*': 'block', 'on_site': 'off', 'counter': 'off'},
            },
            'parts_consent': {
                'name': self.env._("Parts only for approved jobs"),
                'rule': 'R-PROC-48',
                'large': {'*': 'block', 'counter': 'off'},
                'small': {'*': 'block', 'counter': 'off'},
            },
            'parts_receiver': {
                'name': self.env._("The receiver of the parts stamps beside the keeper"),
                'rule': 'R-PART-06',
                'large': {'*': 'block', 'express': 'off', 'counter': 'off', 'on_site': 'off'},
                'small': {'*': 'off'},
            },
            'parts_open': {
                'name': self.env._("No open part request when the work is done"),
                'rule': 'R-PART-17',
                'large': {'*': 'block'},
                'small': {'*': 'block'},
            },
            'parts_return_open': {
                'name': self.env._("Announced returns are back on the shelf"),
                'rule': 'R-PART-24',
                'large': {'*': 'block'},
                'small': {'*': 'block'},
            },
            'parts_billed': {
                'name': self.env._("Every billed part was issued"),
                'rule': 'R-PART-17',
                'large': {'*': 'block'},
                'small': {'*': 'block'},
            },
            'sublet_accepted': {
                'name': self.env._("Work of subcontractors is accepted"),
                'rule': 'R-PART-17',
                'large': {'*': 'block'},
                'small': {'*': 'block'},
            },
            'own_part_received': {
                'name': self.env._("The customer's own parts are recorded with quantity and condition"),
                'rule': 'R-PART-23',
                'large': {'*': 'block', 'express': 'warn'},
                'small': {'*': 'warn'},
            },
            'order_plan_other_person': {
                'name': self.env._("Order plans are approved by another person than the planner"),
                'rule': 'R-PART-09',
                'large': {'company': 'block'},
                'small': {'company': 'off'},
            },
            'receipt_accepted': {
                'name': self.env._("Goods are accepted before they are received"),
                'rule': 'R-PART-01, R-PART-02',
                'help': self.env._("Somebody counts and looks; who receives without it is on the list by name."),
                'large': {'company': 'block'},
                'small': {'company': 'warn'},
                'group': 'aftersales_service.group_parts_manager',
            },
            'oem_supplier': {
                'name': self.env._("Original parts only from approved sources"),
                'rule': 'R-PART-13',
                'large': {'company': 'override'},
                'small': {'company': 'warn'},
                'group': 'aftersales_service.group_parts_manager',
            },
            'hazardous_place': {
                'name': self.env._("Hazardous goods only in allowed places"),
                'rule': 'R-PART-14',
                'help': self.env._("Bites as soon as one location is marked for hazardous goods."),
                'large': {'company': 'block'},
                'small': {'company': 'off'},
            },
            'scrap_reason': {
                'name': self.env._("Parts are scrapped with a reason only"),
                'rule': 'R-PART-17, R-PART-24',
                'large': {'company': 'block'},
                'small': {'company': 'block'},
            },
        }
