from odoo import api, models
from odoo.fields import Domain

from ..base.errors import coded_error
from .aftersales_conduct_waiting import BLOCKED, WAITS
from .const import GENERAL_MANAGER, HR_OFFICER, MANAGER_GROUPS, SERVICE_MANAGER, SOURCES

PROPOSER = 'aftersales_service.group_conduct_proposer'
#: Lanes of the desk and what their records wait for, in the order of the work.
LANES = {
    'hear': ('investigate', 'hear'),
    'decide': ('decide', 'approve'),
    'tell': ('notify', 'acknowledge'),
    'review': ('review', 'appeal'),
}
#: The step a record waits for → (verb of the desk, who does it).
VERBS = {
    'investigate': ('investigate', (HR_OFFICER, SERVICE_MANAGER, GENERAL_MANAGER)),
    'decide': ('decide', (SERVICE_MANAGER, GENERAL_MANAGER)),
    'approve': ('approve', (GENERAL_MANAGER,)),
    'notify': ('notify', (HR_OFFICER, SERVICE_MANAGER)),
    'acknowledge': ('serve', (HR_OFFICER, SERVICE_MANAGER)),
    'review': ('answer', (SERVICE_MANAGER, GENERAL_MANAGER)),
    'appeal': ('answer', (GENERAL_MANAGER,)),
}
CARDS = 30
FACTS = 12
#: Days before a deadline from which it is shown as near.
NEAR = 2


class AftersalesDeskHr(models.AbstractModel):
    """*This month*: what HR and the managers have to hear, decide, tell and answer, until when; what the payroll gets.

    Leaders get a smaller desk: praise, propose and note for their own people, and the sheets they sign.
    """

    _name = 'aftersales.desk.hr'
    _description = "Desk of Human Resources"

    # === READING === #

    @api.model
    @api.readonly
    def get_data(self):
        """Return everything the desk shows; a fixed number of queries, however many records there are.

        :rtype: dict  mode (hr | leader), can, lanes, facts, batch, blocked, sheets, people, rules
        :raise AccessError: PPL-15 neither leader, manager nor HR.
        """
        self.env['aftersales.conduct.record']._ensure_group(PROPOSER, HR_OFFICER, SERVICE_MANAGER, GENERAL_MANAGER)
        managing = self.env.user.has_groups(MANAGER_GROUPS)
        company = self.env.company
        today = company._aftersales_today()
        data = {
            'mode': 'hr' if managing else 'leader',
            'user': self.env.user.name,
            'month': f'{today:%Y-%m}',
            'currency_id': company.currency_id.id,
            'can': self._rights(),
            'rules': self._rules(company, today),
        }
        if managing:
            return data | {
                'lanes': self._lanes(company, today),
                'facts': self._facts(company),
                'batch': self._batch(company, today),
                'blocked': self._blocked(company, today),
                'sheets': self._sheets(company, today),
                'unsigned': self._unsigned(company, today),
            }
        return data | {
            'lanes': self._own_lanes(company, today),
            'people': self._people(company, today),
            'to_sign': self._sheets_to_sign(company),
            'criteria': self._criteria(company, today),
        }

    def _rights(self):
        user = self.env.user
        hr, manager, boss = (user.has_group(group) for group in (HR_OFFICER, SERVICE_MANAGER, GENERAL_MANAGER))
        return {
            'decide': manager or boss, 'tell': hr or manager, 'take': hr or boss, 'batch': hr, 'sheets': hr or manager or boss,
            'confirm': hr or boss or user.has_group('aftersales_service.group_accountant'), 'see_batch': hr or boss,
        }

    def _rules(self, company, today):
        """Return the rules in force, rewards first, for the dialogs."""
        book = self.env['aftersales.conduct.rulebook']._at(company, today)
        return [
            {'id': rule.id, 'kind': rule.kind, 'code': rule.code, 'name': rule.name}
            for rule in self.env['aftersales.conduct.rule'].search_fetch(
                [('rulebook_id', '=', book.id)], ['kind', 'code', 'name'], order='kind desc, sequence, code')
        ] if book else []

    # === LANES === #

    def _lanes(self, company, today):
        """Return the lanes with their cards by deadline; records kept from the user are not among them (record rules)."""
        domain = [('company_id', '=', company.id), ('hold', 'in', [hold for holds in LANES.values() for hold in holds])]
        Record = self.env['aftersales.conduct.record']
        counts = dict(Record._read_group(domain, ['hold'], ['__count']))
        cards = self._cards(Record.search(domain, order='deadline_on, act_date, id', limit=4 * CARDS), today)
        names = {
            'hear': self.env._("To hear"), 'decide': self.env._("To decide"), 'tell': self.env._("To tell"),
            'review': self.env._("In review"),
        }
        return [
            {
                'code': code, 'name': names[code], 'count': sum(counts.get(hold, 0) for hold in holds),
                'holds': holds, 'cards': [card for card in cards if card['hold'] in holds][:CARDS],
            } for code, holds in LANES.items()
        ]

    def _own_lanes(self, company, today):
        """Return what a leader proposed and is still under way; the steps are others'."""
        records = self.env['aftersales.conduct.record'].search([
            ('company_id', '=', company.id), ('proposed_by_id', '=', self.env.uid), ('hold', '!=', 'done')],
            order='act_date desc, id desc', limit=CARDS)
        cards = self._cards(records, today)
        return [{
            'code': 'mine', 'name': self.env._("Proposed by me"), 'count': len(cards), 'holds': False, 'cards': cards,
        }]

    def _cards(self, records, today):
        """Return a card for each record the user may see."""
        labels = dict(WAITS)
        labels |= dict(records._fields['hold']._description_selection(self.env))
        user = self.env.user
        verbs = {hold: verb for hold, (verb, groups) in VERBS.items() if any(user.has_group(group) for group in groups)}
        own = user.sudo().employee_ids
        return [{
            'id': record.id, 'name': record.name, 'kind': record.kind, 'person_id': record.employee_id.id,
            'person': record.employee_id.name, 'rule': record.rule_id.display_name, 'summary': record.summary,
            'amount': record.amount_total, 'gravity': record.gravity, 'hold': record.hold, 'hold_label': labels[record.hold],
            'measure': record.measure_id.name or '',
            # Nobody handles his own case, at any level.
            'verb': False if record.employee_id in own else verbs.get(record.hold, False),
            **self._clock(record.deadline_on, today),
        } for record in self._as_cards_sudo(records)]

    def _as_cards_sudo(self, records):
        """Return readable records as superuser: names of people and measures; which records was decided by the search."""
        return records.sudo()

    def _clock(self, deadline, today):
        """Return a deadline as the desk shows it: text, days left, tone.

        :param deadline: date or False.
        """
        if not deadline:
            return {'deadline': '', 'days': False, 'tone': 'mute'}
        days = (deadline - today).days
        if days < 0:
            text = self.env._("%(days)s days over", days=-days)
        else:
            text = self.env._("%(days)s days", days=days) if days else self.env._("Today")
        return {'deadline': text, 'days': days, 'tone': 'late' if days < 0 else 'soon' if days <= NEAR else 'info'}

    # === FACTS === #

    def _facts(self, company):
        """Return the newest facts and cases that nobody has looked at; a service manager reads them."""
        proposals = self.env['aftersales.conduct.proposal']
        domain = [('company_id', '=', company.id), ('state', '=', 'new')]
        sources = dict(SOURCES) | dict(proposals._fields['source']._description_selection(self.env))
        return {
            'count': proposals.search_count(domain),
            'rows': [{
                'id': proposal.id, 'kind': proposal.kind, 'person': proposal.employee_id.name,
                'person_id': proposal.employee_id.id, 'summary': proposal.summary, 'date': str(proposal.date),
                'amount': proposal.amount, 'source': sources.get(proposal.source, ''), 'rule_id': self._hinted(proposal),
            } for proposal in self._as_facts_sudo(proposals.search(domain, order='kind, date desc, id desc', limit=FACTS))],
        }

    def _as_facts_sudo(self, proposals):
        """Return readable proposals as superuser: names of people only."""
        return proposals.sudo()

    def _hinted(self, proposal):
        """Return the code of the rule a proposal hints at, as the rule book names it."""
        return (proposal.rule_hint or '').replace('R-PEN-', 'P')

    # === BLOCKED === #

    def _blocked(self, company, today):
        """Return why decided money is not ready: a row for each reason, with the nearest deadline."""
        Record = self.env['aftersales.conduct.record']
        labels = dict(Record._fields['hold']._description_selection(self.env))
        rows = Record._read_group(
            Domain('company_id', '=', company.id) & Record._blocked_domain(), ['hold'], ['__count', 'deadline_on:min', 'amount_total:sum'])
        found = {hold: (count, deadline, amount) for hold, count, deadline, amount in rows}
        return [
            {'hold': hold, 'name': labels[hold], 'count': found[hold][0], 'amount': found[hold][2], **self._clock(found[hold][1], today)}
            for hold in BLOCKED if hold in found
        ]

    def _unsigned(self, company, today):
        """Return the rule book in force and how many have not signed for it; False without one."""
        book = self.env['aftersales.conduct.rulebook']._at(company, today)
        return {'id': book.id, 'name': book.display_name, 'count': book.missing_count} if book else False

    # === LEADERS === #

    def _people(self, company, today):
        """Return a leader's own people, with the notes of this month and the last praise."""
        people = self.env['aftersales.conduct.record']._own_people_sudo().filtered(lambda person: person.company_id == company)
        month = today.replace(day=1)
        notes = dict(self.env['aftersales.assessment.note']._read_group(
            [('employee_id', 'in', people.ids), ('date', '>=', month)], ['employee_id'], ['__count']))
        return [{
            'id': person.id, 'name': person.name, 'job': person.job_title or '', 'notes': notes.get(person.with_env(self.env), 0),
        } for person in people.sorted('name')]

    def _sheets_to_sign(self, company):
        """Return the sheets the user has to compile, oldest first."""
        sheets = self.env['aftersales.assessment'].search(
            [('company_id', '=', company.id), ('assessor_id', '=', self.env.uid), ('state', '=', 'draft')], order='month, id', limit=CARDS)
        open_lines = dict(self.env['aftersales.assessment.line']._read_group(
            [('assessment_id', 'in', sheets.ids), ('is_scored', '=', False)], ['assessment_id'], ['__count']))
        return [{
            'id': sheet.id, 'person_id': sheet.employee_id.id, 'person': sheet.employee_id.name, 'month': f'{sheet.month:%Y-%m}',
            'open': open_lines.get(sheet.with_env(self.env), 0),
        } for sheet in self._as_sheets_sudo(sheets)]

    def _as_sheets_sudo(self, sheets):
        """Return readable sheets as superuser: names of people only."""
        return sheets.sudo()

    def _criteria(self, company, today):
        return [
            {'id': criterion.id, 'name': criterion.name}
            for criterion in self.env['aftersales.assessment.criterion']._for_month(company, today.replace(day=1))
        ]

    @api.model
    @api.readonly
    def search_people(self, term, limit=6):
        """Find people while the name is typed: everybody for HR and the managers, a leader's own people for him.

        :rtype: list[dict]  id, name, detail
        """
        records = self.env['aftersales.conduct.record']
        records._ensure_group(PROPOSER, HR_OFFICER, SERVICE_MANAGER, GENERAL_MANAGER)
        company = self.env.company
        if self.env.user.has_groups(MANAGER_GROUPS):
            people = self.env['hr.employee.public'].search(
                [('company_id', '=', company.id), ('name', 'ilike', term), ('user_id', '!=', self.env.uid)], limit=limit)
        else:
            people = records._own_people_sudo().filtered(
                lambda person: person.company_id == company and term.lower() in person.name.lower())[:limit]
        return [{'id': person.id, 'name': person.name, 'detail': person.job_title or ''} for person in people]

    def _person(self, employee_id):
        """Return the person a dialog names.

        :raise UserError: PPL-74 nobody, or somebody of another company.
        """
        person = self.env['hr.employee'].browse(employee_id).exists()
        if not person or person.sudo().company_id != self.env.company:
            raise coded_error('PPL-74', self.env._("Choose a person of %(company)s.", company=self.env.company.name))
        return person
