import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.errors import coded_error


class AftersalesFapiao(models.Model):
    """One tax invoice (发票): its own record beside settlement and journal entry, n to m with settlements.

    Issued on the tax platform; here the number is kept, for whom, over what. Never a gate for the car.
    """

    _name = 'aftersales.fapiao'
    _description = "Fapiao"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread']
    _order = 'issue_date desc, id desc'
    _check_company_auto = True
    _rec_names_search = ['number', 'title', 'tax_no']
    _guarded_fields = frozenset({'state', 'origin_id', 'issued_by_id'})

    number = fields.Char(
        "Fapiao No.", size=20, copy=False, index='trigram', tracking=True, help="20 digits of the fully digital fapiao."
    )
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    kind = fields.Selection(
        [
            ('ordinary', "Digital Ordinary (数电普票)"),
            ('special', "Digital Special (数电专票)"),
            ('untaxed', "Not Taxed (不征税)"),
        ],
        required=True,
        default='ordinary',
    )
    partner_id = fields.Many2one('res.partner', "Buyer", check_company=True, index='btree_not_null')
    title = fields.Char(
        "Title",
        compute='_compute_title',
        store=True,
        readonly=False,
        precompute=True,
        help="Name on the fapiao. May differ from who pays: an insurer pays, the insured is the buyer.",
    )
    tax_no = fields.Char("Tax No.", compute='_compute_title', store=True, readonly=False, precompute=True)
    email = fields.Char("Send To")
    issue_date = fields.Date(copy=False)
    state = fields.Selection(
        [('requested', "Requested"), ('issued', "Issued"), ('red', "Red Letter"), ('void', "Withdrawn")],
        required=True,
        readonly=True,
        default='requested',
        copy=False,
        tracking=True,
        index=True,
    )
    issued_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    allocation_ids = fields.One2many('aftersales.fapiao.allocation', 'fapiao_id', "Settlements")
    amount_total = fields.Monetary("Amount incl. Tax", compute='_compute_amount_total', store=True)
    # Red letter: takes back all or a part of another fapiao.
    origin_id = fields.Many2one('aftersales.fapiao', "Red Letter Of", readonly=True, copy=False, index='btree_not_null')
    red_ids = fields.One2many('aftersales.fapiao', 'origin_id', "Red Letters")
    red_confirmation = fields.Char(
        "Red-Letter Confirmation No.", copy=False, help="Number of the confirmation form of the tax platform."
    )
    red_reason = fields.Selection(
        [
            ('mistake', "Issued by Mistake (开票有误)"),
            ('return', "Goods Returned (销货退回)"),
            ('stopped', "Service Stopped (服务中止)"),
            ('allowance', "Price Allowance (销售折让)"),
        ],
    )
    note = fields.Char()

    _number_uniq = models.UniqueIndex(
        "(number) WHERE number IS NOT NULL", "[SET-94] This fapiao number is recorded already."
    )

    @api.depends('partner_id')
    def _compute_title(self):
        for fapiao in self:
            fapiao.title = fapiao.partner_id.commercial_partner_id.name or fapiao.title
            fapiao.tax_no = fapiao.partner_id.commercial_partner_id.vat or fapiao.tax_no

    @api.depends('allocation_ids.amount')
    def _compute_amount_total(self):
        for fapiao in self:
            fapiao.amount_total = sum(fapiao.allocation_ids.mapped('amount'))

    @api.depends('number', 'title')
    def _compute_display_name(self):
        for fapiao in self:
            fapiao.display_name = ' · '.join(part for part in (fapiao.number, fapiao.title) if part) or self.env._(
                "Fapiao"
            )

    @api.constrains('number', 'state')
    def _check_number(self):
        for fapiao in self:
            if fapiao.number and not re.fullmatch(r'\d{20}', fapiao.number):
                raise coded_error(
                    'SET-95',
                    self.env._("A fapiao number has 20 digits; “%(number)s” has not.", number=fapiao.number),
                    ValidationError,
                )
            if fapiao.state in ('issued', 'red') and not fapiao.number:
                raise coded_error('SET-96', self.env._("Enter the number the tax platform gave."), ValidationError)

    @api.constrains('kind', 'tax_no', 'state')
    def _check_special(self):
        for fapiao in self:
            if fapiao.kind == 'special' and fapiao.state == 'issued' and not fapiao.tax_no:
                raise coded_error(
                    'SET-97', self.env._("A special fapiao needs the buyer's tax number."), ValidationError
                )

    def write(self, vals):
        if {
            'number',
            'kind',
            'title',
            'tax_no',
            'issue_date',
            'allocation_ids',
            'company_id',
        } & vals.keys() and not self._is_guarded():
            for fapiao in self.filtered(lambda f: f.state in ('issued', 'red')):
                raise coded_error(
                    'SET-98',
                    self.env._(
                        "Fapiao %(number)s is issued and cannot change. Make a red letter and issue a new one.",
                        number=fapiao.number,
                    ),
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        for fapiao in self.filtered(lambda f: f.state != 'requested'):
            raise coded_error('SET-98', self.env._("Fapiao %(number)s stays on record.", number=fapiao.number or ''))

    # === BUSINESS METHODS === #

    @api.model
    def _request(self, settlements, kind='ordinary', partner=None, title=None, tax_no=None, email=None):
        """Ask for one fapiao over what is not invoiced yet of some settlements.

        :raise UserError: SET-99 nothing left without fapiao
        """
        open_ones = settlements.filtered(lambda s: s.currency_id.compare_amounts(s.uninvoiced_amount, 0.0) > 0)
        if not open_ones:
            raise coded_error('SET-99', self.env._("Nothing of these settlements is without fapiao."))
        vals = {
            'company_id': open_ones.company_id[:1].id,
            'kind': kind,
            'partner_id': (partner or open_ones.partner_id[:1]).id,
            'email': email,
            'allocation_ids': [
                fields.Command.create({'settlement_id': s.id, 'amount': s.uninvoiced_amount}) for s in open_ones
            ],
        }
        if title:
            vals['title'] = title
        if tax_no:
            vals['tax_no'] = tax_no
        return self.create(vals)

    def _issue(self, number=None, date=None):
        """Record the number of the tax platform."""
        for fapiao in self:
            fapiao.check_access('write')
            if fapiao.state != 'requested':
                raise coded_error(
                    'SET-98', self.env._("Fapiao %(number)s is issued already.", number=fapiao.number or '')
                )
            vals = {
                'state': 'issued',
                'issue_date': date or fapiao.company_id._aftersales_today(),
                'issued_by_id': self.env.uid,
            }
            if number:
                vals['number'] = number
            fapiao._guarded().write(vals)
        return True

    def _red(self, number, reason, amounts=None, confirmation=None):
        """Record a red letter over all or a part of an issued fapiao; the settlement does not change.

        :param str number: number of the red fapiao.
        :param str reason: mistake, return, stopped or allowance.
        :param dict amounts: `{settlement: positive amount}`; all that is left unless given.
        :rtype: recordset of aftersales.fapiao
        :raise UserError: SET-13 not issued or more than is left
        """
        self.ensure_one()
        self.check_access('write')
        left = self._red_left()
        amounts = amounts or {settlement: amount for settlement, amount in left.items() if amount > 0}
        if (
            self.state != 'issued'
            or not amounts
            or any(
                self.currency_id.compare_amounts(amount, left.get(settlement, 0.0)) > 0 or amount <= 0
                for settlement, amount in amounts.items()
            )
        ):
            raise coded_error('SET-13', self.env._("A red letter takes back at most what is left of an issued fapiao."))
        return self._guarded().create(
            {
                'number': number,
                'company_id': self.company_id.id,
                'kind': self.kind,
                'partner_id': self.partner_id.id,
                'title': self.title,
                'tax_no': self.tax_no,
                'state': 'red',
                'origin_id': self.id,
                'red_reason': reason,
                'red_confirmation': confirmation,
                'issue_date': self.company_id._aftersales_today(),
                'issued_by_id': self.env.uid,
                'allocation_ids': [
                    fields.Command.create({'settlement_id': s.id, 'amount': -amount}) for s, amount in amounts.items()
                ],
            }
        )

    def _red_left(self):
        """Return what is left of the fapiao, settlement by settlement, after its red letters."""
        self.ensure_one()
        return {
            allocation.settlement_id: allocation.amount
            + sum(
                self.red_ids.allocation_ids.filtered(lambda a, s=allocation.settlement_id: a.settlement_id == s).mapped(
                    'amount'
                )
            )
            for allocation in self.allocation_ids
        }

    @api.model
    def _paste_numbers(self, text, settlements):
        """Record one fapiao per line of a pasted text, in the order of the settlements (20 numbers at once).

        :param str text: one number a line; what follows the number on a line is ignored.
        :param settlements: the settlements without fapiao, in the order shown.
        :raise UserError: SET-14 the count differs, or a line holds no 20-digit number
        """
        numbers = []
        for row in (text or '').splitlines():
            if not row.strip():
                continue
            match = re.search(r'(?<!\d)\d{20}(?!\d)', row)
            if not match:
                raise coded_error(
                    'SET-14', self.env._("“%(row)s” holds no fapiao number of 20 digits.", row=row.strip())
                )
            numbers.append(match.group())
        if len(numbers) != len(settlements):
            raise coded_error(
                'SET-14',
                self.env._(
                    "%(numbers)s numbers for %(settlements)s settlements: paste one number for each.",
                    numbers=len(numbers),
                    settlements=len(settlements),
                ),
            )
        fapiaos = self.browse()
        for number, settlement in zip(numbers, settlements, strict=True):
            fapiaos |= self._request(settlement)
            fapiaos[-1]._issue(number)
        return fapiaos

    def action_issue(self):
        return self._issue()

    def action_withdraw(self):
        """Withdraw a request that was not issued."""
        for fapiao in self.filtered(lambda f: f.state == 'requested'):
            fapiao._guarded().write({'state': 'void'})
            fapiao.allocation_ids._guarded().unlink()
        return True

    def action_red(self):
        """Open the dialog of the red letter."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Red Letter"),
            'res_model': 'aftersales.fapiao.red',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_fapiao_id': self.id},
        }
