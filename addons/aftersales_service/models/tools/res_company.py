from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = 'res.company'

    aftersales_tool_return_time = fields.Float(
        "Tools back by", default=18.0,
        help="Lent tools are due back at this hour of the same day, in the time zone of the working calendar.",
    )
    aftersales_tool_self_value = fields.Monetary(
        "Keeper lends to himself up to", default=500.0, currency_field='currency_id',
        help="Above this value of a tool a second person confirms the keeper's loan to himself.",
    )

    _aftersales_tool_time_range = models.Constraint(
        'CHECK(aftersales_tool_return_time >= 0 AND aftersales_tool_return_time < 24)',
        "Tools are due back between 00:00 and 23:59.",
    )

    # === BUSINESS METHODS: PREPARATION === #

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        self._aftersales_ensure_sequence('aftersales.tool', self.env._("Tools"), 'T-')
        self._aftersales_ensure_sequence(
            'aftersales.tool.move', self.env._("Tool slips"), 'TL%(y)s%(month)s-', padding=5)
        return result

    @api.model
    def _aftersales_prepare_tools(self):
        """Prepare the companies that were there before the tool room; called on every update."""
        self.env['res.company'].sudo().search([])._aftersales_prepare_company()

    def _aftersales_next_sudo(self, code):
        """Return the next number of this company; sudo: counters are readable by administrators only.

        :raise ValidationError: the company has no such sequence.
        """
        self.ensure_one()
        sequence_id = self._aftersales_sequence_id(code)
        if not sequence_id:
            raise ValidationError(self.env._("%(company)s has no numbers for %(code)s.", company=self.name, code=code))
        return self.env['ir.sequence'].sudo().browse(sequence_id).next_by_id()

    @tools.ormcache('self.id', 'code')
    def _aftersales_sequence_id(self, code):
        """Return the id of this company's counter; sudo: see `_aftersales_next_sudo`."""
        return self.env['ir.sequence'].sudo().search([('code', '=', code), ('company_id', '=', self.id)], limit=1).id

    # === BUSINESS METHODS: INTEGRITY === #

    def _aftersales_integrity(self):
        return super()._aftersales_integrity() + self._aftersales_integrity_tools()

    def _aftersales_integrity_tools(self):
        """What the tools say against what the ledger's entries add up to; and pieces that no keeper answers for."""
        tools = self.env['aftersales.tool'].sudo().with_context(active_test=False).search([
            ('company_id', '=', self.id),
        ])
        if not tools:
            return []
        balances = tools._balances()
        found = []
        for tool, facts in tools._projection().items():
            spots = balances[tool]
            wrong = [
                name for name, value in facts.items()
                if tool._fields[name].convert_to_write(tool[name], tool) != value
            ]
            total = sum(spots.values())
            in_store = sum(quantity for spot, quantity in spots.items() if spot.place == 'store')
            if tool.quantity != total or tool.available_qty != in_store or any(q < 0 for q in spots.values()):
                wrong.append('quantity')
            if wrong:
                found.append(self._aftersales_finding(
                    'TOO-I1', self.env._("Tool against its ledger"), tool._name, tool.id, tool.quantity - total,
                    self.env._("%(tool)s: “%(fields)s” is not what the ledger's entries add up to.",
                               tool=tool.display_name, fields=", ".join(dict.fromkeys(wrong))),
                ))
            if any(spot.keeper_id != tool.keeper_id.id for spot in spots):
                found.append(self._aftersales_finding(
                    'TOO-I2', self.env._("General ledger against sub-ledgers"), tool._name, tool.id, total,
                    self.env._("%(tool)s stands in another keeper's sub-ledger than the tool says.",
                               tool=tool.display_name),
                ))
        return found
