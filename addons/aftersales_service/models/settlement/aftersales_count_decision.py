from odoo import api, fields, models
from odoo.fields import Command

from ..base.errors import coded_error

KINDS = [
    ('expense', "Management expense"),
    ('employee', "Recovered from an employee"),
    ('insurance', "Paid by an insurer"),
    ('loss', "Extraordinary loss (theft, disaster)"),
    ('income', "Other income (surplus)"),
    ('other', "Another account"),
]
# Which account types a proposal is taken from, by kind.
ACCOUNT_TYPES = {
    'expense': ('expense',),
    'employee': ('asset_current', 'asset_receivable'),
    'insurance': ('asset_current', 'asset_receivable'),
    'loss': ('expense_other', 'expense'),
    'income': ('income_other', 'income'),
}
NAMES = {
    'expense': ("管理费用", "administrative", "general"),
    'employee': ("其他应收", "other receivable"),
    'insurance': ("其他应收", "other receivable"),
    'loss': ("营业外支出", "extraordinary", "non-operating expense"),
    'income': ("营业外收入", "other income", "non-operating income"),
}


class AftersalesCountDecision(models.Model):
    """The accountant's decision who bears differences of a stock count, and its entry.

    The adjustment itself went against the account of pending differences (待处理财产损溢); the decision moves the
    amount from there to the account that bears it. A decision is taken back by its reversal, never by deletion.
    """

    _name = 'aftersales.count.decision'
    _description = "Decision on a Stock Difference"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread']
    _order = 'date desc, id desc'
    _check_company_auto = True
    _guarded_fields = frozenset({
        'count_id', 'kind', 'account_id', 'employee_id', 'partner_id', 'amount', 'input_vat', 'date', 'state', 'move_id',
        'reversal_id', 'proposal_id', 'decided_by_id', 'note', 'reverse_note', 'vat_account_id',
    })

    name = fields.Char(compute='_compute_name')
    count_id = fields.Many2one('aftersales.stock.count', required=True, readonly=True, index=True, ondelete='restrict', check_company=True)
    company_id = fields.Many2one(related='count_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    kind = fields.Selection(KINDS, "Borne By", required=True, readonly=True)
    account_id = fields.Many2one('account.account', required=True, readonly=True, check_company=True, ondelete='restrict')
    employee_id = fields.Many2one('hr.employee', readonly=True, check_company=True, ondelete='restrict')
    partner_id = fields.Many2one('res.partner', "Insurer or Debtor", readonly=True, ondelete='restrict')
    line_ids = fields.One2many('aftersales.stock.count.line', 'decision_id', "Lines", readonly=True)
    amount = fields.Monetary(
        readonly=True, help="What somebody bears; negative for a surplus."
    )
    input_vat = fields.Monetary(
        "Input VAT Given Back", readonly=True,
        help="Losses by poor management: the input VAT of the goods is transferred out (进项税额转出). Ask your accountant.",
    )
    vat_account_id = fields.Many2one('account.account', "VAT Account", readonly=True, check_company=True, ondelete='restrict')
    date = fields.Date(required=True, readonly=True)
    note = fields.Char("Grounds", readonly=True)
    state = fields.Selection([('posted', "Posted"), ('reversed', "Reversed")], default='posted', required=True, readonly=True, index=True, tracking=True)
    move_id = fields.Many2one('account.move', "Entry", readonly=True, ondelete='restrict')
    reversal_id = fields.Many2one('account.move', "Reversal", readonly=True, ondelete='restrict')
    reverse_note = fields.Char("Reversed Because", readonly=True)
    proposal_id = fields.Many2one('aftersales.conduct.proposal', "Conduct Proposal", readonly=True, ondelete='set null')
    decided_by_id = fields.Many2one('res.users', "Decided By", readonly=True)

    @api.depends('count_id.name', 'kind')
    def _compute_name(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for decision in self:
            decision.name = f'{decision.count_id.name} · {kinds.get(decision.kind, "")}'

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('CNT-34', self.env._("A decision is made on the count it is about, with “Decide”."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        raise coded_error('CNT-35', self.env._("A decision stays on record; reverse it."))

    # === BUSINESS METHODS === #

    @api.model
    def _propose_account(self, company, kind):
        """Return a likely account for who bears a difference, by its name; may be empty; as superuser.

        :param str kind: a key of KINDS.
        """
        if kind not in NAMES:
            return self.env['account.account'].sudo()
        accounts = self.env['account.account'].sudo().with_company(company.root_id).search([
            ('company_ids', 'in', company.root_id.ids), ('account_type', 'in', ACCOUNT_TYPES[kind]), ('active', '=', True),
        ], order='code')
        for name in NAMES[kind]:
            if found := accounts.filtered(lambda account, name=name: name in (account.name or '').lower()):
                return found[:1]
        return accounts.browse() if kind in ('employee', 'insurance') else accounts[:1]

    def _post_entry_sudo(self):
        """Book the decision: Dr who bears / Cr pending differences; a surplus the other way round.

        sudo: `_decide` checked that an accountant decides.

        :raise UserError: CNT-36 no account of pending differences, CNT-37 locked period
        """
        for decision in self.sudo():
            company = decision.company_id
            pending, journal = company._aftersales_count_account(), company.account_stock_journal_id
            if not pending or not journal:
                raise coded_error('CNT-36', self.env._(
                    "%(company)s has no account for stock differences pending, or no stock journal. The set-up check sets both.",
                    company=company.name))
            if violated := company._get_violated_lock_dates(decision.date, bool(decision.input_vat), journal):
                raise coded_error('CNT-37', self.env._(
                    "%(date)s lies in a period that is locked until %(locked)s. Choose a later date.",
                    date=decision.date, locked=violated[-1][0]))
            name = decision.name
            items = [
                {'account_id': decision.account_id.id, 'balance': decision.amount + decision.input_vat,
                 'partner_id': decision.partner_id.id or decision.employee_id.work_contact_id.id},
                {'account_id': pending.id, 'balance': -decision.amount},
            ]
            if decision.input_vat:
                items.append({'account_id': decision.vat_account_id.id, 'balance': -decision.input_vat})
            move = self.env['account.move'].sudo().with_company(company)._guarded().create({
                'move_type': 'entry', 'journal_id': journal.id, 'company_id': company.id, 'date': decision.date,
                'ref': f'{name} {decision.note or ""}'.strip(), 'aftersales_kind': 'count', 'aftersales_count_id': decision.count_id.id,
                'line_ids': [Command.create({'name': name, **item}) for item in items],
            })
            move._post(soft=False)
            decision._guarded().move_id = move

    def _reverse(self, note):
        """Take decisions back by a reversing entry; their lines wait for a decision again.

        :param str note: why; required.
        :raise UserError: CNT-04 role, CNT-38 reversed already or no reason
        """
        counts = self.count_id
        counts._ensure_role('accountant', self.env._("The accountant decides about differences."))
        counts._lock(('applied', 'decided'))
        for decision in self:
            if decision.state != 'posted' or not (note or '').strip():
                raise coded_error('CNT-38', self.env._(
                    "%(decision)s is reversed already, or you gave no reason for it.", decision=decision.name))
            # sudo: the role is checked; the entry is guarded against everybody else.
            move = decision.sudo().move_id._guarded()
            today = decision.company_id._aftersales_today()
            reversal = move._reverse_moves([{
                'date': max(today, move.date), 'ref': self.env._("Reversal of %(entry)s: %(note)s", entry=move.name, note=note),
                'aftersales_kind': 'count', 'aftersales_count_id': decision.count_id.id,
            }])
            reversal._post(soft=False)
            record = decision.sudo()
            if record.proposal_id.state == 'new':
                record.proposal_id._guarded().write({
                    'state': 'dismissed', 'decided_by_id': self.env.uid, 'decided_at': fields.Datetime.now(),
                })
            record.line_ids._guarded().write({'decision_id': False})
            record._guarded().write({'state': 'reversed', 'reversal_id': reversal.id, 'reverse_note': note})
        counts._close_decided_sudo()
        return True
