from secrets import token_urlsafe

from odoo import fields, models


class ResCompany(models.Model):
    """The welcome board at the entrance (R-PROC-12, R-DOC-13): one address per company, for a screen without a user."""

    _inherit = 'res.company'

    aftersales_welcome_token = fields.Char(
        "Key of the Welcome Board", copy=False, index='btree_not_null', groups='aftersales_service.group_receptionist',
    )

    def action_aftersales_welcome_board(self):
        """Open the board; its address is made at the first call."""
        company = self.env.company
        if not company.sudo().aftersales_welcome_token:
            company._aftersales_renew_welcome_sudo()
        return {
            'type': 'ir.actions.act_url',
            'url': f'/aftersales/welcome/{company.sudo().aftersales_welcome_token}',
            'target': 'new',
        }

    def action_aftersales_renew_welcome(self):
        """Give the board another address, e.g. after a screen was sold; the old one shows nothing any more."""
        self._aftersales_ensure_manager()
        self._aftersales_renew_welcome_sudo()
        return True

    def _aftersales_renew_welcome_sudo(self):
        """Make a new key; sudo: it is no setting, and the verbs that call this are for the front desk."""
        for company in self.sudo():
            company.aftersales_welcome_token = token_urlsafe(24)

    def _aftersales_welcome_board_sudo(self):
        """Return what the board shows; sudo: the page checked the key, and everything is shortened here.

        :return: `{'company', 'time', 'day', 'appointments': [dict], 'cars': [dict]}`, see `_welcome_line`.
        :rtype: dict
        """
        self.ensure_one()
        board = self.env['aftersales.appointment'].sudo().get_welcome_board()
        cars = self.env['aftersales.visit'].sudo().search(
            [('company_id', '=', self.id), ('state', 'in', ('inside', 'out')), ('visit_type', 'in', ('repair', 'tow_in'))],
            order='arrived_at, id',
        )
        now = self._aftersales_local_time(fields.Datetime.now())
        return {
            'company': self.name,
            'day': now.strftime('%Y-%m-%d'),
            'time': now.strftime('%H:%M'),
            'lang': (self.env.lang or 'en_US').replace('_', '-'),
            'appointments': [line for line in board if line['state'] == 'confirmed'],
            'cars': [car._welcome_line() for car in cars],
        }
