from odoo import api, models

CONTENTS = frozenset({'raw', 'datas', 'db_datas', 'store_fname', 'url', 'res_model', 'res_id', 'type'})


class IrAttachment(models.Model):
    """What was sent to a manufacturer with a claim is an archive: nobody deletes or overwrites it (R-DOC-29)."""

    _inherit = 'ir.attachment'

    def write(self, vals):
        if CONTENTS & vals.keys():
            self._refuse_claim_archive()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_claim_archive(self):
        self._refuse_claim_archive()

    def _refuse_claim_archive(self):
        """Refuse to touch files of submitted claims, superuser included.

        :raise UserError: WAR-59
        """
        if claim := self._archived_claim_sudo():
            claim._refuse_archived()

    def _archived_claim_sudo(self):
        """Return a submitted claim that one of these files belongs to; sudo: only its name is told."""
        Claim = self.env['aftersales.warranty.claim'].sudo()
        if not self.ids:
            return Claim
        found = self.env['aftersales.warranty.document'].sudo().search(
            [('attachment_ids', 'in', self.ids), ('claim_id.submitted_at', '!=', False)], limit=1,
        ).claim_id
        if found:
            return found
        own = self.sudo().filtered(lambda file: file.res_model == Claim._name and file.res_id and not file.res_field)
        return Claim.search([('id', 'in', own.mapped('res_id')), ('submitted_at', '!=', False)], limit=1)
