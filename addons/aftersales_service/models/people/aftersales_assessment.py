from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...rules import conduct
from ..base.errors import coded_error
from .const import GENERAL_MANAGER, HR_OFFICER, MANAGER_GROUPS, SERVICE_MANAGER


class AftersalesAssessment(models.Model):
    """A person's sheet of a month: scored by the superior, signed off, told, handed to HR (R-ASM-19, R-ASM-24)."""

    _name = 'aftersales.assessment'
    _description = "Assessment sheet"
    _inherit = [
        'aftersales.guarded.mixin', 'aftersales.gate.mixin', 'aftersales.download.mixin', 'mail.thread', 'mail.activity.mixin',
    ]
    _order = 'month desc, employee_id, id'
    _guarded_fields = frozenset({
        'state', 'company_id', 'employee_id', 'month', 'compiled_by_id', 'compiled_at', 'reviewed_by_id', 'reviewed_at',
        'approved_by_id', 'approved_at', 'seen_at', 'seen_agreed', 'seen_note', 'seen_signature', 'order_count', 'revenue', 'clocked_hours', 'rework_count',
        'on_time_percent', 'satisfaction', 'worked_hours', 'absence_days', 'late_count', 'early_count', 'missing_count',
        'penalty_count', 'reward_count', 'store_order_percent', 'score', 'grade',
    })

    company_id = fields.Many2one('res.company', required=True, readonly=True, default=lambda self: self.env.company, index=True)
    employee_id = fields.Many2one('hr.employee', required=True, readonly=True, ondelete='restrict', index=True)
    department_id = fields.Many2one('hr.department', compute='_compute_department_id', store=True, compute_sudo=True, precompute=True)
    month = fields.Date(required=True, readonly=True, index=True)
    assessor_id = fields.Many2one('res.users', string="Assessor", index=True, help="The superior; compiles the sheet.")
    state = fields.Selection(
        [('draft', "To compile"), ('compiled', "To review"), ('reviewed', "To approve"), ('approved', "Signed off")],
        default='draft', required=True, readonly=True, copy=False, index=True, group_expand=True,
    )
    line_ids = fields.One2many('aftersales.assessment.line', 'assessment_id', string="Criteria")
    score = fields.Float(compute='_compute_score', store=True, digits=(6, 2), aggregator='avg')
    grade = fields.Char(compute='_compute_score', store=True, index=True)
    comment = fields.Text(string="Assessor's words", help="What went well, what to learn next.")
    note_count = fields.Integer(compute='_compute_note_count', string="Spot notes")

    # Facts of the month, filled in by the system
    currency_id = fields.Many2one(related='company_id.currency_id')
    order_count = fields.Integer(string="Orders", readonly=True)
    revenue = fields.Monetary(readonly=True, help="Orders of the person as advisor, without tax.")
    clocked_hours = fields.Float(readonly=True)
    rework_count = fields.Integer(string="Rework", readonly=True)
    on_time_percent = fields.Float(string="On time %", readonly=True)
    satisfaction = fields.Float(readonly=True, help="Mean of the customers' ratings, where there are any.")
    worked_hours = fields.Float(readonly=True)
    absence_days = fields.Float(string="Absence (days)", readonly=True)
    late_count = fields.Integer(string="Late arrivals", readonly=True)
    early_count = fields.Integer(string="Left early", readonly=True)
    missing_count = fields.Integer(string="Days without attendance", readonly=True)
    store_order_percent = fields.Float(
        string="Order in the store %", readonly=True,
        help="5S of who keeps the store: count lines without difference, and goods accepted before they were put away.")
    reward_count = fields.Integer(string="Rewards", readonly=True)
    penalty_count = fields.Integer(string="Penalties", readonly=True)

    compiled_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    compiled_at = fields.Datetime(readonly=True, copy=False)
    reviewed_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    reviewed_at = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    seen_at = fields.Datetime(string="Seen by the person", readonly=True, copy=False)
    seen_agreed = fields.Selection(
        [('agreed', "Agreed"), ('disagreed', "Not agreed")], string="The person's view", readonly=True, copy=False, tracking=True)
    seen_note = fields.Text(string="The person's note", readonly=True, copy=False)
    seen_signature = fields.Image(
        string="The person's signature", readonly=True, copy=False, attachment=True, max_width=1024, max_height=1024)
    is_mine = fields.Boolean(compute='_compute_is_mine')

    _month_uniq = models.UniqueIndex("(employee_id, month, company_id)", "This person has a sheet of that month already.")

    # === COMPUTE METHODS === #

    @api.depends('employee_id')
    def _compute_department_id(self):
        for sheet in self:
            sheet.department_id = sheet.department_id or sheet.employee_id.department_id

    @api.depends('line_ids.score', 'line_ids.weight', 'line_ids.is_scored')
    def _compute_score(self):
        for sheet in self:
            score = conduct.weighted_score([
                (Decimal(str(line.score)), Decimal(str(line.weight))) for line in sheet.line_ids if line.is_scored])
            sheet.score = float(score or 0)
            sheet.grade = sheet.company_id._aftersales_grade(score) if score is not None else False

    def _compute_note_count(self):
        for sheet in self:
            sheet.note_count = sum(sheet.line_ids.mapped('note_count'))

    @api.depends_context('uid')
    def _compute_is_mine(self):
        for sheet in self:
            sheet.is_mine = sheet.employee_id.sudo().user_id == self.env.user

    @api.depends('employee_id', 'month')
    def _compute_display_name(self):
        for sheet in self:
            sheet.display_name = f'{sheet.employee_id.name} {sheet.month:%Y-%m}' if sheet.month else sheet.employee_id.name

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('PPL-61', self.env._("Sheets are made for a month and its people: use “New sheets”."))
        return super().create(vals_list)

    def write(self, vals):
        if not self._is_guarded() and vals.keys() & {'comment', 'line_ids', 'assessor_id'}:
            self.check_access('write')
            self._ensure_editable('assessor_id' in vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(sheet.state != 'draft' for sheet in self):
            raise coded_error('PPL-10', self.env._("A compiled sheet stays on file; send it back instead."))

    # === ACTION METHODS === #

    def action_compile(self):
        """Sign as the assessor: the sheet is complete."""
        return (len(self) == 1 and self._gate_action('compiled', 'action_compile')) or self._compile()

    def action_review(self):
        """Sign as the reviewer."""
        return (len(self) == 1 and self._gate_action('reviewed', 'action_review')) or self._review()

    def action_approve(self):
        """Approve: the person sees it, HR has it."""
        return (len(self) == 1 and self._gate_action('approved', 'action_approve')) or self._approve()

    def action_send_back(self):
        """Open the sheet again for its assessor."""
        self._send_back()

    def action_seen(self):
        """Open the small dialog in which the person signs his sheet."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.display_name, 'res_model': 'aftersales.assessment.sign', 'view_mode': 'form',
            'target': 'new', 'context': {'default_assessment_id': self.id},
        }

    def action_view_notes(self):
        """Open the spot notes of the month."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_assessment_note_action')
        return action | {'domain': self._note_domain(), 'context': {'default_employee_id': self.employee_id.id}}

    def action_download_list(self):
        """Fetch the results of these sheets as a workbook for HR."""
        return self.action_download('results')

    # === BUSINESS METHODS === #

    def _ensure_editable(self, reassigning=False):
        """The assessor fills the sheet while it is a draft; HR names assessors.

        :raise UserError: PPL-62 signed already, PPL-13 own sheet, PPL-63 not the assessor.
        """
        for sheet in self:
            if sheet.state != 'draft':
                raise coded_error('PPL-62', self.env._("%(sheet)s is signed. Send it back to change it.", sheet=sheet.display_name))
            if not self.env.su and sheet.employee_id.sudo().user_id == self.env.user:
                raise coded_error('PPL-13', self.env._("Nobody assesses himself."))
            if not self.env.su and not self.env.user.has_groups(MANAGER_GROUPS) and (
                reassigning or sheet.assessor_id != self.env.user
            ):
                raise coded_error('PPL-63', self.env._("%(sheet)s is compiled by %(person)s.", sheet=sheet.display_name, person=sheet.assessor_id.name))

    def _blockers(self, target):
        """Add: every criterion scored, different people, the reviewer's signature where asked for."""
        found = super()._blockers(target)
        for sheet in self:
            reasons, user = found[sheet], self.env.user
            if target == 'compiled' and (open_lines := sheet.line_ids.filtered(lambda line: not line.is_scored)):
                reasons.append(sheet._blocker('assessment_complete', 'PPL-64', self.env._(
                    "%(sheet)s: %(number)s criteria have no score: %(names)s.", sheet=sheet.display_name,
                    number=len(open_lines), names=", ".join(open_lines.criterion_id.mapped('name')[:3]))))
            if target == 'approved' and not sheet.reviewed_by_id:
                reasons.append(sheet._blocker('assessment_review', 'PPL-65', self.env._(
                    "%(sheet)s was not reviewed by a second person.", sheet=sheet.display_name)))
            earlier = {'reviewed': sheet.compiled_by_id, 'approved': sheet.compiled_by_id | sheet.reviewed_by_id}.get(target)
            if earlier and user in earlier:
                reasons.append(sheet._blocker('assessment_persons', 'PPL-66', self.env._(
                    "You signed %(sheet)s before: the next signature is another person's.", sheet=sheet.display_name)))
        return found

    def _sign_step(self, source, target, groups, field):
        for sheet in self:
            if sheet.state not in source:
                raise coded_error('PPL-62', self.env._("%(sheet)s is at another step now.", sheet=sheet.display_name))
            if sheet.employee_id.sudo().user_id == self.env.user and not self.env.su:
                raise coded_error('PPL-13', self.env._("Nobody assesses himself."))
        if groups:
            self.env['aftersales.conduct.record']._ensure_group(*groups)
        self._ensure_no_blockers(target)
        self._guarded().write({'state': target, f'{field}_by_id': self.env.uid, f'{field}_at': fields.Datetime.now()})

    def _compile(self):
        """The assessor signs; facts are read once more, so that the sheet shows the month as it ended."""
        self._ensure_editable()
        self._fill_facts()
        self._sign_step(('draft',), 'compiled', (), 'compiled')

    def _review(self):
        """A second person signs (large shop; a small one goes without)."""
        self._sign_step(('compiled',), 'reviewed', (HR_OFFICER, SERVICE_MANAGER, GENERAL_MANAGER), 'reviewed')

    def _approve(self):
        """The manager approves; the person is told."""
        self._sign_step(('compiled', 'reviewed'), 'approved', (SERVICE_MANAGER, GENERAL_MANAGER), 'approved')
        for sheet in self.sudo():
            sheet.employee_id._aftersales_tell_sudo(sheet, self.env._("Your assessment of %(month)s", month=f'{sheet.month:%Y-%m}'))

    def _send_back(self):
        """Open sheets again: their signatures are void."""
        self.env['aftersales.conduct.record']._ensure_group(HR_OFFICER, SERVICE_MANAGER, GENERAL_MANAGER)
        for sheet in self:
            if sheet.employee_id.sudo().user_id == self.env.user:
                raise coded_error('PPL-13', self.env._("Nobody assesses himself."))
            sheet._guarded().write({
                'state': 'draft', 'compiled_by_id': False, 'compiled_at': False, 'reviewed_by_id': False, 'reviewed_at': False,
                'approved_by_id': False, 'approved_at': False, 'seen_at': False, 'seen_agreed': False, 'seen_note': False,
                'seen_signature': False,
            })
            sheet.message_post(body=self.env._("Sent back to the assessor by %(user)s.", user=self.env.user.name))

    def _see(self, signature, agreed=True, note=''):
        """The person signs that he has seen his approved sheet, agreed or not; his note stays beside it.

        :param signature: PNG in base64.
        :raise UserError: PPL-18 not his, or not approved; PPL-62 signed already; PPL-08 signature missing.
        """
        self.ensure_one()
        sheet = self.sudo()
        if sheet.employee_id.user_id != self.env.user or sheet.state != 'approved':
            raise coded_error('PPL-18', self.env._("This step belongs to the person concerned, on his own page."))
        if sheet.seen_at:
            raise coded_error('PPL-62', self.env._("You have signed this sheet already."))
        if not signature:
            raise coded_error('PPL-08', self.env._("Sign in the field, then confirm."))
        sheet._guarded().write({
            'seen_at': fields.Datetime.now(), 'seen_agreed': 'agreed' if agreed else 'disagreed', 'seen_note': note,
            'seen_signature': signature,
        })
        sheet.activity_ids.filtered(lambda activity: activity.user_id == self.env.user).action_done()
        if not agreed:
            assessor = sheet.assessor_id
            if assessor and not assessor.share and assessor.active:
                sheet.with_context(mail_activity_quick_update=True).activity_schedule(
                    'mail.mail_activity_data_todo', user_id=assessor.id,
                    summary=self.env._("%(person)s does not agree with the sheet", person=sheet.employee_id.name))

    def _note_domain(self):
        return [
            ('employee_id', 'in', self.employee_id.ids), ('date', '>=', min(self.mapped('month'))),
            ('date', '<', fields.Date.add(max(self.mapped('month')), months=1)), ('company_id', 'in', self.company_id.ids),
        ]

    @api.model
    def _make_sheets(self, company, month, employees):
        """Make the sheets of a month for these people, facts filled in; those who have one keep it.

        :param datetime.date month: any day of it.
        :param employees: hr.employee of the company.
        :return: the new sheets.
        :raise UserError: PPL-15 role; PPL-41 the month has not begun; PPL-67 no criteria.
        """
        self.env['aftersales.conduct.record']._ensure_group(HR_OFFICER, SERVICE_MANAGER, GENERAL_MANAGER)
        month = month.replace(day=1)
        if month > company._aftersales_today():
            raise coded_error('PPL-41', self.env._("%(month)s has not begun.", month=f'{month:%Y-%m}'), ValidationError)
        return self._make_sheets_sudo(company, month, employees)

    def _make_sheets_sudo(self, company, month, employees):
        """Create sheets and lines in two batches; sudo: the superior and the trade of a person are HR's to read."""
        sheets = self.sudo()
        criteria = self.env['aftersales.assessment.criterion'].sudo()._for_month(company, month)
        if not criteria:
            raise coded_error('PPL-67', self.env._("No criteria count in %(month)s. Set them first.", month=f'{month:%Y-%m}'))
        having = sheets.search([('company_id', '=', company.id), ('month', '=', month)]).employee_id
        people = (employees.sudo() - having).filtered(lambda person: person.company_id == company)
        new = sheets.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)._guarded().create([{
            'company_id': company.id, 'employee_id': person.id, 'month': month, 'assessor_id': person.parent_id.user_id.id,
        } for person in people])
        scoped = criteria.filtered(lambda criterion: criterion._is_scoped())
        new._insert_lines_sudo(criteria - scoped)
        for criterion in scoped:
            asked = criterion._people_sudo(people)
            new.filtered(lambda sheet, asked=asked: sheet.employee_id in asked)._insert_lines_sudo(criterion)
        new._fill_facts()
        return new.with_env(self.env)

    def _insert_lines_sudo(self, criteria):
        """Give new sheets their criteria in one statement: two hundred sheets have thousands of lines, all empty.

        sudo: called with sheets just made, whose maker was checked. The stored fields written here are those that a
        create would compute; nothing depends on lines without a score.
        """
        if not self or not criteria:
            return
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """
            INSERT INTO aftersales_assessment_line
                   (assessment_id, criterion_id, weight, score, is_scored, company_id, "group",
                    create_uid, write_uid, create_date, write_date)
            SELECT sheet.id, criterion.id, criterion.weight, 0, FALSE, sheet.company_id, criterion."group",
                   %(uid)s, %(uid)s, %(now)s, %(now)s
              FROM aftersales_assessment sheet
              JOIN hr_employee employee ON employee.id = sheet.employee_id
              JOIN aftersales_assessment_criterion criterion ON criterion.id = ANY(%(criteria)s)
             WHERE sheet.id = ANY(%(sheets)s) AND (employee.aftersales_trade IS NOT NULL OR criterion.trade_only IS NOT TRUE)
             ORDER BY sheet.id, criterion.sequence, criterion.id
            """,
            uid=self.env.uid, now=self.env.cr.now(), criteria=criteria.ids, sheets=self.ids,
        ))
        self.invalidate_recordset(['line_ids'])
