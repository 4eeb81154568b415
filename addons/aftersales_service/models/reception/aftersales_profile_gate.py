from odoo import api, models

# Profiles whose car nobody checks in at the desk.
NO_DESK = {'internal': 'off', 'on_site': 'off', 'counter': 'off'}
SUPERVISOR = 'aftersales_service.group_frontdesk_supervisor'


class AftersalesProfileGate(models.Model):
    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        return super()._gate_definitions() | {
            # Intake of the car, on the profile of the visit
            'check_in': {
                'name': self.env._("Walk-round recorded"), 'rule': 'R-PROC-21', 'group': SUPERVISOR,
                'large': {'*': 'override', 'express': 'warn', **NO_DESK},
                'small': {'*': 'warn', **NO_DESK},
            },
            'check_in_photos': {
                'name': self.env._("Check-in photos"), 'rule': 'R-PROC-21', 'group': SUPERVISOR,
                'help': self.env._("As many photos as the profile says."),
                'large': {'*': 'override', **NO_DESK},
                'small': {'*': 'warn', 'tow_in': 'override', 'accident': 'override', **NO_DESK},
            },
            'damage_photo': {
                'name': self.env._("Photo of each damage"), 'rule': 'R-PROC-21', 'group': SUPERVISOR,
                'help': self.env._("A damage the customer blames on us needs its photo even when this is off."),
                'large': {'*': 'block', **NO_DESK},
                'small': {'*': 'off'},
            },
            'covers_fitted': {
                'name': self.env._("Protective covers fitted"), 'rule': 'R-PROC-20 R-CON-18', 'group': SUPERVISOR,
                'large': {'*': 'warn', 'tow_in': 'off', **NO_DESK},
                'small': {'*': 'off'},
            },
            'intake_data': {
                'name': self.env._("Minimum data at intake"), 'rule': 'R-PROC-24', 'group': SUPERVISOR,
                'help': self.env._("The data listed under Configuration > Minimum data at intake."),
                'large': {'*': 'override', 'express': 'warn', 'tow_in': 'off', **NO_DESK},
                'small': {'*': 'warn', 'express': 'off', 'tow_in': 'off', **NO_DESK},
            },
            'odometer_recorded': {
                'name': self.env._("Odometer recorded"), 'rule': 'R-PROC-24', 'group': SUPERVISOR,
                'large': {'*': 'block', 'counter': 'off', 'on_site': 'warn', 'internal': 'warn'},
                'small': {'*': 'block', 'counter': 'off', 'on_site': 'warn', 'internal': 'off'},
            },
            'belongings_list': {
                'name': self.env._("Belongings counted and boxed"), 'rule': 'R-PROC-22 R-FORM-14', 'group': SUPERVISOR,
                'large': {'*': 'override', 'express': 'warn', 'tow_in': 'warn', **NO_DESK},
                'small': {'*': 'warn', 'tow_in': 'off', **NO_DESK},
            },
            'check_in_signature': {
                'name': self.env._("Customer's signature on the check-in"), 'rule': 'R-PROC-22 R-DOC-01',
                'group': SUPERVISOR,
                'help': self.env._("Off: covered by the signature on the order."),
                'large': {'*': 'override', 'express': 'off', 'tow_in': 'off', **NO_DESK},
                'small': {'*': 'off'},
            },
            'key_registered': {
                'name': self.env._("Key registered"), 'rule': 'R-PROC-23', 'group': SUPERVISOR,
                'large': {'*': 'block', 'tow_in': 'warn', 'on_site': 'off', 'counter': 'off', 'internal': 'warn'},
                'small': {'*': 'block', 'tow_in': 'warn', **NO_DESK},
            },
            'custody_documents': {
                'name': self.env._("Licence and handbook in custody"), 'rule': 'R-PROC-25', 'group': SUPERVISOR,
                'large': {'*': 'override', 'express': 'off', 'tow_in': 'off', **NO_DESK},
                'small': {'*': 'off'},
            },
            'gate_card': {
                'name': self.env._("Gate card issued and returned"), 'rule': 'R-PROC-15 R-DOC-05',
                'group': SUPERVISOR,
                'large': {'*': 'override', 'express': 'warn', 'tow_in': 'warn', **NO_DESK},
                'small': {'*': 'off'},
            },
            'tow_driver_signature': {
                'name': self.env._("Tow driver's signature"), 'rule': 'R-PROC-48', 'group': SUPERVISOR,
                'large': {'*': 'override'}, 'small': {'*': 'override'},
            },
            # While it is here and when it leaves
            'driver_qualified': {
                'name': self.env._("Driver appointed to move cars"), 'rule': 'R-PERM-08', 'group': SUPERVISOR,
                'large': {'*': 'block'}, 'small': {'*': 'warn'},
            },
            'exit_due_back': {
                'name': self.env._("Temporary exit has a time due back"), 'rule': 'R-PERM-08', 'group': SUPERVISOR,
                'large': {'*': 'block'}, 'small': {'*': 'warn'},
            },
            'custody_returned': {
                'name': self.env._("Keys and papers given back"), 'rule': 'R-PROC-25', 'group': SUPERVISOR,
                'large': {'*': 'block'}, 'small': {'*': 'block'},
            },
            'belongings_recheck': {
                'name': self.env._("Belongings checked at the exit"), 'rule': 'R-PROC-22 R-PROC-78', 'group': SUPERVISOR,
                'large': {'*': 'override'}, 'small': {'*': 'warn'},
            },
            'inquiry_answer': {
                'name': self.env._("Inquiry answered"), 'rule': 'R-PROC-18', 'group': SUPERVISOR,
                'large': {'*': 'block'}, 'small': {'*': 'warn'},
            },
            # Appointments have no order yet: company-wide
            'appointment_signature': {
                'name': self.env._("Appointment sheet signed"), 'rule': 'R-PROC-05 R-FORM-04', 'group': SUPERVISOR,
                'help': self.env._("Most appointments are made by phone: warn at most, unless your customers come in."),
                'large': {'company': 'warn'}, 'small': {'company': 'off'},
            },
            'appointment_capacity': {
                'name': self.env._("Appointment fits the free hours"), 'rule': 'R-PROC-02', 'group': SUPERVISOR,
                'large': {'company': 'warn'}, 'small': {'company': 'off'},
            },
        }
