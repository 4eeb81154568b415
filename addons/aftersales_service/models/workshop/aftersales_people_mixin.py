from odoo import api, models


class AftersalesPeopleMixin(models.AbstractModel):
    """Lets people name colleagues in many2many fields of employees without being HR officers.

    Core lets everybody read employees through their public face and link one, but checks the right to read
    `hr.employee` itself when several are linked. Who may write the document may name people on it.
    """

    _name = 'aftersales.people.mixin'
    _description = "Documents that name people"

    # Names of many2many fields to hr.employee.
    _people_fields = ()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        people = [
            {name: vals.pop(name) for name in self._people_fields if name in vals} for vals in map(dict, vals_list)
        ]
        records = super().create(
            [{name: value for name, value in vals.items() if name not in self._people_fields} for vals in vals_list]
        )
        for record, named in zip(records, people, strict=True):
            if named:
                record._name_people_sudo(named)
        return records

    def write(self, vals):
        named = {name: vals[name] for name in self._people_fields if name in vals}
        if self.env.su or not named:
            return super().write(vals)
        self.check_access('write')
        result = super().write({name: value for name, value in vals.items() if name not in named})
        self._name_people_sudo(named)
        return result

    # === BUSINESS METHODS === #

    def _name_people_sudo(self, vals):
        """Write who is named; sudo: creating or writing the record was allowed."""
        self.sudo().write(vals)
