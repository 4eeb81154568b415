from odoo import api, fields, models
from odoo.exceptions import LockError

from ..base.errors import coded_error

STATES = [
    ('draft', "Draft"),
    ('matched', "Matched"),
    ('posted', "Posted"),
    ('paid', "Paid"),
    ('reversed', "Reversed"),
]


class AftersalesWarrantyStatement(models.Model):
    """What a manufacturer credits for many claims at once: his list, matched line by line, posted as one invoice.

    Typed in or imported from his workbook. Its state is a projection of the lines, the invoice and its payment.
    """

    _name = 'aftersales.warranty.statement'
    _description = "Manufacturer's Statement"
    _inherit = [
        'aftersales.guarded.mixin', 'aftersales.gate.mixin', 'aftersales.download.mixin', 'mail.thread',
        'mail.activity.mixin',
    ]
    _order = 'date desc, id desc'
    _check_company_auto = True
    _mail_post_access = 'read'
    _guarded_fields = frozenset({
        'name', 'posted_at', 'posted_by_id', 'reversed_at', 'reversed_by_id', 'reverse_reason', 'move_id', 'matched_at',
    })

    # Identity
    name = fields.Char("Our Number", required=True, readonly=True, copy=False, default='/', index='trigram')
    number = fields.Char("Their Number", tracking=True, help="Number of the credit list in the manufacturer's system.")
    partner_id = fields.Many2one(
        'res.partner', "Manufacturer", required=True, index=True, ondelete='restrict', tracking=True, check_company=True,
        compute='_compute_partner_id', store=True, readonly=False, precompute=True,
    )
    brand_id = fields.Many2one('aftersales.vehicle.brand', ondelete='restrict', index='btree_not_null')
    date = fields.Date(required=True, default=lambda self: self.env.company._aftersales_today(), tracking=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    template_id = fields.Many2one(
        'aftersales.statement.template', "Columns of the List", check_company=True, ondelete='set null',
        compute='_compute_template_id', store=True, readonly=False, precompute=True,
        help="Which column of the manufacturer's workbook holds what.",
    )
    state = fields.Selection(STATES, compute='_compute_state', store=True, index=True, tracking=True)

    # Lines and money
    line_ids = fields.One2many('aftersales.warranty.statement.line', 'statement_id', "Lines", copy=False)
    stated_total = fields.Monetary("Their Total", tracking=True, help="Total incl. tax as printed on the list; 0 where it names none.")
    amount_total = fields.Monetary("Lines incl. Tax", compute='_compute_totals', store=True)
    claimed_total = fields.Monetary("Claimed incl. Tax", compute='_compute_totals', store=True)
    total_difference = fields.Monetary("Difference to Their Total", compute='_compute_totals', store=True)
    line_count = fields.Integer("Number of Lines", compute='_compute_totals', store=True)
    open_count = fields.Integer("Not Matched", compute='_compute_totals', store=True)
    differing_count = fields.Integer("Amount Differs", compute='_compute_totals', store=True)
    missing_claim_ids = fields.Many2many(
        'aftersales.warranty.claim', compute='_compute_missing', string="Ours, Not in Theirs",
        help="Claims sent before the day of the statement that it does not name.",
    )
    missing_count = fields.Integer(compute='_compute_missing')
    amount_due = fields.Monetary("Still Owed", compute='_compute_due', compute_sudo=True)

    # Facts
    matched_at = fields.Datetime("Matched On", readonly=True, copy=False)
    posted_at = fields.Datetime("Posted On", readonly=True, copy=False)
    posted_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    reversed_at = fields.Datetime("Reversed On", readonly=True, copy=False)
    reversed_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    reverse_reason = fields.Char(readonly=True, copy=False)
    move_id = fields.Many2one(
        'account.move', "Invoice", readonly=True, copy=False, ondelete='restrict', index='btree_not_null',
        groups='account.group_account_invoice,account.group_account_readonly',
    )
    move_ids = fields.One2many(
        'account.move', 'aftersales_statement_id', "Entries", readonly=True,
        groups='account.group_account_invoice,account.group_account_readonly',
    )

    _number_uniq = models.UniqueIndex(
        "(company_id, partner_id, number) WHERE number IS NOT NULL AND number != '' AND reversed_at IS NULL",
        "This statement of the manufacturer is here already.",
    )

    # === COMPUTE METHODS === #

    @api.depends('brand_id')
    def _compute_partner_id(self):
        for statement in self:
            statement.partner_id = statement.partner_id or statement.brand_id.claim_partner_id

    @api.depends('brand_id', 'company_id')
    def _compute_template_id(self):
        Template = self.env['aftersales.statement.template']
        for statement in self:
            statement.template_id = statement.template_id or Template._of(statement.brand_id, statement.company_id)

    @api.depends('name', 'number', 'partner_id')
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = ' · '.join(
                part for part in (statement.name, statement.partner_id.name, statement.number) if part
            )

    @api.depends('posted_at', 'reversed_at', 'matched_at', 'open_count', 'line_count', 'move_id', 'move_ids.payment_state')
    def _compute_state(self):
        for statement in self:
            invoice = statement.sudo().move_id
            if statement.reversed_at:
                statement.state = 'reversed'
            elif statement.posted_at:
                paid = not invoice or invoice.payment_state in ('paid', 'in_payment', 'reversed')
                statement.state = 'paid' if paid else 'posted'
            elif statement.matched_at and statement.line_count and not statement.open_count:
                statement.state = 'matched'
            else:
                statement.state = 'draft'

    @api.depends('line_ids.amount', 'line_ids.state', 'line_ids.claimed_total', 'stated_total')
    def _compute_totals(self):
        for statement in self:
            lines = statement.line_ids
            statement.amount_total = sum(lines.mapped('amount'))
            statement.claimed_total = sum(lines.mapped('claimed_total'))
            statement.line_count = len(lines)
            statement.open_count = len(lines.filtered(lambda line: line.state in ('error', 'unknown', 'doubtful')))
            statement.differing_count = len(lines.filtered(lambda line: line.state == 'differs'))
            statement.total_difference = (
                statement.currency_id.round(statement.amount_total - statement.stated_total) if statement.stated_total else 0.0
            )

    @api.depends('line_ids.claim_id', 'partner_id', 'date', 'posted_at')
    def _compute_missing(self):
        for statement in self:
            claims = statement._missing_claims()
            statement.missing_claim_ids = claims
            statement.missing_count = len(claims)

    @api.depends('move_id', 'move_ids.amount_residual', 'move_ids.state')
    def _compute_due(self):
        for statement in self:
            statement.amount_due = statement.move_id.amount_residual if statement.move_id.state == 'posted' else 0.0

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        statements = super().create(vals_list)
        for statement in statements.filtered(lambda statement: statement.name == '/'):
            statement._guarded().write({'name': statement.company_id._aftersales_statement_number_sudo()})
        return statements

    def write(self, vals):
        if {'partner_id', 'company_id', 'date', 'number', 'stated_total', 'line_ids', 'brand_id'} & vals.keys():
            self.filtered(lambda statement: not statement._is_guarded())._ensure_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self._ensure_open()

    # === GETTERS === #

    def _gate_profile(self):
        return self.company_id._aftersales_profile('company')

    def _ensure_open(self):
        """Refuse to change what is in the books.

        :raise UserError: WAR-99
        """
        for statement in self:
            if statement.posted_at:
                raise coded_error('WAR-99', self.env._(
                    "%(statement)s is posted and stays as it is. Reverse it, then enter it again.",
                    statement=statement.display_name,
                ))

    def _missing_claims(self):
        """Return the claims of ours that wait for a credit and are not on the list."""
        self.ensure_one()
        if not self.partner_id or self.posted_at:
            return self.env['aftersales.warranty.claim']
        claims = self._claims_to_match().filtered(
            lambda claim: claim.submitted_at and claim.submitted_at.date() <= (self.date or claim.submitted_at.date())
        )
        return claims - self.line_ids.claim_id

    def _claims_to_match(self):
        """Return the claims of the manufacturer that were sent and have no credit yet."""
        self.ensure_one()
        return self.env['aftersales.warranty.claim'].search([
            ('company_id', '=', self.company_id.id),
            ('partner_id', 'child_of', self.partner_id.commercial_partner_id.id),
            ('submitted_at', '!=', False),
            ('cancelled_at', '=', False),
            ('booked_at', '=', False),
        ])

    # === RIGHTS AND LOCKS === #

    def _ensure_accountant(self):
        """Refuse who does not keep the books.

        :raise UserError: WAR-81
        """
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_accountant')):
            raise coded_error('WAR-81', self.env._(
                "The manufacturer's statement is posted by the accountant; the warranty clerk enters and matches it.",
            ))
        self.check_access('read')

    def _lock_sudo(self):
        """Let one person at a time post a statement; sudo: the verb checked the rights.

        :raise UserError: WAR-86
        """
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError:
            raise coded_error('WAR-86', self.env._(
                "%(statements)s is being posted by somebody else right now. Wait a moment and open it again.",
                statements=", ".join(self.mapped('name')),
            )) from None
        self.sudo().invalidate_recordset(['posted_at', 'reversed_at', 'move_id'])

    # === ACTIONS === #

    def action_view_move(self):
        self.ensure_one()
        return self.move_ids._get_records_action(name=self.env._("Entries"))

    def action_view_missing(self):
        """Open our claims that the statement does not name."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Ours, not in theirs"),
            'res_model': 'aftersales.warranty.claim',
            'view_mode': 'list,form',
            'domain': [('id', 'in', self.missing_claim_ids.ids)],
            'context': {'create': False},
        }

    def action_view_lines(self):
        """Open the lines as a list, the differences first."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.warranty_statement_line_action')
        return {**action, 'domain': [('statement_id', '=', self.id)], 'context': {'search_default_open': 1}}

    def action_view_claims(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Claims"),
            'res_model': 'aftersales.warranty.claim',
            'view_mode': 'list,form',
            'domain': [('id', 'in', self.line_ids.claim_id.ids)],
            'context': {'create': False},
        }
