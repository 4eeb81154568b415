from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesEstimate(models.Model):
    """One version of what was offered, frozen when it was issued. Additional work is an estimate of its own jobs."""

    _name = 'aftersales.estimate'
    _description = "Estimate"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread']
    _order = 'order_id.id desc, version desc'
    _check_company_auto = True
    _guarded_fields = frozenset(
        {
            'order_id',
            'version',
            'name',
            'kind',
            'state',
            'issued_at',
            'issued_by_id',
            'promised_at',
            'estimate_method',
            'amount_labour',
            'amount_parts',
            'amount_other',
            'amount_untaxed',
            'amount_tax',
            'amount_total',
            'signature',
            'signed_by',
            'signed_at',
            'sign_means',
            'refused_note',
            'witness_id',
            'agree_content',
            'agree_price',
            'agree_time',
            'viewed_at',
            'odometer',
        }
    )

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True)
    currency_id = fields.Many2one(related='order_id.currency_id')
    name = fields.Char(readonly=True)
    version = fields.Integer(required=True, readonly=True)
    kind = fields.Selection(
        [('full', "Estimate"), ('additional', "Additional Work")], required=True, readonly=True, default='full'
    )
    state = fields.Selection(
        [
            ('draft', "Draft"),
            ('issued', "Issued"),
            ('signed', "Signed"),
            ('refused', "Signature Refused"),
            ('declined', "Declined"),
            ('superseded', "Superseded"),
        ],
        required=True,
        readonly=True,
        default='draft',
        tracking=True,
    )
    issued_at = fields.Datetime(readonly=True)
    issued_by_id = fields.Many2one('res.users', readonly=True)
    viewed_at = fields.Datetime("Seen by the Customer", readonly=True)
    promised_at = fields.Datetime(readonly=True)
    odometer = fields.Integer(readonly=True)
    estimate_method = fields.Selection(
        [('system', "By Vehicle System"), ('symptom', "By Symptom"), ('item', "Fixed Item Price")],
        readonly=True,
    )
    line_ids = fields.One2many('aftersales.estimate.line', 'estimate_id', readonly=True)
    amount_labour = fields.Monetary(readonly=True)
    amount_parts = fields.Monetary(readonly=True)
    amount_other = fields.Monetary(readonly=True)
    amount_untaxed = fields.Monetary(readonly=True)
    amount_tax = fields.Monetary(readonly=True)
    amount_total = fields.Monetary(readonly=True)

    # Signature
    signature = fields.Image(readonly=True, max_width=1024, max_height=1024, attachment=True)
    signed_by = fields.Char(readonly=True)
    signed_at = fields.Datetime(readonly=True)
    sign_means = fields.Char(readonly=True)
    refused_note = fields.Char(readonly=True)
    witness_id = fields.Many2one('res.users', readonly=True)
    agree_content = fields.Boolean(readonly=True)
    agree_price = fields.Boolean(readonly=True)
    agree_time = fields.Boolean(readonly=True)

    _version_uniq = models.UniqueIndex('(order_id, version)', "This version of the estimate exists already.")

    @api.depends('name', 'version')
    def _compute_display_name(self):
        for estimate in self:
            estimate.display_name = f'{estimate.order_id.name}/V{estimate.version}'

    def write(self, vals):
        # Messages and activities may be attached; the offer itself never changes after it was issued.
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        raise coded_error(
            'REP-31', self.env._("An estimate that was issued stays on record. Issue a new version instead.")
        )

    def _jobs(self):
        """Return the jobs this version offers."""
        return self.line_ids.job_id

    def _sign(self, name, signature=None, means='signature', agree=('content', 'price', 'time')):
        """Record the customer's signature: he says yes to every job of this version.

        :param str name: who signed, as he wrote it.
        :param bytes signature: image in base64; may be missing for signed paper.
        :param str means: signature, paper or portal.
        :param agree: the ticks he made; content, price, time (R-PROC-47).
        """
        for estimate in self:
            if estimate.state not in ('issued',):
                raise coded_error(
                    'REP-32',
                    self.env._(
                        "%(estimate)s is no longer open for signature: a newer version or an answer exists. "
                        "Open the order's last estimate.",
                        estimate=estimate.display_name,
                    ),
                )
            if not (name or '').strip():
                raise coded_error('REP-33', self.env._("Write the name of the person who signs."))
            if means in ('signature', 'portal') and not signature:
                raise coded_error('REP-34', self.env._("The signature is empty. Sign in the box."))
            estimate._guarded().write(
                {
                    'state': 'signed',
                    'signature': signature,
                    'signed_by': name.strip(),
                    'signed_at': fields.Datetime.now(),
                    'sign_means': means,
                    'agree_content': 'content' in agree,
                    'agree_price': 'price' in agree,
                    'agree_time': 'time' in agree,
                }
            )
            estimate.order_id._record_consent(
                estimate._jobs().filtered(lambda job: job.outcome == 'open'),
                'approved',
                means,
                name=name.strip(),
                estimate=estimate,
            )

    def _refuse_signature(self, witness, note):
        """Record that the customer would not sign, with a witness (real_days: refuses to sign)."""
        self.ensure_one()
        if not note or not witness:
            raise coded_error('REP-35', self.env._("A refused signature needs a reason and a witness."))
        if witness == self.env.user:
            raise coded_error('REP-36', self.env._("The witness must be another person than you."))
        self._guarded().write(
            {'state': 'refused', 'refused_note': note, 'witness_id': witness.id, 'signed_at': fields.Datetime.now()}
        )
        self.order_id._advance()

    def _mark_viewed(self):
        """Keep when the customer first opened the estimate on the portal."""
        self.filtered(lambda estimate: not estimate.viewed_at)._guarded().write({'viewed_at': fields.Datetime.now()})
