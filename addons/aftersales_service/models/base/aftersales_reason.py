from odoo import fields, models

from .const import REASON_KINDS


class AftersalesReason(models.Model):
    """A reason people choose instead of typing: it is counted, and for free work it decides account and VAT."""

    _name = 'aftersales.reason'
    _description = "Reason"
    _order = 'kind, sequence, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short code for reports and imports.")
    kind = fields.Selection(REASON_KINDS, required=True, index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', help="Empty: every company uses it.")
    note_required = fields.Boolean(string="Needs a note", help="The person has to add a few words.")
    account_id = fields.Many2one(
        'account.account', string="Cost account", company_dependent=True, ondelete='restrict', check_company=True,
        help="Account that bears the cost of work done for this reason; per company. "
             "Empty: the account of the settings.",
    )
    vat_treatment = fields.Selection(
        [('none', "No VAT"), ('deemed_sale', "Deemed sale (output VAT at market price)")],
        string="VAT treatment", default='none', required=True,
        help="Whether goods given away for this reason count as sold. Ask your accountant: "
             "services given free are no deemed sale since 2026, goods usually are.",
    )

    _code_company_uniq = models.UniqueIndex(
        "(kind, code, COALESCE(company_id, 0))", "This code exists already for this kind of reason.",
    )
