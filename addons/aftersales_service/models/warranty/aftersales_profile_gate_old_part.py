from odoo import api, models


class AftersalesProfileGate(models.Model):
    """Gates of old parts."""

    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        _ = self.env._
        return super()._gate_definitions() | {
            'old_part_record': {
                'name': _("Warranty jobs are settled with their old parts on the shelf"), 'rule': 'R-WAR-06',
                'help': _("Tag, place and keeper of each old part, or a reason why there is none."),
                'large': {'*': 'block', 'counter': 'off', 'internal': 'warn'}, 'small': {'*': 'warn', 'counter': 'off'},
            },
            'old_part_first': {
                'name': _("No old part, no new part"), 'rule': 'R-WAR-06',
                'help': _("The parts room hands out warranty parts against the tagged old part only."),
                'large': {'*': 'off'}, 'small': {'*': 'off'},
            },
            'old_part_hold': {
                'name': _("Old parts are kept until their owner can no longer ask for them"), 'rule': 'R-WAR-07',
                'large': {'company': 'block'}, 'small': {'company': 'warn'},
            },
            'old_part_witness': {
                'name': _("Old parts are scrapped in front of a witness"), 'rule': 'R-WAR-10',
                'large': {'company': 'block'}, 'small': {'company': 'off'},
            },
        }
