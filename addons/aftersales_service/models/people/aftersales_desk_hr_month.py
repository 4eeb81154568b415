import base64
from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..base.errors import coded_error
from ..base.gates import BLOCKING
from .const import CHANNEL_SIGNS, HR_OFFICER, MANAGER_GROUPS

STAGES = ('draft', 'compiled', 'reviewed', 'approved')


class AftersalesDeskHr(models.AbstractModel):
    """The month's end on HR's desk: sheets by department and stage, the payroll batch; and what the buttons do."""

    _inherit = 'aftersales.desk.hr'

    # === READING === #

    def _sheets(self, company, today):
        """Return the sheets of the last full month: how many at which stage, and departments that still need theirs."""
        month = today.replace(day=1) - relativedelta(months=1)
        domain = [('company_id', '=', company.id), ('month', '=', month)]
        Sheet = self.env['aftersales.assessment']
        labels = dict(Sheet._fields['state']._description_selection(self.env))
        counts, made = defaultdict(int), defaultdict(int)
        for state, department, count in self._sheet_groups_sudo(domain):
            counts[state] += count
            made[department.id] += count
        rows = [
            {'id': department.id, 'name': department.name or self.env._("Without department"), 'people': count,
             'made': made.get(department.id, 0)}
            for department, count in self._people_groups_sudo(company)
        ]
        return {
            'month': f'{month:%Y-%m}',
            'stages': [{'code': state, 'name': labels[state], 'count': counts[state]} for state in STAGES],
            'departments': sorted(rows, key=lambda row: (row['made'] >= row['people'], row['name'])),
        }

    def _sheet_groups_sudo(self, domain):
        """Return sheets by state and department; sudo: departments are HR's to read, numbers leave."""
        return self.env['aftersales.assessment'].sudo()._read_group(domain, ['state', 'department_id'], ['__count'])

    def _people_groups_sudo(self, company):
        """Return people by department; sudo: as above."""
        return self.env['hr.employee'].sudo()._read_group([('company_id', '=', company.id)], ['department_id'], ['__count'])

    def _batch(self, company, today):
        """Return the month's batch, or what waits for one; False for who has no part in it."""
        if not self._rights()['see_batch']:
            return False
        Batch = self.env['aftersales.payroll.batch']
        batch = Batch.search(
            [('company_id', '=', company.id), ('state', 'in', ('draft', 'preview'))], order='month, id', limit=1)
        Record = self.env['aftersales.conduct.record']
        ready = Record.search([('company_id', '=', company.id), ('hold', 'in', ('ready', 'carried')), ('amount_total', '!=', 0)])
        open_amount = sum(
            amount * CHANNEL_SIGNS[channel] for claims in ready._open_amounts().values() for channel, amount in claims.items())
        data = {
            'ready': len(ready), 'ready_amount': company.currency_id.round(open_amount), 'id': batch.id, 'state': batch.state or 'none',
            'month': f'{batch.month:%Y-%m}' if batch else self._next_month(company, today),
        }
        if not batch:
            return data
        states = dict(batch._fields['state']._description_selection(self.env))
        return data | {
            'name': batch.name, 'state_label': states[batch.state], 'is_reversal': bool(batch.reversed_id),
            'lock_from': str(batch.lock_from or ''), 'can_lock': bool(batch.reversed_id) or bool(
                batch.previewed_on and batch.lock_from <= today),
            'is_mine': batch.prepared_by_id == self.env.user,
            **{name: batch[name] for name in (
                'bonus_total', 'performance_total', 'compensation_total', 'fine_total', 'carried_total')},
        }

    def _next_month(self, company, today):
        """Return the month whose batch comes next: the last full one, or this one where that is handed over."""
        month = today.replace(day=1) - relativedelta(months=1)
        done = self.env['aftersales.payroll.batch'].search_count([
            ('company_id', '=', company.id), ('month', '=', month), ('reversed_id', '=', False), ('state', '!=', 'cancelled')],
            limit=1)
        return f'{(month + relativedelta(months=1)) if done else month:%Y-%m}'

    # === VERBS: PEOPLE === #

    @api.model
    def praise(self, employee_id, rule_id, text, photos=()):
        """Praise somebody: told at once where the user may decide it, else it waits for a manager.

        :param photos: base64 pictures.
        :return: {'told': bool, 'name': str}.
        :rtype: dict
        """
        praise = self.env.ref('aftersales_service.conduct_measure_praise')
        record = self._propose_record(employee_id, rule_id, 'reward', text, photos, measure_id=praise.id)
        told = self._rights()['decide'] and not any(
            blocker.level in BLOCKING for blocker in record._open_blockers('decided')[record])
        if told:
            record._decide()
        return {'told': told, 'name': record.name}

    @api.model
    def propose(self, employee_id, rule_id, text, photos=()):
        """Propose a penalty for one of one's people; others look into it and decide.

        :return: {'name': str}.
        """
        return {'name': self._propose_record(employee_id, rule_id, 'penalty', text, photos).name}

    def _propose_record(self, employee_id, rule_id, kind, text, photos, **values):
        rule = self.env['aftersales.conduct.rule'].browse(rule_id).exists()
        if not rule or rule.kind != kind:
            raise coded_error('PPL-75', self.env._("Choose the rule; the rule book may not be in force yet."))
        record = self.env['aftersales.conduct.record'].create({
            'employee_id': self._person(employee_id).id, 'company_id': self.env.company.id, 'rule_id': rule.id, 'kind': kind,
            'summary': (text or '').strip() or rule.name, **values,
        })
        if photos:
            record.evidence_ids = self.env['ir.attachment'].create([{
                'name': f'{record.name}-{number}.jpg', 'raw': base64.b64decode(photo), 'res_model': record._name, 'res_id': record.id,
            } for number, photo in enumerate(photos, start=1)])
        return record

    @api.model
    def note(self, employee_id, criterion_id, text, is_good=False, photos=()):
        """Write a spot note about one of one's people.

        :return: id of the note.
        """
        note = self.env['aftersales.assessment.note'].create({
            'employee_id': self._person(employee_id).id, 'criterion_id': criterion_id, 'company_id': self.env.company.id,
            'text': (text or '').strip() or self.env._("Seen on the spot"), 'is_good': is_good,
        })
        if photos:
            note.photo_ids = self.env['ir.attachment'].create([{
                'name': f'{number}.jpg', 'raw': base64.b64decode(photo), 'res_model': note._name, 'res_id': note.id,
            } for number, photo in enumerate(photos, start=1)])
        return note.id

    # === VERBS: CASES === #

    @api.model
    def step(self, record_id, verb):
        """Do what a record waits for; returns the dialog, the print or the explanation to open.

        :param str verb: investigate | serve | answer (a dialog asks for words), decide | approve | notify.
        """
        record = self.env['aftersales.conduct.record'].browse(record_id)
        record.check_access('read')
        if verb in ('decide', 'approve', 'notify'):
            return getattr(record, f'action_{verb}')()
        if verb in ('investigate', 'serve', 'answer'):
            return {**record.with_context(step=verb).action_step(), 'views': [(False, 'form')]}
        raise coded_error('PPL-16', self.env._("There is no step “%(step)s”.", step=verb))

    @api.model
    def take_fact(self, proposal_id, rule_id=False):
        """Open a case from a fact, under a rule a person has chosen.

        :return: {'name': str}.
        """
        proposal = self._fact(proposal_id)
        proposal.check_access('write')
        rule = self.env['aftersales.conduct.rule'].browse(rule_id) if rule_id else None
        return {'name': proposal._open_case(rule).name}

    @api.model
    def fact_to_sheet(self, proposal_id, needs_training=False):
        """Put a fact on the person's sheet, and on the list of trainings."""
        self._fact(proposal_id)._to_sheet(needs_training)
        return True

    @api.model
    def dismiss_fact(self, proposal_id):
        """Put a fact aside; it counts for nothing."""
        self._fact(proposal_id)._decide('dismissed')
        return True

    def _fact(self, proposal_id):
        proposal = self.env['aftersales.conduct.proposal'].browse(proposal_id)
        proposal.check_access('read')
        return proposal

    # === VERBS: MONTH === #

    @api.model
    def make_sheets(self, department_id, month):
        """Make the sheets of a department for a month; whoever has one keeps it.

        :param department_id: hr.department, or False for people without one. :param str month: YYYY-MM.
        :return: how many were made.
        """
        self.env['aftersales.conduct.record']._ensure_group(*MANAGER_GROUPS.split(','))
        people = self._people_of_sudo(department_id)
        return len(self.env['aftersales.assessment']._make_sheets(
            self.env.company, fields.Date.to_date(f'{month}-01'), self.env['hr.employee'].browse(people.ids)))

    def _people_of_sudo(self, department_id):
        """Return the people of a department; sudo: departments are HR's to read, the role was checked."""
        return self.env['hr.employee'].sudo().search([
            ('company_id', '=', self.env.company.id), ('department_id', '=', department_id or False)])

    @api.model
    def new_batch(self, month):
        """Collect what is in effect into the batch of a month.

        :param str month: YYYY-MM.
        """
        self.env['aftersales.payroll.batch']._open_month(self.env.company, fields.Date.to_date(f'{month}-01'))
        return True

    @api.model
    def show_batch(self, batch_id):
        """Show the batch to the employees."""
        self._browse_batch(batch_id)._show()
        return True

    @api.model
    def lock_batch(self, batch_id):
        """Hand the batch over, or return the dialog that says what is missing."""
        return self._browse_batch(batch_id).action_confirm() or True

    def _browse_batch(self, batch_id):
        batch = self.env['aftersales.payroll.batch'].browse(batch_id)
        batch.check_access('read')
        return batch

    @api.model
    def read_attendance(self):
        """Lay last month's attendance before HR now, where the night's job has not done it yet (R-PEN-02).

        :return: how many people were noticed.
        """
        self.env['aftersales.conduct.record']._ensure_group(HR_OFFICER)
        company = self.env.company
        month = company._aftersales_today().replace(day=1) - relativedelta(months=1)
        return len(company._aftersales_offer_attendance_sudo(month))
