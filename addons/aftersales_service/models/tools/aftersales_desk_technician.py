from odoo import api, models


class AftersalesDeskTechnician(models.AbstractModel):
    """Special tools on the technician's phone: where they are, and speaking for them with one tap."""

    _inherit = 'aftersales.desk.technician'

    @api.model
    def _technician_cards(self, operations, employee):
        """Add `tools` to each card: rows of `category._situation_sudo` with `text` for the screen."""
        cards = super()._technician_cards(operations, employee)
        situations = operations._tool_situations()
        for operation_id, card in cards.items():
            card['tools'] = [
                {
                    'category_id': row['category_id'],
                    'name': row['category'],
                    'free': row['free'],
                    'state': 'here' if row['out_here'] else 'reserved' if row['reserved']
                    else 'missing' if row['clash'] else 'free',
                    'text': row['clash'],
                }
                for row in situations[operation_id]
            ]
        return cards

    @api.model
    def reserve_tools(self, operation_id):
        """Speak for one tool of each kind the operation still needs.

        :return: names of the tools reserved.
        :rtype: list[str]
        """
        return self._own_operation(operation_id)._reserve_tools().tool_id.mapped('display_name')
