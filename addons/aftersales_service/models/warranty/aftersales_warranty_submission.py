from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesWarrantySubmission(models.Model):
    """One sending of a claim to the manufacturer, with what it said that day, and what he asked or answered."""

    _name = 'aftersales.warranty.submission'
    _description = "Submission of a Warranty Claim"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'claim_id, number desc'
    _rec_name = 'number'
    _guarded_fields = frozenset({
        'claim_id', 'number', 'at', 'user_id', 'snapshot', 'note', 'claimed_amount', 'query_text', 'queried_at',
        'queried_by_id', 'outcome', 'decided_at', 'decided_by_id', 'approved_amount',
    })

    claim_id = fields.Many2one('aftersales.warranty.claim', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='claim_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='claim_id.currency_id')
    number = fields.Integer(required=True, readonly=True)
    at = fields.Datetime("Sent At", required=True, readonly=True)
    user_id = fields.Many2one('res.users', "Sent By", required=True, readonly=True, ondelete='restrict')
    note = fields.Text("Answer to the Query", readonly=True, help="What we wrote along with it; empty the first time.")
    snapshot = fields.Json(readonly=True, help="What was sent: header, lines, documents, lamps.")
    claimed_amount = fields.Monetary("Claimed", readonly=True)
    query_text = fields.Text("Query", readonly=True)
    queried_at = fields.Datetime(readonly=True)
    queried_by_id = fields.Many2one('res.users', "Query Recorded By", readonly=True)
    outcome = fields.Selection(
        [('approved', "Approved in Full"), ('partly', "Partly approved"), ('rejected', "Claim Rejected")], "Answer", readonly=True,
    )
    decided_at = fields.Datetime("Answered", readonly=True)
    decided_by_id = fields.Many2one('res.users', "Answer Recorded By", readonly=True)
    approved_amount = fields.Monetary("Approved Amount", readonly=True)

    _number_uniq = models.UniqueIndex('(claim_id, number)', "Submissions of a claim are numbered.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('WAR-30', self.env._(
            "Submissions of a claim stay in the archive. Cancel a claim before it is sent instead.",
        ))
