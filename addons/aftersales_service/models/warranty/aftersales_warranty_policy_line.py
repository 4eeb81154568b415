from odoo import api, fields, models


class AftersalesWarrantyPolicyLine(models.Model):
    """How long one vehicle system is covered; the line without a system is the whole car."""

    _name = 'aftersales.warranty.policy.line'
    _description = "Warranty Policy by System"
    _order = 'policy_id, sequence, id'

    policy_id = fields.Many2one('aftersales.warranty.policy', required=True, ondelete='cascade', index=True)
    sequence = fields.Integer(default=10)
    system_id = fields.Many2one(
        'aftersales.vehicle.system', ondelete='restrict', index='btree_not_null', help="Empty: the whole car.",
    )
    months = fields.Integer("Months Covered", help="0: without a limit.")
    km = fields.Integer("Kilometres", help="0: without a limit.")
    is_excluded = fields.Boolean("Excluded")
    note = fields.Char()

    _positive = models.Constraint('CHECK(months >= 0 AND km >= 0)', "Months and kilometres are not negative.")
    _system_uniq = models.UniqueIndex(
        '(policy_id, COALESCE(system_id, 0))', "This system stands in the policy already.",
    )

    @api.depends('system_id.name', 'months', 'km', 'is_excluded')
    def _compute_display_name(self):
        for line in self:
            line.display_name = line._summary()

    def _summary(self):
        """Return one line in a few words: “Engine: 60 months, 150,000 km”."""
        self.ensure_one()
        system = self.system_id.name or self.env._("Whole car")
        if self.is_excluded:
            return self.env._("%(system)s: excluded", system=system)
        limits = []
        if self.months:
            limits.append(self.env._("%(months)s months", months=self.months))
        if self.km:
            limits.append(self.env._("%(km)s km", km=f'{self.km:,}'))
        return f"{system}: {', '.join(limits) or self.env._('without a limit')}"
