from odoo import api, fields, models
from odoo.tools import SQL

from ..base.workbook import Column, workbook

BUCKETS = [('0', "0–30 days"), ('1', "31–60 days"), ('2', "61–90 days"), ('3', "over 90 days")]
STAGES = [
    ('unsent', "Not sent"),
    ('waiting', "Waits for an answer"),
    ('approved', "Approved, not invoiced"),
    ('unpaid', "Invoiced, not paid"),
    ('rest', "Cut, rest undecided"),
    ('done', "Done"),
]


class AftersalesClaimCashReport(models.Model):
    """One row a claim: what was claimed, approved, invoiced and paid, how old it is, and why it was cut."""

    _name = 'aftersales.claim.cash.report'
    _description = "Claim to Cash"
    _inherit = ['aftersales.download.mixin']
    _auto = False
    _order = 'days desc, id'
    _rec_name = 'claim_id'
    _depends = {
        'aftersales.warranty.claim': [
            'state', 'booked_at', 'decided_at', 'claimed_total', 'approved_total', 'credited_total', 'paid_total', 'due_total',
            'rest_state', 'charged_back_total', 'settlement_id', 'statement_id', 'brand_id', 'partner_id', 'claim_type',
        ],
        'aftersales.warranty.claim.line': ['reason_id', 'approved_amount', 'claimed_amount'],
        'aftersales.settlement': ['settled_at'],
    }

    claim_id = fields.Many2one('aftersales.warranty.claim', readonly=True)
    order_id = fields.Many2one('aftersales.repair.order', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)
    brand_id = fields.Many2one('aftersales.vehicle.brand', readonly=True)
    partner_id = fields.Many2one('res.partner', "Manufacturer", readonly=True)
    claim_type = fields.Selection(lambda self: self._of_claim('claim_type'), readonly=True)
    state = fields.Selection(lambda self: self._of_claim('state'), readonly=True)
    stage = fields.Selection(STAGES, readonly=True)
    reason_id = fields.Many2one('aftersales.reason', "Reason of the Cut", readonly=True)
    statement_id = fields.Many2one('aftersales.warranty.statement', readonly=True)
    since = fields.Date("Open Since", readonly=True, help="Day the order was settled: from then on the cost waits.")
    days = fields.Integer("Days Open", readonly=True, aggregator='avg', help="Until paid or decided; until today while it is open.")
    bucket = fields.Selection(BUCKETS, "Age of the Claim", readonly=True)
    claimed_total = fields.Monetary("Claimed", readonly=True)
    approved_total = fields.Monetary("Approved Amount", readonly=True)
    credited_total = fields.Monetary("Invoiced Amount", readonly=True)
    paid_total = fields.Monetary("Paid Amount", readonly=True)
    due_total = fields.Monetary("Still Owed", readonly=True)
    cut_total = fields.Monetary("Cut", readonly=True, help="Claimed less approved, once decided.")
    charged_back_total = fields.Monetary("Charged Back", readonly=True)
    waiting_total = fields.Monetary("Still to Come", readonly=True, help="What may still be paid: claimed or approved, and not paid.")

    @api.model
    def _of_claim(self, name):
        # Not imported: reports are read before the models of the rooms.
        return self.env['aftersales.warranty.claim']._fields[name]._description_selection(self.env)

    @property
    def _table_query(self):
        """One row a claim; it is open since the day its order was settled."""
        return SQL("""
            SELECT claim.id AS id, claim.id AS claim_id, claim.order_id, claim.company_id, company.currency_id,
                   claim.brand_id, claim.partner_id, claim.claim_type, claim.state, claim.statement_id,
                   cut.reason_id, span.since, span.days,
                   CASE WHEN span.days <= 30 THEN '0' WHEN span.days <= 60 THEN '1' WHEN span.days <= 90 THEN '2' ELSE '3' END
                       AS bucket,
                   CASE WHEN claim.rest_state IN ('open', 'requested') OR (claim.state = 'rejected' AND claim.booked_at IS NULL)
                             THEN 'rest'
                        WHEN claim.state = 'credited' THEN 'unpaid'
                        WHEN claim.state IN ('paid', 'rejected') THEN 'done'
                        WHEN claim.state IN ('approved', 'partly') THEN 'approved'
                        WHEN claim.state IN ('submitted', 'queried') THEN 'waiting'
                        ELSE 'unsent' END AS stage,
                   claim.claimed_total,
                   CASE WHEN claim.decided_at IS NOT NULL THEN claim.approved_total ELSE 0 END AS approved_total,
                   COALESCE(claim.credited_total, 0) AS credited_total,
                   COALESCE(claim.paid_total, 0) AS paid_total,
                   COALESCE(claim.due_total, 0) AS due_total,
                   CASE WHEN claim.decided_at IS NOT NULL THEN claim.claimed_total - claim.approved_total ELSE 0 END AS cut_total,
                   COALESCE(claim.charged_back_total, 0) AS charged_back_total,
                   CASE WHEN claim.booked_at IS NOT NULL THEN COALESCE(claim.due_total, 0)
                        WHEN claim.decided_at IS NOT NULL THEN claim.approved_total
                        ELSE claim.claimed_total END AS waiting_total
              FROM aftersales_warranty_claim claim
              JOIN res_company company ON company.id = claim.company_id
              LEFT JOIN aftersales_settlement settlement ON settlement.id = claim.settlement_id
              LEFT JOIN LATERAL (
                   SELECT line.reason_id FROM aftersales_warranty_claim_line line
                    WHERE line.claim_id = claim.id AND line.reason_id IS NOT NULL
                    ORDER BY line.claimed_amount - line.approved_amount DESC, line.id LIMIT 1) cut ON TRUE
              CROSS JOIN LATERAL (
                   SELECT COALESCE(settlement.settled_at, claim.create_date)::date AS since,
                          CASE WHEN claim.state IN ('paid', 'rejected') AND claim.booked_at IS NOT NULL
                               THEN claim.booked_at::date ELSE CURRENT_DATE END
                          - COALESCE(settlement.settled_at, claim.create_date)::date AS days) span
             WHERE claim.cancelled_at IS NULL
        """)

    # === FILES === #

    @api.model
    def _downloads(self):
        return super()._downloads() | {'book': '_write_book'}

    def _write_book(self, _options):
        """Write the workbook: claims row by row, and by manufacturer and age.

        :rtype: tuple[str, bytes]
        """
        _ = self.env._
        rows = self or self.search([])
        labels = {name: dict(self._fields[name]._description_selection(self.env)) for name in ('stage', 'bucket', 'claim_type')}
        with workbook() as (book, buffer):
            book.sheet(
                _("Claims"),
                [
                    Column(_("Claim"), width=16), Column(_("Order"), width=16), Column(_("Manufacturer"), width=24),
                    Column(_("Kind")), Column(_("Stage"), width=22), Column(_("Reason of the Cut"), width=24),
                    Column(_("Open Since"), 'date'), Column(_("Days"), 'number'), Column(_("Age of the Claim")),
                    Column(_("Claimed"), 'money', total=True), Column(_("Approved Amount"), 'money', total=True),
                    Column(_("Invoiced Amount"), 'money', total=True), Column(_("Paid Amount"), 'money', total=True),
                    Column(_("Still to Come"), 'money', total=True),
                ],
                (
                    (
                        row.claim_id.name, row.order_id.name, row.partner_id.name, labels['claim_type'].get(row.claim_type),
                        labels['stage'].get(row.stage), row.reason_id.name, row.since, row.days, labels['bucket'].get(row.bucket),
                        row.claimed_total, row.approved_total, row.credited_total, row.paid_total, row.waiting_total,
                    ) for row in rows
                ),
                title=_("Claim to cash: %(company)s", company=self.env.company.name), total_label=_("Total"),
            )
            groups = self._read_group(
                [('id', 'in', rows.ids)], ['partner_id', 'bucket'], ['__count', 'claimed_total:sum', 'waiting_total:sum'])
            book.sheet(
                _("By Age"),
                [Column(_("Manufacturer"), width=24), Column(_("Age of the Claim")), Column(_("Claims"), 'number', total=True),
                 Column(_("Claimed"), 'money', total=True), Column(_("Still to Come"), 'money', total=True)],
                ((partner.name, labels['bucket'].get(bucket), count, claimed, waiting)
                 for partner, bucket, count, claimed, waiting in groups),
                title=_("Claims by manufacturer and age"), total_label=_("Total"),
            )
        return f"{_('Claim to cash')} {self.env.company._aftersales_today()}.xlsx", buffer.getvalue()

    def action_book(self):
        """Download the workbook of these claims, of all when none is chosen."""
        return self.action_download('book')
