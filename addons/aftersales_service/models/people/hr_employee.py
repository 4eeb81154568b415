from odoo import api, models


class HrEmployee(models.Model):
    _inherit = 'hr.employee'

    @api.model
    def _aftersales_mine_sudo(self):
        """Return the employees the user is, in every company, also those that left.

        sudo: nobody but HR reads employees; the login is the key.

        :rtype: recordset of hr.employee, as superuser
        """
        return self.sudo().with_context(active_test=False).search([('user_id', '=', self.env.uid)])

    def _aftersales_tell_sudo(self, record, summary, deadline=None):
        """Ask a person to look at something of his own: on his desk, or by mail where he has a portal login only.

        sudo: the document is ours to follow up; nothing but the summary leaves the system.

        :param record: a document with activities; :param str summary: in one line, no amount, no fact.
        """
        self.ensure_one()
        user, record = self.sudo().user_id, record.sudo()
        if not user or not user.active:
            return
        if user.share:
            record.message_notify(
                partner_ids=user.partner_id.ids, model=False, res_id=False, subject=summary,
                body=self.env._("Please look at your own page: %(address)s", address=f'{record.get_base_url()}/my/aftersales/conduct'),
            )
        else:
            record.with_context(mail_activity_quick_update=True).activity_schedule(
                'mail.mail_activity_data_todo', user_id=user.id, summary=summary, date_deadline=deadline or None)
