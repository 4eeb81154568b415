from odoo import api, models


class AftersalesProfileGate(models.Model):
    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        """Add the gates of planning, incidents and checks."""
        return super()._gate_definitions() | {
            'tool_shortage': {
                'name': self.env._("Special tools are free at dispatch"),
                'rule': 'R-TOOL-12',
                'help': self.env._("Warn: the clash is written to the order and shown on the board."),
                'large': {'*': 'warn', 'counter': 'off'},
                'small': {'*': 'warn', 'counter': 'off'},
            },
            'tool_reserved': {
                'name': self.env._("A reserved tool is lent to nobody else"),
                'rule': 'R-TOOL-12',
                'large': {'company': 'warn'},
                'small': {'company': 'warn'},
            },
            'tool_statement': {
                'name': self.env._("Written statement before an incident is handed over"),
                'rule': 'R-DOC-18, R-TOOL-06',
                'large': {'company': 'block'},
                'small': {'company': 'warn'},
            },
            'tool_opinion': {
                'name': self.env._("Keeper's opinion before an incident is handed over"),
                'rule': 'R-TOOL-08',
                'large': {'company': 'block'},
                'small': {'company': 'warn'},
            },
            'tool_check_reason': {
                'name': self.env._("Differences of a tool check have a reason"),
                'rule': 'R-TOOL-10',
                'large': {'company': 'block'},
                'small': {'company': 'warn'},
            },
            'tool_check_second': {
                'name': self.env._("Differences of a tool check are approved by somebody else"),
                'rule': 'R-TOOL-10',
                'large': {'company': 'block'},
                'small': {'company': 'off'},
            },
        }
