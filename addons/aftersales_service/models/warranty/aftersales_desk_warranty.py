from odoo import api, models

from .claim_const import OPEN_STATES, SENT_STATES

# More than a clerk works off in a week; the list view has them all.
LIMIT = 200


class AftersalesDeskWarranty(models.AbstractModel):
    """The warranty clerk's screen: claims by deadline with their lights."""

    _name = 'aftersales.desk.warranty'
    _description = "Desk of the Warranty Clerk"

    @api.model
    @api.readonly
    def get_data(self):
        """Return the claims that need something done, most urgent first; a fixed number of queries.

        :rtype: dict  keys claims, late, late_label
        """
        Claim = self.env['aftersales.warranty.claim']
        Claim._ensure_clerk()
        claims = Claim.search([
            ('state', 'in', (*OPEN_STATES, *SENT_STATES, 'partly', 'rejected')), ('company_id', 'in', self.env.companies.ids),
        ], limit=LIMIT)
        late = len(claims.filtered('is_late'))
        return {
            'claims': claims._desk_rows(),
            'late': late,
            'late_label': self.env._("%(number)d late", number=late),
        }
