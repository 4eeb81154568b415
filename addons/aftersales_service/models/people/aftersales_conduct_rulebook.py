from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.errors import coded_error
from .const import HR_OFFICER


class AftersalesConductRulebook(models.Model):
    """One version of the rules of conduct: adopted, published, signed for by each employee.

    A record keeps the version it was decided under, so a published version never changes: a new one replaces it.
    The shipped rules are a version without a company, from which a company's first version is taken.
    """

    _name = 'aftersales.conduct.rulebook'
    _description = "Rule book"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'company_id, published_on desc, id desc'
    _guarded_fields = frozenset({'state', 'replaced_on', 'published_by_id'})

    name = fields.Char(required=True, translate=True)
    version = fields.Char(required=True, default="1.0", copy=False)
    company_id = fields.Many2one('res.company', index=True, readonly=True, copy=False,
                                 help="Empty: the shipped rules, to start from.")
    state = fields.Selection(
        [('draft', "Draft"), ('published', "Published"), ('replaced', "Superseded")],
        default='draft', required=True, readonly=True, copy=False, tracking=True, index=True,
    )
    adopted_on = fields.Date(copy=False, tracking=True,
                             help="When the employees or their representatives were consulted and the rules adopted.")
    adoption_note = fields.Text(copy=False, help="Who was consulted, minutes; attach the proof to this record.")
    published_on = fields.Date(copy=False, tracking=True, index=True)
    published_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    replaced_on = fields.Date(readonly=True, copy=False)
    rule_ids = fields.One2many('aftersales.conduct.rule', 'rulebook_id', string="Rules", copy=True)
    receipt_ids = fields.One2many('aftersales.conduct.receipt', 'rulebook_id', string="Receipts of the rules")
    rule_count = fields.Integer(compute='_compute_rule_count')
    receipt_count = fields.Integer(compute='_compute_receipt_count')
    missing_count = fields.Integer(string="Still to sign", compute='_compute_receipt_count')

    _version_uniq = models.UniqueIndex(
        "(company_id, version) WHERE company_id IS NOT NULL", "This version of the rule book exists already.",
    )

    # === COMPUTE METHODS === #

    @api.depends('rule_ids')
    def _compute_rule_count(self):
        counts = dict(self.env['aftersales.conduct.rule']._read_group(
            [('rulebook_id', 'in', self.ids)], ['rulebook_id'], ['__count'],
        ))
        for book in self:
            book.rule_count = counts.get(book, 0)

    @api.depends('receipt_ids')
    def _compute_receipt_count(self):
        counts = dict(self.env['aftersales.conduct.receipt']._read_group(
            [('rulebook_id', 'in', self.ids)], ['rulebook_id'], ['__count'],
        ))
        people = self._employee_counts_sudo()
        for book in self:
            book.receipt_count = counts.get(book, 0)
            book.missing_count = max(0, people.get(book.company_id.id, 0) - book.receipt_count) \
                if book.state == 'published' else 0

    @api.depends('name', 'version')
    def _compute_display_name(self):
        for book in self:
            book.display_name = f'{book.name} {book.version}'

    def _employee_counts_sudo(self):
        """Return {company id: employees}; sudo: a number, no person."""
        return {company.id: count for company, count in self.env['hr.employee'].sudo()._read_group(
            [('company_id', 'in', self.company_id.ids)], ['company_id'], ['__count'],
        )}

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(not vals.get('company_id') for vals in vals_list):
            vals_list = [{'company_id': self.env.company.id, **vals} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self._is_guarded() and vals.keys() & {'name', 'version', 'rule_ids', 'adopted_on', 'published_on'}:
            self.check_access('write')
            self._ensure_editable()
        return super().write(vals)

    def copy_data(self, default=None):
        """A copy is the next draft of a company: its own version number, no dates, no receipts."""
        default = dict(default or {})
        default.setdefault('company_id', self.env.company.id)
        return [
            {**vals, 'version': default.get('version') or book._next_version(default['company_id'])}
            for book, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._ensure_editable()

    # === ACTION METHODS === #

    def action_publish(self):
        """Put the draft into force (PPL-04: dates missing)."""
        self._publish()

    def action_new_version(self):
        """Open a draft with the same rules, to be changed."""
        self.ensure_one()
        self._ensure_hr()
        return self.copy()._get_records_action(name=self.env._("Next version"))

    def action_view_missing(self):
        """Open who has not signed yet."""
        self.ensure_one()
        self._ensure_hr()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Still to sign"),
            'res_model': 'hr.employee.public',
            'view_mode': 'kanban,list,form',
            'domain': [('company_id', '=', self.company_id.id), ('id', 'not in', self.receipt_ids.employee_id.ids)],
        }

    def action_remind(self):
        """Ask everybody who has not signed yet, by an activity on their own account (no e-mail of ours)."""
        self.ensure_one()
        self._ensure_hr()
        self._remind_sudo()

    # === BUSINESS METHODS === #

    def _ensure_editable(self):
        """A published version stays as it was signed for.

        :raise UserError: PPL-03 published or replaced already.
        """
        if self._is_guarded() or self.env.context.get('install_mode'):
            return
        if fixed := self.filtered(lambda book: book.state != 'draft'):
            raise coded_error('PPL-03', self.env._(
                "%(book)s is published and stays as the employees signed it. Make a new version.",
                book=fixed[0].display_name,
            ))

    def _ensure_hr(self):
        if not self.env.su and not self.env.user.has_group(HR_OFFICER):
            raise coded_error('PPL-05', self.env._("The HR officer keeps the rule book. Ask HR."), UserError)

    def _publish(self):
        """Put drafts into force; the version before is replaced from that day.

        :raise UserError: PPL-04 adoption, publication or rules missing; PPL-05 not the HR officer.
        """
        self._ensure_hr()
        for book in self:
            if not (book.company_id and book.adopted_on and book.published_on and book.rule_ids):
                raise coded_error('PPL-04', self.env._(
                    "%(book)s needs its rules, the day of adoption and the day of publication before it counts: "
                    "a rule that was not adopted and made known binds nobody.", book=book.display_name,
                ), ValidationError)
            if book.published_on < book.adopted_on:
                raise coded_error('PPL-04', self.env._(
                    "%(book)s cannot be published before it was adopted.", book=book.display_name), ValidationError)
            self.search([('company_id', '=', book.company_id.id), ('state', '=', 'published')])._guarded().write(
                {'state': 'replaced', 'replaced_on': book.published_on})
            book._guarded().write({'state': 'published', 'published_by_id': self.env.uid})

    def _next_version(self, company_id):
        count = self.sudo().search_count([('company_id', '=', company_id)])
        return f'{count + 1}.0'

    def _remind_sudo(self):
        """One activity a person who has a login and no receipt; sudo: the HR officer was checked."""
        book = self.sudo()
        people = self.env['hr.employee'].sudo().search([
            ('company_id', '=', book.company_id.id), ('user_id', '!=', False),
            ('id', 'not in', book.receipt_ids.employee_id.ids),
        ])
        asked = book.activity_ids.user_id
        for person in people.filtered(lambda person: person.user_id not in asked):
            person._aftersales_tell_sudo(book, self.env._("Read and sign the rules of conduct %(version)s", version=book.version))

    @api.model
    def _at(self, company, day):
        """Return the version in force on a day; empty when none was published.

        :rtype: recordset of aftersales.conduct.rulebook
        """
        return self.search([
            ('company_id', '=', company.id), ('state', 'in', ('published', 'replaced')), ('published_on', '<=', day),
        ], order='published_on desc, id desc', limit=1)
