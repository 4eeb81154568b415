from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models

from ..base.errors import coded_error
from .const import CRITERION_OF_SOURCE, MANAGER_GROUPS, SOURCE_OF_MODEL, SOURCES


class AftersalesConductProposal(models.Model):
    """Where facts come from and where they go: to the sheet and to training, or, decided by a person, into a case.

    What becomes of each source is a setting of the company. As shipped a failed inspection, a late promise and a
    complaint are facts, a lost tool and unaccepted goods a case; nobody is punished by the system.
    """

    _inherit = 'aftersales.conduct.proposal'
    _guarded_fields = frozenset({'source'})

    source = fields.Selection(SOURCES, string="Where from", readonly=True, index=True)
    note_ids = fields.One2many('aftersales.assessment.note', 'proposal_id', string="On the sheet", readonly=True)

    @api.model
    def _propose(self, kind, employee, record, summary, **kw):
        """Let the company's setting of the source say what becomes of it; nothing where it is off.

        :param kw: also `source`, where the document alone does not tell.
        """
        source = kw.pop('source', None) or SOURCE_OF_MODEL.get(record._name if record else None)
        if not source:
            return super()._propose(kind, employee, record, summary, **kw)
        company = self.env['res.company'].browse(kw.get('company_id')) or (
            record.company_id if record and 'company_id' in record._fields else employee[:1].sudo().company_id
        ) or self.env.company
        level = company.sudo()[f'aftersales_source_{source}']
        if level == 'off':
            return self.sudo().browse()
        kind = 'fact' if level == 'fact' else 'case'
        proposals = super()._propose(kind, employee, record, summary, **kw)
        proposals._guarded().write({'source': source})
        if level == 'open':
            proposals._open_at_once_sudo()
        return proposals

    def _open_at_once_sudo(self):
        """Open the cases in the name of the system, where rules are in force; deciding stays with people.

        sudo: whoever noticed it need not see the case; he does not become its proposer.
        """
        for proposal in self.with_user(SUPERUSER_ID).sudo():
            book = self.env['aftersales.conduct.rulebook'].sudo()._at(proposal.company_id, proposal.date)
            if book and proposal.employee_id.company_id == proposal.company_id:
                proposal._open_case()

    def action_to_sheet(self):
        """Put the facts beside their criterion on the person's sheet."""
        self._to_sheet()

    def action_to_training(self):
        """Put the facts on the sheet and mark that the person needs training."""
        self._to_sheet(needs_training=True)

    def _to_sheet(self, needs_training=False):
        """Take facts over as spot notes: they count for the assessment and for training, not for money.

        :return: aftersales.assessment.note.
        :raise UserError: PPL-15 role, PPL-13 about himself, PPL-60 the sheet of that month is approved, BAS-06.
        """
        if not self.env.su and not self.env.user.has_groups(MANAGER_GROUPS):
            raise coded_error('PPL-15', self.env._("HR and the managers take facts over."))
        if any(proposal.employee_id.sudo().user_id == self.env.user for proposal in self):
            raise coded_error('PPL-13', self.env._("Nobody writes notes about himself."))
        self._decide('taken')
        return self._write_notes_sudo(needs_training)

    def _write_notes_sudo(self, needs_training):
        """Write one note a fact; sudo: role and person were checked by `_to_sheet`."""
        criterion_of = {
            source: self.env.ref(f'aftersales_service.assessment_criterion_{number}')
            for source, number in CRITERION_OF_SOURCE.items()
        }
        notes = self.env['aftersales.assessment.note'].sudo()._guarded().create([{
            'company_id': proposal.company_id.id, 'employee_id': proposal.employee_id.id, 'date': proposal.date,
            'criterion_id': criterion_of.get(proposal.source, criterion_of['rework']).id, 'text': proposal.summary,
            'proposal_id': proposal.id, 'noted_by_id': self.env.uid, 'needs_training': needs_training,
        } for proposal in self])
        notes._ensure_not_used()
        return notes.with_env(self.env)

    @api.model
    def _facts_of_month(self, company, month):
        """Return {employee: {source: count}} of what was noticed in a month and not put aside; as superuser.

        :param datetime.date month: first day.
        """
        found = defaultdict(dict)
        for employee, source, count in self.sudo()._read_group(
            [('company_id', '=', company.id), ('state', '!=', 'dismissed'), ('source', '!=', False),
             ('date', '>=', month), ('date', '<', fields.Date.add(month, months=1))],
            ['employee_id', 'source'], ['__count'],
        ):
            found[employee][source] = count
        return found
