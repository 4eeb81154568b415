import base64
import hashlib
import io
import re
import zipfile

import pytz

from odoo import models

from .const import GENERAL_MANAGER, HR_OFFICER, SERVICE_MANAGER


class AftersalesConductRecord(models.Model):
    """The folder a court of arbitration asks for: what was told and signed, the rules as published, proof, history."""

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
                files = record._proof_files_sudo()
                sums = ''.join(f'{hashlib.sha256(contents).hexdigest()}  {name}\n' for name, contents in files)
                for name, contents in [*files, ('SHA256SUMS', sums.encode())]:
                    folder.writestr(f'{_file_name(record.name)}/{name}', contents)
        return f'{_file_name("-".join(self[:3].mapped("name")))}.zip', buffer.getvalue()

    def _proof_files_sudo(self):
        """Return what belongs to the case; sudo: the group was checked, attachments of reviews and receipts are others'.

        :return: (file name, bytes) each.
        """
        self.ensure_one()
        record, _ = self.sudo(), self.env._
        report = self.env['ir.actions.report'].sudo()
        # Terms stand outside of the f-strings: the export does not look into them.
        history, rules, signed = _("History of the case"), _("Rules of conduct"), _("Receipt of the rule book")
        files = [(f'{history}.txt', record._history_text().encode())]
        for name, template, moment in (
            (_("Notice to Be Heard"), 'report_conduct_hearing', record.hearing_asked_at),
            (_("Notice"), 'report_conduct_notice', record.notified_at),
        ):
            if moment:
                contents, extension = report._render(f'aftersales_service.{template}', record.ids)
                files.append((f'{_file_name(name)}.{extension}', contents if isinstance(contents, bytes) else contents.encode()))
        receipts = record.rulebook_id.receipt_ids.filtered(lambda receipt: receipt.employee_id == record.employee_id)
        files.append((f'{rules}.txt', record._rules_text(receipts).encode()))
        for receipt in receipts.filtered('signature'):
            files.append((f'{signed}-{receipt.signed_on}.png', base64.b64decode(receipt.with_context(bin_size=False).signature)))
        for folder, attachments in (
            (_("Evidence"), record.evidence_ids), (_("Papers handed in"), record._attachments_of_sudo(record) - record.evidence_ids),
            (_("Objections"), record._attachments_of_sudo(record.review_ids)),
            (_("Adoption of the rules"), record._attachments_of_sudo(record.rulebook_id)),
            (_("Origin"), record._origin_attachments_sudo()),
        ):
            for attachment in attachments:
                files.append((f'{_file_name(folder)}/{attachment.id}-{_file_name(attachment.name)}', attachment.raw or b''))
        return files

    def _attachments_of_sudo(self, records):
        """Return what is attached to documents of one model; called from the proof folder, whose reader was checked."""
        return self.env['ir.attachment'].sudo().search([('res_model', '=', records._name), ('res_id', 'in', records.ids)])

    def _origin_attachments_sudo(self):
        """Return what is attached to the document on which the case was noticed: a tool's incident with its statements."""
        attachments = self.env['ir.attachment'].sudo()
        if not self.res_id or self.res_model not in self.env:
            return attachments
        origin = self.env[self.res_model].sudo().browse(self.res_id).exists()
        for name, field in origin._fields.items():
            if field.type == 'many2many' and field.comodel_name == 'ir.attachment' and field.store:
                attachments |= origin[name]
        return attachments | self._attachments_of_sudo(origin)

    def _rules_text(self, receipts):
        """Return the rule as it was published, and how the person came to know it."""
        _, book, rule = self.env._, self.rulebook_id, self.rule_id
        means = dict(receipts._fields['means']._description_selection(self.env))
        lines = [
            book.display_name,
            _("Adopted on %(day)s", day=book.adopted_on or '—'), book.adoption_note or '',
            _("Published on %(day)s", day=book.published_on or '—'), '',
            rule.display_name, rule.text or '', _("Allowed: %(measures)s", measures=', '.join(rule.measure_ids.mapped('name'))), '',
            *(' '.join(filter(None, (str(receipt.signed_on), means[receipt.means], receipt.witness_id.name,
                                     receipt.recorded_by_id.name))) for receipt in receipts),
        ]
        if not receipts:
            lines.append(_("%(person)s has not signed for this version.", person=self.employee_id.name))
        return '\n'.join(lines) + '\n'

    def _history_text(self):
        """Return who did what when, a line each, in the order it happened."""
        _, steps, zone = self.env._, [], self.company_id._aftersales_workday_tz()
        for label, moment, user, text in (
            (_("Put forward"), self.proposed_at, self.proposed_by_id, self.facts or self.summary),
            (_("Investigated"), self.investigated_at, self.investigated_by_id, self.investigation),
            (_("Asked to be heard, until"), self.hearing_asked_at, None, self.hearing_until),
            (_("Statement of the person"), self.statement_at, self.statement_recorded_by_id or self.employee_id, self.statement),
            (_("Decided"), self.decided_at, self.decided_by_id, self.decision_reason),
            (_("Approved by the general manager"), self.approved_at, self.approved_by_id, ''),
            (_("Told in writing"), self.notified_at, self.notified_by_id, ''),
            (_("Acknowledged"), self.acknowledged_at, self.acknowledge_recorded_by_id or (
                self.acknowledgement != 'served' and self.employee_id), ' '.join(filter(None, (
                dict(self._fields['acknowledgement']._description_selection(self.env)).get(self.acknowledgement),
                self.witness_id.name, self.acknowledge_note)))),
            *((_("Objection"), review.filed_at, review.recorded_by_id or self.employee_id, review.reason) for review in self.review_ids),
            *((_("Answer"), review.decided_at, review.decided_by_id, review.answer) for review in self.review_ids),
            *((_("Payroll"), line.batch_id.confirmed_at, line.batch_id.confirmed_by_id, self._payroll_text(line))
              for line in self.payroll_line_ids.filtered(lambda line: line.batch_state == 'locked')),
            (_("Withdrawn"), self.withdrawn_at, self.withdrawn_by_id, self.withdrawn_reason),
            (_("Closed"), self.closed_at, self.closed_by_id, ''),
        ):
            if moment:
                local = pytz.utc.localize(moment).astimezone(zone)
                steps.append((moment, f'{local:%Y-%m-%d %H:%M}  {label}  {user.name if user else ""}\n    {text or ""}'))
        head = [self.display_name, self.employee_id.name, self.rule_id.display_name, self.rulebook_id.display_name,
                self.measure_id.name or '', self.currency_id.format(self.amount_total), '']
        text = '\n'.join(head + [step for _moment, step in sorted(steps, key=lambda step: step[0])]) + '\n'
        return text.replace('\ufeff', '')  # what keeps a sign beside its amount on screens

    def _payroll_text(self, line):
        return self.env._("%(batch)s: %(amount)s, carried over %(carried)s", batch=line.batch_id.name,
                          amount=self.currency_id.format(line.amount), carried=self.currency_id.format(line.carried_amount))


def _file_name(name):
    """Return a name that is safe in an archive: no folders, no control characters."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', '_', name or 'file').lstrip('.')[:120]
