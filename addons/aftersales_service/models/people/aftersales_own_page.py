from odoo import api, fields, models


class AftersalesOwnPage(models.AbstractModel):
    """What an employee sees of himself on his own page: records, rules to sign, sheets, what the month brings.

    It reads as superuser, because he may have a portal login or none of our roles, or may have left. Every search names the
    employees that the login is; nothing is found by its id alone, and what is kept from him is not found at all.
    """

    _name = 'aftersales.own.page'
    _description = "Own page of an employee"

    # === FINDING === #

    @api.model
    def _records_sudo(self, record_id=None):
        """Return the conduct records about the user that he was told of.

        :param int record_id: this one only; empty where it is not his.
        """
        return self._own_sudo('aftersales.conduct.record', [('is_disclosed', '=', True)], record_id)

    @api.model
    def _sheets_sudo(self, sheet_id=None):
        """Return the user's approved assessment sheets."""
        return self._own_sudo('aftersales.assessment', [('state', '=', 'approved')], sheet_id)

    @api.model
    def _months_sudo(self, person_id=None):
        """Return what the months shown or handed over bring to the user (aftersales.payroll.person)."""
        return self._own_sudo('aftersales.payroll.person', [('state', 'in', ('preview', 'locked'))], person_id)

    @api.model
    def _books_sudo(self, book_id=None):
        """Return the rule books in force where the user works, and those he signed for."""
        mine = self.env['hr.employee']._aftersales_mine_sudo()
        return self.env['aftersales.conduct.rulebook'].sudo().search([
            *([('id', '=', book_id)] if book_id is not None else []),
            '|', '&', ('state', '=', 'published'), ('company_id', 'in', mine.filtered('active').company_id.ids),
            ('receipt_ids.employee_id', 'in', mine.ids),
        ])

    @api.model
    def _own_sudo(self, model, domain, record_id):
        mine = self.env['hr.employee']._aftersales_mine_sudo()
        return self.env[model].sudo().search([
            ('employee_id', 'in', mine.ids), *domain, *([('id', '=', record_id)] if record_id is not None else []),
        ])

    @api.model
    def _receipt_sudo(self, book):
        """Return the user's receipt of a version, empty while he has not signed."""
        return book.receipt_ids.filtered(
            lambda receipt: receipt.employee_id in self.env['hr.employee']._aftersales_mine_sudo())[:1]

    @api.model
    def _signer_sudo(self, book):
        """Return the employee of the user who may still sign for a version; empty where there is nothing to sign."""
        mine = self.env['hr.employee']._aftersales_mine_sudo().filtered('active')
        if book.state != 'published' or self._receipt_sudo(book):
            return mine.browse()
        return mine.filtered(lambda employee: employee.company_id == book.company_id)[:1]

    # === SHOWING === #

    @api.model
    def _values_sudo(self):
        """Return all that the page shows.

        :return: employees, todo (see `_todo_sudo`), records, books, sheets, months.
        :rtype: dict
        """
        values = {
            'employees': self.env['hr.employee']._aftersales_mine_sudo(),
            'records': self._records_sudo(),
            'books': self._books_sudo(),
            'sheets': self._sheets_sudo(),
            'months': self._months_sudo(),
        }
        return values | {'todo': self._todo_sudo(values)}

    @api.model
    def _todo_sudo(self, values):
        """Return what waits for the person, the most urgent first.

        :rtype: list[dict]  # title, text, url, clock
        """
        _, todo = self.env._, []
        labels = {
            'statement': _("State your view"), 'acknowledge': _("Read and acknowledge"), 'object': _("You may object"),
        }
        for record in values['records']:
            for step, until in record._own_steps().items():
                todo.append({
                    'title': labels[step], 'text': record.display_name, 'url': f'/my/aftersales/conduct/{record.id}',
                    'clock': self._clock(record.company_id, until), 'is_optional': step == 'object',
                })
        for book in values['books'].filtered(self._signer_sudo):
            todo.append({
                'title': _("Read and sign the rules"), 'text': book.display_name, 'url': f'/my/aftersales/rules/{book.id}',
                'clock': False, 'is_optional': False,
            })
        for sheet in values['sheets'].filtered(lambda sheet: not sheet.seen_at):
            todo.append({
                'title': _("Read and sign your assessment"), 'text': f'{sheet.month:%Y-%m}',
                'url': f'/my/aftersales/assessments/{sheet.id}', 'clock': False, 'is_optional': False,
            })
        for person in values['months'].filtered(lambda person: person.state == 'preview'):
            todo.append({
                'title': _("Check what this month brings"), 'text': f'{person.batch_id.month:%Y-%m}',
                'url': f'/my/aftersales/pay/{person.id}', 'clock': self._clock(person.company_id, person.batch_id.lock_from),
                'is_optional': False,
            })
        return sorted(todo, key=lambda item: (
            item['is_optional'], item['clock']['until'] if item['clock'] else fields.Date.to_date('9999-12-31')))

    @api.model
    def _clock(self, company, until):
        """Return how long it is to the end of a day, as a clock to show.

        :param until: last day, or False.
        :return: False, or {'until': date, 'left': str, 'level': danger | warning | info | secondary}.
        """
        if not until:
            return False
        _ = self.env._
        seconds = (company._aftersales_day_bounds(until)[1] - fields.Datetime.now()).total_seconds()
        days, hours = divmod(max(0, int(seconds // 3600)), 24)
        if seconds <= 0:
            left, level = _("The time is over"), 'secondary'
        elif days:
            left, level = _("%(days)s d %(hours)s h left", days=days, hours=hours), 'warning' if days < 2 else 'info'
        elif hours:
            left, level = _("%(hours)s h left", hours=hours), 'danger'
        else:
            left, level = _("%(minutes)s min left", minutes=int(seconds // 60)), 'danger'
        return {'until': until, 'left': left, 'level': level}
