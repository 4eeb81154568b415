from odoo import api, models


class AftersalesProfileGate(models.Model):
    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        """Add the workshop's gates; the levels follow the two shipped sets (eight people, or a large shop)."""
        light = {'express': 'off', 'internal': 'off', 'on_site': 'off', 'counter': 'off'}
        nowhere = {'*': 'off'}
        return {
            **super()._gate_definitions(),
            # Hand-over and dispatch
            'handover_stamp': {
                'name': self.env._("Hand-over to the workshop"),
                'rule': 'R-PROC-53',
                'help': self.env._(
                    "The workshop's receiver and the time are recorded before anything is dispatched. "
                    "Off: recorded by dispatching."
                ),
                'large': {'*': 'block', **light},
                'small': nowhere,
            },
            'handover_precision': {
                'name': self.env._("Hand-over time to ten minutes"),
                'rule': 'R-PROC-53',
                'help': self.env._(
                    "A hand-over time further from now than the precision of the settings needs a reason."
                ),
                'large': {'*': 'block', **light},
                'small': nowhere,
            },
            'handover_papers': {
                'name': self.env._("Key, order and intake sheet go along"),
                'rule': 'R-PROC-54',
                'large': {'*': 'block', **light},
                'small': nowhere,
            },
            'dispatcher_only': {
                'name': self.env._("Only dispatchers dispatch"),
                'rule': 'R-ROLE-11',
                'help': self.env._("Off: service advisors and team leaders dispatch too."),
                'large': {'*': 'block', **light},
                'small': nowhere,
            },
            'dispatch_scope': {
                'name': self.env._("Dispatch names what is to be done"),
                'rule': 'R-ROLE-11',
                'large': {'*': 'block'},
                'small': {'*': 'block'},
            },
            'dispatch_due_time': {
                'name': self.env._("Dispatch names a due time"),
                'rule': 'R-ROLE-11',
                'large': {'*': 'block', 'internal': 'off'},
                'small': {'*': 'block', 'internal': 'off', 'express': 'off'},
            },
            'approved_only': {
                'name': self.env._("Only approved work"),
                'rule': 'R-PROC-59',
                'help': self.env._(
                    "Nothing is dispatched or clocked that not every payer has approved; securing and diagnosing excepted."
                ),
                'large': {'*': 'block'},
                'small': {'*': 'block'},
            },
            'team_acceptance': {
                'name': self.env._("Team accepts the car"),
                'rule': 'R-PROC-58',
                'help': self.env._(
                    "The team compares the car with the intake sheet before the first clock. Off: starting accepts."
                ),
                'large': {'*': 'block', **light},
                'small': nowhere,
            },
            'qc_approval': {
                'name': self.env._("Inspector approves special processes"),
                'rule': 'R-PERM-09',
                'large': {'*': 'block'},
                'small': nowhere,
            },
            'previous_step': {
                'name': self.env._("Each trade checks the step before"),
                'rule': 'R-PROC-68',
                'large': {'*': 'warn', **light, 'accident': 'block'},
                'small': nowhere,
            },
            'stage_check': {
                'name': self.env._("Stage check between trades"),
                'rule': 'R-ROLE-15, R-ROLE-16',
                'help': self.env._(
                    "Work of another trade starts only when what was finished before it has passed a check."
                ),
                'large': {'*': 'off', 'accident': 'block'},
                'small': {'*': 'off', 'accident': 'warn'},
            },
            # Records and checks
            'work_record': {
                'name': self.env._("Work record"),
                'rule': 'R-PROC-60',
                'help': self.env._("Chips or text on each operation before the self check; text on jobs with a fault."),
                'large': {'*': 'block', 'express': 'off', 'internal': 'off', 'counter': 'off'},
                'small': {'*': 'block', 'express': 'off', 'internal': 'off', 'counter': 'off'},
            },
            'work_record_text': {
                'name': self.env._("Work record in words"),
                'rule': 'R-PROC-60',
                'help': self.env._("Each operation is described in words, not by chips alone."),
                'large': {'*': 'block', **light},
                'small': nowhere,
            },
            'self_check': {
                'name': self.env._("Technician's self check"),
                'rule': 'R-PROC-72',
                'large': {'*': 'block', 'internal': 'off', 'counter': 'off'},
                'small': {'*': 'block', 'internal': 'off', 'counter': 'off'},
            },
            'leader_check': {
                'name': self.env._("Team leader's check"),
                'rule': 'R-PROC-72',
                'large': {'*': 'block', **light},
                'small': nowhere,
            },
            'final_check': {
                'name': self.env._("Final inspection of every car"),
                'rule': 'R-PROC-72, R-CON-10',
                'large': {'*': 'block', 'on_site': 'off', 'counter': 'off'},
                'small': {'*': 'block', 'on_site': 'off', 'counter': 'off'},
            },
            'sample_check': {
                'name': self.env._("Random sample"),
                'rule': 'R-CON-10',
                'help': self.env._("Cars drawn by the sampling rate of the settings are looked at once more."),
                'large': {'*': 'block', 'counter': 'off', 'on_site': 'off'},
                'small': nowhere,
            },
            'inspector_only': {
                'name': self.env._("Only inspectors pass the final inspection"),
                'rule': 'R-ROLE-17',
                'help': self.env._("Off: the team leader, or in a small shop any other technician, is final."),
                'large': {'*': 'block', **light},
                'small': nowhere,
            },
            'own_team_leader': {
                'name': self.env._("Leader of that team checks"),
                'rule': 'R-ROLE-12',
                'large': {'*': 'block', **light},
                'small': nowhere,
            },
            'different_checkers': {
                'name': self.env._("Different people check"),
                'rule': 'R-PROC-72',
                'help': self.env._(
                    "Self check, leader's check and final inspection are by different people. "
                    "Brake, steering, airbag and high voltage always need another person, whatever is set here."
                ),
                'large': {'*': 'block', 'internal': 'off', 'counter': 'off', 'on_site': 'off'},
                'small': {'*': 'block', 'internal': 'off', 'counter': 'off', 'on_site': 'off'},
            },
            'responsible_named': {
                'name': self.env._("Failed checks name who is responsible"),
                'rule': 'R-PERM-12',
                'large': {'*': 'block'},
                'small': {'*': 'block'},
            },
            'wash': {
                'name': self.env._("Wash if the customer wants it"),
                'rule': 'R-PROC-77',
                'large': {'*': 'block', **light},
                'small': nowhere,
            },
            'wash_after_final': {
                'name': self.env._("Wash only after the final inspection"),
                'rule': 'R-PROC-77',
                'large': {'*': 'block', **light},
                'small': nowhere,
            },
            # Progress
            'tracking': {
                'name': self.env._("Progress check every half hour"),
                'rule': 'R-PROC-66, R-CON-05',
                'help': self.env._(
                    "While the customer waits, and on jobs longer than set. "
                    "Block: the car is not ready before the check that is due is logged."
                ),
                'large': {'*': 'warn', **light},
                'small': nowhere,
            },
            'appointment_bay': {
                'name': self.env._("Appointment keeps a bay"),
                'rule': 'R-PROC-10',
                'help': self.env._("Confirming chooses a free bay. Off: bays are kept only where you choose one."),
                'group': 'aftersales_service.group_frontdesk_supervisor',
                'large': {'company': 'warn'},
                'small': {'company': 'off'},
            },
            'appointment_bay_clash': {
                'name': self.env._("A bay is kept for one car at a time"),
                'rule': 'R-PROC-10, R-PROC-06',
                'group': 'aftersales_service.group_frontdesk_supervisor',
                'large': {'company': 'block'},
                'small': {'company': 'warn'},
            },
            'inquiry': {
                'name': self.env._("Inquiry at 50 to 80 % of the time"),
                'rule': 'R-PROC-67, R-CON-05',
                'help': self.env._("Block: the car is not ready before the inquiry is logged."),
                'large': {'*': 'warn', **light},
                'small': nowhere,
            },
            'delay_informed': {
                'name': self.env._("Customer told of a delay"),
                'rule': 'R-PROC-61',
                'large': {'*': 'warn', 'internal': 'off'},
                'small': nowhere,
            },
            'same_day': {
                'name': self.env._("Same-day jobs leave the same day"),
                'rule': 'R-PROC-69',
                'help': self.env._("The supervisor gets a to-do for each small repair that stays overnight."),
                'large': {'*': 'warn', 'internal': 'off', 'accident': 'off', 'tow_in': 'off'},
                'small': nowhere,
            },
            'clock_confirmed': {
                'name': self.env._("Automatic clock stops confirmed"),
                'rule': 'R-PROC-60',
                'help': self.env._("Clocks stopped at the end of a shift are confirmed before the order is settled."),
                'large': {'*': 'warn'},
                'small': nowhere,
            },
        }
