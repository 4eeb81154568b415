from odoo import api, models


class AftersalesProfileGate(models.Model):
    """Gates of stock counts; they stand on the company-wide profile."""

    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        _ = self.env._
        manager = 'aftersales_service.group_parts_manager'
        return super()._gate_definitions() | {
            'count_complete': {
                'name': _("A count ends when every line is counted"), 'rule': 'R-PART-04', 'group': manager,
                'large': {'company': 'override'}, 'small': {'company': 'warn'},
            },
            'count_second': {
                'name': _("Differences outside the tolerance are counted a second time"), 'rule': 'R-PART-04',
                'large': {'company': 'block'}, 'small': {'company': 'off'},
            },
            'count_second_person': {
                'name': _("The second count is made by another person"), 'rule': 'R-PART-04',
                'large': {'company': 'block'}, 'small': {'company': 'off'},
            },
            'count_reason': {
                'name': _("Every difference of a count has a reason"), 'rule': 'R-PART-04',
                'large': {'company': 'block'}, 'small': {'company': 'warn'},
            },
            'count_four_eyes': {
                'name': _("Who counted does not approve"), 'rule': 'R-PART-04',
                'large': {'company': 'block'}, 'small': {'company': 'off'},
            },
            'count_accountant': {
                'name': _("Above the limit the accountant approves a count too"), 'rule': 'R-PART-04',
                'large': {'company': 'block'}, 'small': {'company': 'off'},
            },
        }
