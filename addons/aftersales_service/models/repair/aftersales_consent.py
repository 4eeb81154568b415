from odoo import api, fields, models

from ..base.errors import coded_error

MEANS = [
    ('signature', "Signature on Screen"),
    ('paper', "Signed Paper"),
    ('portal', "Portal"),
    ('phone', "Phone"),
    ('message', "Message"),
    ('mandate', "Standing Mandate"),
    ('supervisor', "Supervisor"),
    ('system', "By Rule"),
]


class AftersalesConsent(models.Model):
    """What one payer said to one job: yes or no, when, by what means, up to which amount.

    Written by `order._record_consent` only and never changed: a new answer is a new record, the last one counts.
    """

    _name = 'aftersales.consent'
    _description = "Consent"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'id desc'
    _guarded_fields = frozenset(
        {
            'order_id',
            'job_id',
            'payer_id',
            'estimate_id',
            'state',
            'amount',
            'fingerprint',
            'means',
            'decided_at',
            'decided_by',
            'phone',
            'user_id',
            'second_user_id',
            'listener_id',
            'note',
            'signed_later_at',
        }
    )

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True)
    currency_id = fields.Many2one(related='order_id.currency_id')
    job_id = fields.Many2one('aftersales.repair.job', required=True, readonly=True, ondelete='cascade', index=True)
    payer_id = fields.Many2one('aftersales.repair.payer', required=True, readonly=True, ondelete='cascade', index=True)
    estimate_id = fields.Many2one('aftersales.estimate', readonly=True, index='btree_not_null')
    state = fields.Selection(
        [('draft', "Not Shown"), ('quoted', "Quoted"), ('approved', "Agreed"), ('declined', "Declined")],
        required=True,
        readonly=True,
    )
    amount = fields.Monetary(readonly=True, help="What this payer was told he pays for this job, tax included.")
    fingerprint = fields.Text(readonly=True, help="The content agreed on; another content asks again.")
    means = fields.Selection(MEANS, readonly=True)
    decided_at = fields.Datetime(readonly=True)
    decided_by = fields.Char("Who Said So", readonly=True)
    phone = fields.Char("Number Called", readonly=True, groups='aftersales_service.group_receptionist')
    user_id = fields.Many2one('res.users', "Recorded By", readonly=True)
    second_user_id = fields.Many2one('res.users', "Second Person", readonly=True)
    listener_id = fields.Many2one('hr.employee', "Told in the Workshop", readonly=True)
    signed_later_at = fields.Datetime("Signed at Pick-up", readonly=True)
    note = fields.Char(readonly=True)

    @api.depends('job_id', 'payer_id', 'state')
    def _compute_display_name(self):
        labels = dict(self._fields['state']._description_selection(self.env))
        for consent in self:
            consent.display_name = (
                f'{consent.job_id.name} · {consent.payer_id.display_name} · {labels.get(consent.state)}'
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('REP-30', self.env._("A consent stays on record. Record the new answer instead."))

    def _current_state(self, fingerprint, amount):
        """Return what this consent is worth now.

        It is asked again only when the content changed or this payer's amount rose above what he approved.

        :param str fingerprint: content of the job now.
        :param float amount: the payer's amount now, tax included.
        :return: draft, quoted, approved or declined.
        """
        if not self:
            return 'draft'
        self.ensure_one()
        if self.state == 'declined':
            return 'declined' if self.fingerprint == fingerprint else 'draft'
        same = self.fingerprint == fingerprint and self.currency_id.compare_amounts(amount, self.amount) <= 0
        if self.state == 'approved':
            return 'approved' if same else 'draft'
        return self.state if same else 'draft'
