import base64
import io
import re
import zipfile

import pytz

from odoo import models

from .const import GENERAL_MANAGER, HR_OFFICER, SERVICE_MANAGER


class AftersalesConductRecord(models.Model):
    """The folder a court of arbitration asks for: notice, receipt, statement, reviews, evidence, history."""

    _inherit = 'aftersales.conduct.record'

    def _downloads(self):
        return super()._downloads() | {'proof': '_write_proof_folder'}

    def _write_proof_folder(self, options):
        """Return one zip with a folder per record.

        :param dict options: nothing is asked.
        :return: (file name, bytes).
        :raise AccessError: PPL-15 not a manager or HR.
        """
        self._ensure_group(HR_OFFICER, SERVICE_MANAGER, GENERAL_MANAGER)
        self._ensure_not_own()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as folder:
            for record in self:
                for name, contents in record._proof_files_sudo():
                    folder.writestr(f'{_file_name(record.name)}/{name}', contents)
        return f'{_file_name("-".join(self[:3].mapped("name")))}.zip', buffer.getvalue()

    def _proof_files_sudo(self):
        """Return what belongs to the case; sudo: the group was checked, attachments of reviews and receipts are others'.

        :return: (file name, bytes) each.
        """
        self.ensure_one()
        record = self.sudo()
        report = self.env['ir.actions.report'].sudo()
        files = [(
            f'{self.env._("Notice")}.{extension}', contents,
        ) for contents, extension in [report._render('aftersales_service.report_conduct_notice', record.ids)]]
        files.append((f'{self.env._("History")}.txt', record._history_text().encode()))
        receipts = self.env['aftersales.conduct.receipt'].sudo().search([
            ('employee_id', '=', record.employee_id.id), ('rulebook_id', '=', record.rulebook_id.id)])
        attachments = record.evidence_ids | self.env['ir.attachment'].sudo().search([
            '|', '&', ('res_model', '=', record._name), ('res_id', '=', record.id),
            '&', ('res_model', '=', 'aftersales.conduct.review'), ('res_id', 'in', record.review_ids.ids),
        ])
        for attachment in attachments:
            files.append((f'{attachment.id}-{_file_name(attachment.name)}', attachment.raw or b''))
        for receipt in receipts.filtered('signature'):
            files.append((f'{self.env._("Receipt")}-{receipt.signed_on}.png', base64.b64decode(receipt.with_context(bin_size=False).signature)))
        return files

    def _history_text(self):
        """Return who did what when, a line each, in the order it happened."""
        _, steps, zone = self.env._, [], self.company_id._aftersales_workday_tz()
        for label, moment, user, text in (
            (_("Proposed"), self.proposed_at, self.proposed_by_id, self.facts or self.summary),
            (_("Investigated"), self.investigated_at, self.investigated_by_id, self.investigation),
            (_("Asked to be heard, until"), self.hearing_asked_at, None, self.hearing_until),
            (_("Statement of the person"), self.statement_at, None, self.statement),
            (_("Decided"), self.decided_at, self.decided_by_id, self.decision_reason),
            (_("Approved"), self.approved_at, self.approved_by_id, ''),
            (_("Notified"), self.notified_at, self.notified_by_id, ''),
            (_("Acknowledged"), self.acknowledged_at, None, ' '.join(filter(None, (
                dict(self._fields['acknowledgement']._description_selection(self.env)).get(self.acknowledgement),
                self.witness_id.name, self.acknowledge_note)))),
            *((_("Objection"), review.filed_at, None, review.reason) for review in self.review_ids),
            *((_("Answer"), review.decided_at, review.decided_by_id, review.answer) for review in self.review_ids),
            (_("Withdrawn"), self.withdrawn_at, self.withdrawn_by_id, self.withdrawn_reason),
            (_("Closed"), self.closed_at, self.closed_by_id, ''),
        ):
            if moment:
                local = pytz.utc.localize(moment).astimezone(zone)
                steps.append((moment, f'{local:%Y-%m-%d %H:%M}  {label}  {user.name if user else ""}\n    {text or ""}'))
        head = [self.display_name, self.employee_id.name, self.rule_id.display_name, self.rulebook_id.display_name,
                self.measure_id.name or '', self.currency_id.format(self.amount_total), '']
        return '\n'.join(head + [text for _moment, text in sorted(steps, key=lambda step: step[0])]) + '\n'


def _file_name(name):
    """Return a name that is safe in an archive: no folders, no control characters."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', '_', name or 'file').lstrip('.')[:120]
