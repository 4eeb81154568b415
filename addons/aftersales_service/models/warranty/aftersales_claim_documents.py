"""Papers of a claim: the list that fits brand and kind, the PDF application, the audit pack."""

import io
import zipfile

from odoo import fields, models

from ..base.errors import coded_error


class AftersalesWarrantyClaim(models.Model):
    _inherit = 'aftersales.warranty.claim'

    document_ids = fields.One2many('aftersales.warranty.document', 'claim_id', "Papers of the Claim")
    documents_missing = fields.Integer("Papers Missing", compute='_compute_documents_missing')

    def _compute_documents_missing(self):
        for claim in self:
            claim.documents_missing = len(claim.document_ids.filtered(
                lambda document: document.is_required and not document.is_there))

    # === CHECKLIST === #

    def _sync_documents(self):
        """Put the papers on the claim that its brand and kind ask for; called as superuser on an open claim."""
        types = self.env['aftersales.warranty.document.type'].sudo().search_fetch(
            [], ['name', 'sequence', 'brand_id', 'claim_type', 'company_id', 'is_required'])
        vals_list = []
        for claim in self:
            wanted = types.filtered(lambda kind, claim=claim: kind._fits(claim))
            documents = claim.document_ids
            documents.filtered(lambda document, wanted=wanted: (
                document.type_id not in wanted and not document.attachment_ids)).unlink()
            for document in claim.document_ids:
                required = document.type_id in wanted and document.type_id.is_required
                if document.is_required != required:
                    document._guarded().write({'is_required': required})
            vals_list += [
                {'claim_id': claim.id, 'type_id': kind.id, 'is_required': kind.is_required}
                for kind in wanted - claim.document_ids.type_id
            ]
        self.env['aftersales.warranty.document'].sudo()._guarded().create(vals_list)

    # === FILES === #

    def _downloads(self):
        return super()._downloads() | {'export': '_write_export', 'pack': '_write_packs'}

    def action_audit_pack(self):
        """Fetch the audit pack of the claims: one PDF each and every file, zipped."""
        return self.action_download('pack')

    def _write_packs(self, options):
        """Write the audit packs of these claims into one zip, a folder for each claim.

        :rtype: tuple[str, bytes]
        """
        self.check_access('read')
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as archive:
            for claim in self:
                folder = '' if len(self) == 1 else f'{claim._file_name()}/'
                archive.writestr(f'{folder}{claim._file_name()}.pdf', claim._pack_pdf())
                taken = set()
                for name, contents in claim._pack_files_sudo():
                    while name in taken:
                        name = f'_{name}'
                    taken.add(name)
                    archive.writestr(f'{folder}{name}', contents)
        name = self._file_name() if len(self) == 1 else self.env._("Audit packs")
        return f'{name}.zip', buffer.getvalue()

    def _file_name(self):
        self.ensure_one()
        return '-'.join(part for part in (self.name, self.license_plate) if part).replace('/', '-').replace('·', '')

    def _pack_pdf(self):
        """Return the application, the lights and the history of submissions as one PDF."""
        self.ensure_one()
        return self.env['ir.actions.report'].with_context(force_report_rendering=True)._render_qweb_pdf(
            'aftersales_service.report_claim_pack', self.ids)[0]

    def _pack_files_sudo(self):
        """Return (name, contents) of every file of the claim; sudo: the files belong to a claim its reader may read.

        Papers come first, numbered as on the list; then what hangs on the claim itself.
        """
        self.ensure_one()
        rows, seen = [], self.env['ir.attachment'].sudo()
        for rank, document in enumerate(self.sudo().document_ids, start=1):
            for file in document.attachment_ids:
                rows.append((f'{rank:02}-{document.name}-{file.name}'.replace('/', '-'), file.raw or b''))
                seen |= file
        for tag in self.sudo().old_part_ids:
            rows += [(f'{tag.name}-{photo.name}'.replace('/', '-'), photo.raw or b'') for photo in tag.photo_ids]
        own = self.env['ir.attachment'].sudo().search([
            ('res_model', '=', self._name), ('res_id', '=', self.id), ('res_field', '=', False),
        ], order='id')
        rows += [(file.name.replace('/', '-'), file.raw or b'') for file in own - seen if file.type == 'binary']
        return rows

    def _refuse_archived(self):
        """Refuse to touch a file of a submitted claim (R-DOC-29)."""
        raise coded_error('WAR-59', self.env._(
            "%(claim)s was sent with these files: they stay in the archive. New ones may be added.",
            claim=self.display_name,
        ))
