from odoo import api, fields, models


class AftersalesSetupCheck(models.TransientModel):
    """Screen on which the service manager sees what the shop still lacks and repairs it."""

    _name = 'aftersales.setup.check'
    _description = "Set-up check"
    _rec_name = 'company_id'

    company_id = fields.Many2one('res.company', required=True, readonly=True, default=lambda self: self.env.company)
    shop_size = fields.Selection(related='company_id.aftersales_shop_size')
    line_ids = fields.One2many('aftersales.setup.check.line', 'check_id', readonly=True)
    open_count = fields.Integer(compute='_compute_open_count')

    # === COMPUTE METHODS === #

    @api.depends('line_ids.ok')
    def _compute_open_count(self):
        for check in self:
            check.open_count = len(check.line_ids.filtered(lambda line: not line.ok))

    # === ACTION METHODS === #

    @api.model
    def action_open(self):
        """Run the checks of the current company and show them."""
        self.env.company._aftersales_ensure_manager()
        check = self.create({'company_id': self.env.company.id})
        check._reload()
        return check._action()

    def action_refresh(self):
        """Run the checks again."""
        self.ensure_one()
        self.company_id._aftersales_ensure_manager()
        self._reload()
        return self._action()

    def action_large(self):
        """Set every gate to what is shipped for a large shop."""
        self.company_id.action_aftersales_apply_defaults('large')
        return self.action_refresh()

    def action_small(self):
        """Set every gate to what is shipped for a small shop."""
        self.company_id.action_aftersales_apply_defaults('small')
        return self.action_refresh()

    # === BUSINESS METHODS === #

    def _reload(self):
        """Replace the lines by what the checks say now."""
        self.ensure_one()
        checks = self.company_id._aftersales_setup_checks()
        self.line_ids.unlink()
        self.env['aftersales.setup.check.line'].create([{
            'check_id': self.id, 'code': check['code'], 'name': check['name'], 'ok': check['ok'],
            'message': check['message'], 'can_fix': bool(check.get('fix')),
        } for check in sorted(checks, key=lambda check: check['ok'])])

    def _action(self):
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Set-up Check"),
            'res_model': self._name,
            'res_id': self.id,
            'views': [(False, 'form')],
            'target': 'current',
        }


class AftersalesSetupCheckLine(models.TransientModel):
    """One check of the screen."""

    _name = 'aftersales.setup.check.line'
    _description = "Line of the set-up check"

    check_id = fields.Many2one('aftersales.setup.check', required=True, ondelete='cascade', index=True)
    code = fields.Char(readonly=True)
    name = fields.Char(readonly=True)
    ok = fields.Boolean(readonly=True)
    message = fields.Char(readonly=True)
    can_fix = fields.Boolean(readonly=True)

    def action_fix(self):
        """Let the check repair what it complains about."""
        self.ensure_one()
        self.check_id.company_id._aftersales_run_fix(self.code)
        return self.check_id.action_refresh()
