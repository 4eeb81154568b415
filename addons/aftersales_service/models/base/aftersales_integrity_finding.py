from odoo import api, fields, models
from odoo.exceptions import AccessError

from .errors import coded_error

SEVERITIES = [('info', "For information"), ('warning', "Look at it"), ('error', "Books are wrong")]


class AftersalesIntegrityFinding(models.Model):
    """One disagreement between documents, stock and books, as of the last run."""

    _name = 'aftersales.integrity.finding'
    _description = "Integrity finding"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'severity, code, id'
    _rec_name = 'message'
    _guarded_fields = frozenset({
        'code', 'name', 'severity', 'res_model', 'res_id', 'amount', 'message', 'company_id', 'run_at',
    })

    code = fields.Char(required=True, readonly=True, index=True)
    name = fields.Char(string="Check", readonly=True)
    severity = fields.Selection(SEVERITIES, required=True, readonly=True)
    res_model = fields.Char(string="Document type", readonly=True)
    res_id = fields.Many2oneReference(string="Document ID", model_field='res_model', readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    amount = fields.Monetary(readonly=True)
    message = fields.Text(readonly=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    run_at = fields.Datetime(string="Checked at", readonly=True)

    # === ACTION METHODS === #

    def action_run(self):
        """Run the checks of the current companies now and show what they found (accountants and managers)."""
        if not self.env.user.has_groups('aftersales_service.group_accountant,aftersales_service.group_service_manager'):
            raise AccessError(self.env._("Only the accountant runs the integrity check."))
        self._run(self.env.companies)
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_integrity_finding_action')
        action['target'] = 'main'
        return action

    def action_open_record(self):
        """Open the document in question."""
        self.ensure_one()
        if not self.res_model or not self.res_id:
            raise coded_error('BAS-07', self.env._("This finding concerns the company as a whole, not one document."))
        return {
            'type': 'ir.actions.act_window',
            'res_model': self.res_model,
            'res_id': self.res_id,
            'views': [(False, 'form')],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _run(self, companies=None):
        """Replace the stored findings of these companies by what the checks say now.

        :param companies: res.company, all unless given.
        :return: the findings, as superuser: the checks must see all documents of the company.
        """
        companies = self.env['res.company'].sudo().search([]) if companies is None else companies.sudo()
        findings = self.sudo()
        findings.search([('company_id', 'in', companies.ids)]).unlink()
        now = fields.Datetime.now()
        vals_list = [
            {
                'code': found['code'], 'name': found['name'], 'severity': found.get('severity', 'error'),
                'res_model': found.get('res_model'), 'res_id': found.get('res_id'),
                'amount': found.get('amount') or 0.0, 'message': found.get('message'),
                'company_id': company.id, 'run_at': now,
            }
            for company in companies
            for found in company.with_company(company)._aftersales_integrity()
        ]
        return findings._guarded().create(vals_list)

    @api.model
    def _cron_run(self):
        """Check company by company, so that a long run may stop and go on later."""
        companies = self.env['res.company'].search([])
        for done, company in enumerate(companies, start=1):
            self._run(company)
            self.env['ir.cron']._commit_progress(1, remaining=len(companies) - done)
