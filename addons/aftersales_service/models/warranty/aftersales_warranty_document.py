from odoo import api, fields, models


class AftersalesWarrantyDocument(models.Model):
    """A paper of one claim: what it is, and the files that prove it."""

    _name = 'aftersales.warranty.document'
    _description = "Paper of a Warranty Claim"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'claim_id, sequence, id'
    _guarded_fields = frozenset({'claim_id', 'type_id', 'is_required'})

    claim_id = fields.Many2one('aftersales.warranty.claim', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='claim_id.company_id', store=True, index=True)
    claim_state = fields.Selection(related='claim_id.state')
    type_id = fields.Many2one('aftersales.warranty.document.type', required=True, readonly=True, ondelete='restrict', index=True)
    name = fields.Char(related='type_id.name')
    hint = fields.Char(related='type_id.note')
    source = fields.Selection(related='type_id.source')
    sequence = fields.Integer(related='type_id.sequence', store=True)
    is_required = fields.Boolean("Required", readonly=True)
    attachment_ids = fields.Many2many(
        'ir.attachment', 'aftersales_warranty_document_attachment_rel', 'document_id', 'attachment_id', string="Files",
    )
    is_there = fields.Boolean("There", compute='_compute_is_there')

    _type_uniq = models.UniqueIndex('(claim_id, type_id)', "A claim asks for each paper once.")

    @api.depends('attachment_ids', 'source')
    def _compute_is_there(self):
        photographed = self._photographed_sudo()
        for document in self:
            document.is_there = bool(
                document.source == 'order'
                or document.attachment_ids
                or (document.source == 'old_part' and document.claim_id._origin.id in photographed)
            )

    def _photographed_sudo(self):
        """Return the ids of claims whose old parts are photographed; sudo: only whether they are is told."""
        claims = self.filtered(lambda document: document.source == 'old_part').claim_id
        facts = claims._origin.sudo()._gather_old_parts()
        return {
            claim_id for claim_id, found in facts.items()
            if found.get('old_parts_tagged') and not found.get('old_parts_without_photo')
        }

    def write(self, vals):
        if 'attachment_ids' not in vals or self._is_guarded():
            return super().write(vals)
        sent = {document: document.attachment_ids for document in self if document.claim_id.submitted_at}
        result = super().write(vals)
        for document, files in sent.items():
            if files - document.attachment_ids:
                document.claim_id._refuse_archived()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        for document in self:
            if document.claim_id.submitted_at:
                document.claim_id._refuse_archived()
