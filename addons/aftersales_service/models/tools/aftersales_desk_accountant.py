from odoo import api, models


class AftersalesDeskAccountant(models.AbstractModel):
    _inherit = 'aftersales.desk.accountant'

    @api.model
    @api.readonly
    def get_data(self):
        data = super().get_data()
        data['boxes'].insert(-1, self._box_lost_tools(self.env.company))
        return data

    def _box_lost_tools(self, company):
        """Lost tools that nobody bears yet, whether they were disposed of meanwhile or not."""
        tools = self.env['aftersales.tool'].with_context(active_test=False).search(
            [('company_id', '=', company.id), ('pending_amount', '!=', 0)])
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_tool_action_pending')
        return self._box(
            'lost_tools', self.env._("Lost tools undecided"), tools, sum(tools.mapped('pending_amount')), tone='late',
            help=self.env._("Say who bears them: the employee, or the company. None may be left at year end."),
            action=action,
        )
