from collections import defaultdict

from odoo import api, fields, models

from ...rules.split import split_amount

LINE_STATES = [
    ('error', "Cannot Be Read"),
    ('unknown', "Not in Ours"),
    ('doubtful', "Several Fit"),
    ('differs', "Amount Differs"),
    ('matched', "Matched"),
    ('booked', "Posted"),
]
CONTENT_FIELDS = frozenset({
    'kind', 'their_number', 'our_number', 'vin', 'day', 'amount', 'note', 'claim_id', 'reason_id', 'is_accepted', 'statement_id',
    'row_error', 'settlement_id',
})


class AftersalesWarrantyStatementLine(models.Model):
    """One row of the manufacturer's list: a credited or refused claim, a charge-back below zero, or an extra amount."""

    _name = 'aftersales.warranty.statement.line'
    _description = "Line of a Manufacturer's Statement"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'sequence, id'
    _check_company_auto = True
    _guarded_fields = frozenset({'is_booked', 'total_amount', 'tax_amount', 'extra_amount', 'matched_by'})

    statement_id = fields.Many2one('aftersales.warranty.statement', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='statement_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='statement_id.currency_id')
    partner_id = fields.Many2one(related='statement_id.partner_id')
    date = fields.Date(related='statement_id.date', store=True)
    sequence = fields.Integer(default=10)

    # Theirs
    kind = fields.Selection(
        [('claim', "Claim"), ('extra', "Bonus or Handling")], required=True, default='claim',
        help="What the manufacturer pays beside the claims stands on the invoice as a line of its own.",
    )
    their_number = fields.Char("Their Claim No.", index='btree_not_null')
    our_number = fields.Char("Our Claim No.")
    vin = fields.Char("VIN")
    day = fields.Date("Day", help="Day of the repair or of the decision, as the list names it.")
    amount = fields.Monetary("Credited by Manufacturer", help="Including tax. Below zero: a charge-back of a claim credited before.")
    note = fields.Char("Their Remark")
    row_error = fields.Char("Problem", readonly=True, help="What could not be read when the workbook came in.")

    # Ours
    claim_id = fields.Many2one(
        'aftersales.warranty.claim', index='btree_not_null', ondelete='restrict', check_company=True,
        domain="[('company_id', '=', company_id), ('submitted_at', '!=', False)]",
    )
    settlement_id = fields.Many2one(related='claim_id.settlement_id', store=True, index='btree_not_null')
    matched_by = fields.Selection(
        [('theirs', "Their number"), ('ours', "Our number"), ('car', "Car, amount and day"), ('hand', "By hand")], readonly=True,
    )
    candidate_ids = fields.Many2many('aftersales.warranty.claim', 'aftersales_statement_line_candidate', string="Would Fit")
    license_plate = fields.Char(related='claim_id.license_plate')
    claimed_total = fields.Monetary("Claimed", compute='_compute_expected', store=True)
    expected_total = fields.Monetary(
        "Expected Amount", compute='_compute_expected', store=True, help="What was approved, else what was claimed.")
    difference = fields.Monetary(compute='_compute_expected', store=True, help="Credited less expected.")
    is_accepted = fields.Boolean(
        "Accepted", help="Their amount counts, although another one was recorded as their answer before.")
    reason_id = fields.Many2one(
        'aftersales.reason', "Reason of the Cut", domain="[('kind', '=', 'claim')]", ondelete='restrict',
        compute='_compute_reason_id', store=True, readonly=False,
    )
    state = fields.Selection(LINE_STATES, compute='_compute_expected', store=True, index=True)

    # As posted
    is_booked = fields.Boolean("Posted", readonly=True, copy=False)
    total_amount = fields.Monetary("Invoiced Amount", readonly=True, copy=False, help="For the claim, including tax, on the statement's invoice.")
    extra_amount = fields.Monetary("Invoiced Beside", readonly=True, copy=False, help="Bonus, handling, more than was claimed; including tax.")
    tax_amount = fields.Monetary("Tax", readonly=True, copy=False)
    refunded_amount = fields.Monetary("Taken Back", compute='_compute_due', compute_sudo=True, store=True)
    due_amount = fields.Monetary("Still Owed", compute='_compute_due', compute_sudo=True, store=True)
    paid_amount = fields.Monetary("Paid Amount", compute='_compute_due', compute_sudo=True, store=True)

    _claim_uniq = models.UniqueIndex(
        '(statement_id, claim_id) WHERE claim_id IS NOT NULL', "A claim stands once on a statement.",
    )
    _booked_uniq = models.UniqueIndex(
        '(claim_id) WHERE is_booked AND amount >= 0', "A claim is credited once.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        'claim_id.claimed_total', 'claim_id.approved_total', 'claim_id.decided_at', 'claim_id.replaced_total', 'amount', 'kind',
        'row_error', 'is_accepted', 'candidate_ids', 'is_booked',
    )
    def _compute_expected(self):
        for line in self:
            claim, currency = line.claim_id, line.currency_id
            line.claimed_total = claim.claimed_total - claim.replaced_total
            line.expected_total = claim.approved_total if claim.decided_at else line.claimed_total
            if line._is_charge_back():
                line.expected_total = line.amount
            line.difference = currency.round(line.amount - line.expected_total) if claim else 0.0
            if line.is_booked:
                line.state = 'booked'
            elif line.row_error:
                line.state = 'error'
            elif line.kind == 'extra':
                line.state = 'matched'
            elif not claim:
                line.state = 'doubtful' if line.candidate_ids else 'unknown'
            elif line.is_accepted or currency.is_zero(line.difference):
                line.state = 'matched'
            else:
                line.state = 'differs'

    @api.depends('claim_id', 'amount')
    def _compute_reason_id(self):
        default = self.env.ref('aftersales_service.reason_claim_statement', raise_if_not_found=False)
        for line in self:
            short = line.claim_id and line.currency_id.compare_amounts(line.amount, line.claimed_total) < 0
            line.reason_id = (line.reason_id or default) if short and line.amount >= 0 else False

    @api.depends(
        'is_booked', 'total_amount', 'statement_id.move_id', 'statement_id.move_ids.amount_residual', 'statement_id.move_ids.state',
        'statement_id.move_ids.reversal_move_ids.state', 'statement_id.move_ids.reversal_move_ids.amount_total',
    )
    def _compute_due(self):
        """Share what is open on the invoice among its lines, exact to the cent, after what each was taken back."""
        self.refunded_amount = self.due_amount = self.paid_amount = 0.0
        for statement in self.statement_id:
            lines = statement.line_ids.filtered(lambda line: line.is_booked and (line.total_amount or line.extra_amount))
            invoice, currency = statement.move_id, statement.currency_id
            if not lines or invoice.state != 'posted':
                continue
            taken = lines._refunds()
            amounts = [*(line.extra_amount for line in lines), *(line.total_amount - taken[line] for line in lines)]
            weights = [max(0, round(amount / currency.rounding)) for amount in amounts]
            parts = split_amount(round(invoice.amount_residual / currency.rounding), weights)[len(lines):]
            for line, cents in zip(lines, parts, strict=True):
                due = currency.round(cents * currency.rounding)
                line.refunded_amount = taken[line]
                line.due_amount = due
                line.paid_amount = currency.round(line.total_amount - taken[line] - due)

    def _refunds(self):
        """Return what credit notes took back of each line since, including tax.

        :rtype: dict  `{statement line: float}`
        """
        taken = defaultdict(float)
        by_claim = {(line.claim_id.payer_id, line.claim_id.job_id): line for line in self if line.claim_id}
        for item in self.env['account.move.line'].search_fetch(
            [
                ('move_id.reversed_entry_id', 'in', self.statement_id.move_id.ids),
                ('move_id.aftersales_settlement_id', '!=', False),
                ('parent_state', '=', 'posted'),
                ('display_type', '=', 'product'),
            ],
            ['aftersales_payer_id', 'aftersales_line_id', 'price_total'],
        ):
            line = by_claim.get((item.aftersales_payer_id, item.aftersales_line_id.job_id))
            if line:
                taken[line] += item.price_total
        return defaultdict(float, {line: line.currency_id.round(value) for line, value in taken.items()})

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        statements = self.env['aftersales.warranty.statement'].browse(
            {vals['statement_id'] for vals in vals_list if vals.get('statement_id')})
        if not self._is_guarded():
            statements._ensure_open()
        return super().create(vals_list)

    def write(self, vals):
        if CONTENT_FIELDS & vals.keys() and not self._is_guarded():
            self.statement_id._ensure_open()
            if vals.get('statement_id'):
                self.env['aftersales.warranty.statement'].browse(vals['statement_id'])._ensure_open()
        result = super().write(vals)
        if 'claim_id' in vals and not self._is_guarded():
            self._guarded().write({'matched_by': 'hand' if vals['claim_id'] else False})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self.statement_id._ensure_open()

    # === GETTERS === #

    def _is_charge_back(self):
        """Tell whether the manufacturer takes back what he credited before."""
        self.ensure_one()
        return self.kind == 'claim' and self.amount < 0

    def _excess(self):
        """Return what is credited above the claim: it stands on the invoice as a line of its own."""
        self.ensure_one()
        if self.kind == 'extra':
            return self.amount
        return max(0.0, self.currency_id.round(self.amount - self.claimed_total)) if self.claim_id else 0.0

    # === ACTIONS === #

    def action_accept(self):
        """Take their amounts, although other ones were recorded as their answer before."""
        self.statement_id._ensure_open()
        self.filtered(lambda line: line.state == 'differs').is_accepted = True
        return True

    def action_open_claim(self):
        self.ensure_one()
        return self.claim_id._get_records_action()
