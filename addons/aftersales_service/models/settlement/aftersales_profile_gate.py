from odoo import api, models

SUPERVISOR = 'aftersales_service.group_frontdesk_supervisor'
NO_CAR = {'counter': 'off'}


class AftersalesProfileGate(models.Model):
    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        _ = self.env._
        return super()._gate_definitions() | {
            'lines_verified': {
                'name': _("Every line verified before settlement"),
                'rule': 'R-PERM-11',
                'help': _("The settlement clerk checks hours, parts and prices line by line; a change asks again."),
                'large': {'*': 'block', 'express': 'warn', 'counter': 'off', 'internal': 'off'},
                'small': {'*': 'off'},
            },
            'concession_approved': {
                'name': _("Goodwill and discounts above the advisor's limit approved"),
                'rule': 'R-PERM-10',
                'group': SUPERVISOR,
                'large': {'*': 'block', 'internal': 'off'},
                'small': {'*': 'warn', 'internal': 'off'},
            },
            'deposit_required': {
                'name': _("Deposit before a dear part is ordered"),
                'rule': 'R-PROC-07',
                'group': SUPERVISOR,
                'large': {'*': 'block', 'internal': 'off', 'counter': 'override', 'fleet': 'override'},
                'small': {'*': 'override', 'internal': 'off', 'fleet': 'warn'},
            },
            'cancel_after_issue': {
                'name': _("Cancelling after parts were issued needs approval"),
                'rule': 'R-PERM-18',
                'group': SUPERVISOR,
                'large': {'*': 'override'},
                'small': {'*': 'warn'},
            },
            'on_account_limit': {
                'name': _("On account only within the credit limit"),
                'rule': 'R-PROC-85',
                'help': _("Open invoices, open orders and this order together stay within the limit of the customer."),
                'large': {'*': 'override'},
                'small': {'*': 'warn'},
            },
            'on_account_signed': {
                'name': _("Customer on account signs the statement"),
                'rule': 'R-PROC-85',
                'group': SUPERVISOR,
                'large': {'*': 'block'},
                'small': {'*': 'block'},
            },
            'explained': {
                'name': _("Work explained and old parts shown at the car"),
                'rule': 'R-PROC-82',
                'group': SUPERVISOR,
                'large': {'*': 'warn', **NO_CAR, 'internal': 'off', 'express': 'off'},
                'small': {'*': 'off'},
            },
            'pickup_code': {
                'name': _("Pick-up code of the customer's copy checked"),
                'rule': 'R-DOC-02',
                'group': SUPERVISOR,
                'large': {'*': 'override', **NO_CAR, 'internal': 'off', 'express': 'off', 'on_site': 'off'},
                'small': {'*': 'off'},
            },
            'handover_signed': {
                'name': _("Customer signs that car and belongings are complete"),
                'rule': 'R-PROC-86',
                'group': SUPERVISOR,
                'large': {'*': 'override', **NO_CAR, 'internal': 'off', 'express': 'warn'},
                'small': {'*': 'off'},
            },
            'handout_complete': {
                'name': _("Papers, keys and gate card handed out"),
                'rule': 'R-PROC-84, R-DOC-05',
                'group': SUPERVISOR,
                'large': {'*': 'override', **NO_CAR, 'internal': 'off', 'on_site': 'off'},
                'small': {'*': 'off'},
            },
            'handover_issue': {
                'name': _("Damage or missing items at handover cleared by the manager"),
                'rule': 'R-PROC-87',
                'large': {'*': 'block'},
                'small': {'*': 'block'},
            },
            'gate_pass_used': {
                'name': _("The guard checks the exit pass"),
                'rule': 'R-PROC-84',
                'large': {'*': 'block', **NO_CAR, 'internal': 'off', 'on_site': 'off'},
                'small': {'*': 'off'},
            },
            'customer_notified': {
                'name': _("Customer told in time that the car is ready or late"),
                'rule': 'R-PROC-80, R-PROC-81',
                'large': {'*': 'warn', **NO_CAR, 'internal': 'off', 'express': 'off'},
                'small': {'*': 'off'},
            },
            'refund_second_person': {
                'name': _("A second person approves refunds and forfeits"),
                'rule': 'R-PERM-18',
                'large': {'company': 'block'},
                'small': {'company': 'block'},
            },
            'cash_count_second': {
                'name': _("Cash is handed to another person than who counted it"),
                'rule': 'R-PROC-89',
                'large': {'company': 'block'},
                'small': {'company': 'off'},
            },
        }
