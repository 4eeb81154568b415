from odoo import api, models
from odoo.tools import SQL

from ..base.errors import coded_error


class HrEmployee(models.Model):
    _inherit = 'hr.employee'

    # === BUSINESS METHODS === #

    @api.model
    def _aftersales_acting(self, company, employee=None, group='aftersales_service.group_team_leader'):
        """Return the person for whom the user acts, as superuser: himself, or another if he leads.

        :param company: res.company of the document.
        :param employee: hr.employee meant; the user's own unless given.
        :param str group: who may record for somebody else (a technician without a login, a forgotten phone).
        :rtype: recordset of hr.employee
        :raise UserError: WRK-01 the user is nobody's employee, WRK-02 he may not act for that person.
        """
        if employee and self.env.su:
            return employee
        own = self.sudo().search([('user_id', '=', self.env.uid), ('company_id', '=', company.id)], limit=1)
        if not employee:
            if not own:
                raise coded_error(
                    'WRK-01',
                    self.env._(
                        "No employee of %(company)s belongs to the user %(user)s. Set the user on the employee.",
                        company=company.name,
                        user=self.env.user.name,
                    ),
                )
            return own
        person = employee.sudo()
        if person == own:
            return person
        if person.company_id != company or not (group and self.env.user.has_group(group)):
            raise coded_error(
                'WRK-02',
                self.env._(
                    "You record only for yourself. Ask a team leader to record it for %(employee)s.",
                    employee=person.name,
                ),
            )
        return person

    def _aftersales_lock_clock_sudo(self):
        """Let clock changes of a person wait for each other until the transaction ends.

        The row is updated, not only locked: a transaction that waited then gets a serialization failure and is
        retried by Odoo with the other's clock in sight, so that no overlap slips between two snapshots.
        Sudo: plain SQL on a row that the verb has already allowed to be used.
        """
        if self.ids:
            self.env.cr.execute(
                SQL(
                    "UPDATE hr_employee SET write_date = write_date WHERE id IN "
                    "(SELECT id FROM hr_employee WHERE id IN %s ORDER BY id FOR NO KEY UPDATE)",
                    tuple(self.ids),
                )
            )
