from odoo import api, fields, models

from .errors import coded_error


class AftersalesConductProposal(models.Model):
    """Something a room noticed about a person's work and hands over to the people in charge of conduct.

    A *fact* counts in a pattern (a late promise, a failed check); a *case* asks for a decision (a lost tool).
    A proposal is not a sanction: it is taken over or dismissed.
    """

    _name = 'aftersales.conduct.proposal'
    _description = "Conduct proposal"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'summary'
    _guarded_fields = frozenset({
        'kind', 'employee_id', 'res_model', 'res_id', 'summary', 'rule_hint', 'amount', 'date', 'company_id', 'state',
        'proposed_by_id', 'decided_by_id', 'decided_at',
    })

    kind = fields.Selection([('fact', "Fact"), ('case', "Case")], required=True, readonly=True, index=True)
    employee_id = fields.Many2one('hr.employee', required=True, readonly=True, index=True, ondelete='restrict')
    res_model = fields.Char(string="Document type", readonly=True)
    res_id = fields.Many2oneReference(string="Document ID", model_field='res_model', readonly=True)
    summary = fields.Char(required=True, readonly=True)
    rule_hint = fields.Char(string="Rule", readonly=True, help="Code of the rule of conduct that may apply.")
    currency_id = fields.Many2one(related='company_id.currency_id')
    amount = fields.Monetary(readonly=True, help="Damage or value in question, if any.")
    date = fields.Date(required=True, readonly=True, index=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    state = fields.Selection(
        [('new', "New"), ('taken', "Taken over"), ('dismissed', "Dismissed")],
        default='new', required=True, readonly=True, copy=False, index=True,
    )
    proposed_by_id = fields.Many2one('res.users', string="Noticed by", readonly=True)
    decided_by_id = fields.Many2one('res.users', string="Decided by", readonly=True, copy=False)
    decided_at = fields.Datetime(readonly=True, copy=False)

    _record_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('BAS-01', self.env._("A conduct proposal is made by the step that noticed the fact."))
        return super().create(vals_list)

    # === ACTION METHODS === #

    def action_take(self):
        """Take the proposals over into the conduct record."""
        self._decide('taken')

    def action_dismiss(self):
        """Put the proposals aside; they count for nothing."""
        self._decide('dismissed')

    def action_open_record(self):
        """Open the document on which the fact was noticed."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': self.res_model,
            'res_id': self.res_id,
            'views': [(False, 'form')],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _propose(self, kind, employee, record, summary, **kw):
        """Hand something over to the people in charge of conduct.

        Whoever notices it need not be allowed to read proposals: the record is created as superuser.

        :param str kind: fact | case.
        :param employee: hr.employee concerned; several give one proposal each.
        :param record: document on which it was noticed (may be empty).
        :param str summary: one sentence, no names of customers.
        :param kw: rule_hint, amount, date (default: today in the company's time zone), company_id.
        :return: aftersales.conduct.proposal, as superuser.
        """
        vals_list = []
        for person in employee:
            company = self.env['res.company'].browse(kw.get('company_id')) or (
                record.company_id if record and 'company_id' in record._fields else self.env['res.company']
            ) or person.sudo().company_id or self.env.company
            vals_list.append({
                'kind': kind,
                'employee_id': person.id,
                'res_model': record._name if record else False,
                'res_id': record.id if record else False,
                'summary': summary,
                'rule_hint': kw.get('rule_hint'),
                'amount': kw.get('amount') or 0.0,
                'date': kw.get('date') or company._aftersales_today(),
                'company_id': company.id,
                'proposed_by_id': self.env.uid,
            })
        return self.sudo()._guarded().create(vals_list)

    def _decide(self, state):
        """Record the decision of the person in charge.

        :raise UserError: BAS-06 a proposal is decided already.
        """
        self.check_access('write')
        if decided := self.filtered(lambda proposal: proposal.state != 'new'):
            raise coded_error('BAS-06', self.env._(
                "Decided already: %(names)s.", names="; ".join(decided.mapped('summary')),
            ))
        self._guarded().write({
            'state': state, 'decided_by_id': self.env.uid, 'decided_at': fields.Datetime.now(),
        })
