from odoo import http
from odoo.http import request


class AftersalesWelcome(http.Controller):
    """The screen in the hall: a television has no user, its address holds the key of the company."""

    @http.route('/aftersales/welcome/<string:token>', type='http', auth='public', methods=['GET'], sitemap=False, readonly=True)
    def welcome_board(self, token, **kwargs):
        """Show today's appointments and the cars in the house, plates and names shortened (R-PROC-12, R-DOC-13)."""
        # sudo: the token is the key; the board gives nothing away that the hall may not see.
        company = request.env['res.company'].sudo().search([('aftersales_welcome_token', '=', token)], limit=1)
        if not company:
            return request.not_found()
        lang = company.partner_id.lang or request.env.lang
        company = company.with_context(lang=lang, allowed_company_ids=company.ids).with_company(company)
        return request.render(
            'aftersales_service.welcome_board_page',
            company._aftersales_welcome_board_sudo(),
            headers={'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer'},
        )
