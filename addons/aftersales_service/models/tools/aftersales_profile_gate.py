from odoo import api, models


class AftersalesProfileGate(models.Model):
    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        """Add the tool room's gates: company-wide, but for the order that goes out with a tool still lent for it."""
        return super()._gate_definitions() | {
            'tool_calibration': {
                'name': self.env._("No tool with expired calibration is lent"),
                'rule': 'R-TOOL-11',
                'large': {'company': 'block'},
                'small': {'company': 'block'},
            },
            'tool_overdue': {
                'name': self.env._("Who has an overdue tool borrows no other"),
                'rule': 'R-TOOL-03',
                'large': {'company': 'block'},
                'small': {'company': 'warn'},
            },
            'tool_same_day': {
                'name': self.env._("Lent tools are due back the same day"),
                'rule': 'R-TOOL-03',
                'help': self.env._("Rescue sets, personal issues and team tools are excepted."),
                'large': {'company': 'block'},
                'small': {'company': 'off'},
            },
            'tool_self_loan': {
                'name': self.env._("A keeper lends to himself only with a second person"),
                'rule': 'R-TOOL-02',
                'large': {'company': 'block'},
                'small': {'company': 'off'},
            },
            'tool_self_value': {
                'name': self.env._("Second person when a keeper lends himself a tool above the value in the settings"),
                'rule': 'R-TOOL-02',
                'large': {'company': 'block'},
                'small': {'company': 'block'},
            },
            'tool_signature': {
                'name': self.env._("The borrower signs before the tool leaves"),
                'rule': 'R-TOOL-02',
                'help': self.env._("Warn: the tool leaves with the badge, the signature is asked for afterwards."),
                'large': {'company': 'warn'},
                'small': {'company': 'off'},
            },
            'tool_issue_receipt': {
                'name': self.env._("Personal issue only against a signature"),
                'rule': 'R-TOOL-09',
                'large': {'company': 'block'},
                'small': {'company': 'block'},
                'never_off': True,
            },
            'tool_contractor': {
                'name': self.env._("Contractors and freelancers borrow nothing"),
                'rule': 'R-TOOL-07',
                'large': {'company': 'block'},
                'small': {'company': 'block'},
                'never_off': True,
            },
            'tool_issue_twice': {
                'name': self.env._("A new personal tool only for the old one"),
                'rule': 'R-TOOL-09',
                'large': {'company': 'block'},
                'small': {'company': 'warn'},
            },
            'tool_exchange_early': {
                'name': self.env._("No exchange before the end of the service life"),
                'rule': 'R-TOOL-09',
                'large': {'company': 'override'},
                'small': {'company': 'warn'},
            },
            'tool_kit_incomplete': {
                'name': self.env._("An incomplete kit is not lent"),
                'rule': 'R-TOOL-02',
                'large': {'company': 'warn'},
                'small': {'company': 'warn'},
            },
            'tool_open_on_order': {
                'name': self.env._("Tools lent for the order are back"),
                'rule': 'R-TOOL-03',
                'large': {'*': 'warn', 'counter': 'off'},
                'small': {'*': 'off'},
            },
        }
