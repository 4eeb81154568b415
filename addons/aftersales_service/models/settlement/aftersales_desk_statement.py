from odoo import api, models


class AftersalesDeskAccountant(models.AbstractModel):
    _inherit = 'aftersales.desk.accountant'

    @api.model
    @api.readonly
    def get_data(self):
        data = super().get_data()
        data['boxes'].append(self._box_statement(self.env.company))
        return data

    def _box_statement(self, company):
        """The in / stock / out statement that is due, until the accountant has confirmed it."""
        Statement = self.env['aftersales.stock.statement'].with_company(company)
        month = Statement._default_month()
        statement = Statement.search([
            ('company_id', '=', company.id), ('month', '=', month), ('warehouse_id', '=', False),
        ], limit=1)
        box = self._box(
            'statement',
            self.env._("In / stock / out statement"),
            statement,
            statement.closing_value,
            tone='late' if statement.ledger_unexplained or statement.valuation_gap else 'soon',
            count=0 if statement.state == 'confirmed' else 1,
            help=self.env._("%(month)s: %(state)s.", month=month.strftime('%Y-%m'), state=self._statement_state(statement)),
            verb=False if statement else 'draw_statement',
            verb_label=self.env._("Draw up"),
        )
        if statement:
            box['action'] = statement._form_action()
        return box

    def _statement_state(self, statement):
        if not statement:
            return self.env._("not drawn up yet")
        return dict(statement._fields['state']._description_selection(self.env))[statement.state]

    @api.model
    def draw_statement(self):
        """Draw up the statement that is due.

        :rtype: int
        """
        self._ensure_accountant()
        return len(self.env['aftersales.stock.statement']._ensure_statement(self.env.company))
