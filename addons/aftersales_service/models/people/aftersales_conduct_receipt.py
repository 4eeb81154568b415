from odoo import api, fields, models

from ..base.errors import coded_error
from .const import HR_OFFICER


class AftersalesConductReceipt(models.Model):
    """An employee signed for a version of the rule book: from that day it binds him, with money too."""

    _name = 'aftersales.conduct.receipt'
    _description = "Receipt of the rule book"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'signed_on desc, id desc'
    _rec_name = 'employee_id'
    _guarded_fields = frozenset({
        'rulebook_id', 'employee_id', 'signed_on', 'signature', 'means', 'recorded_by_id', 'witness_id',
    })

    rulebook_id = fields.Many2one('aftersales.conduct.rulebook', required=True, readonly=True, ondelete='restrict', index=True)
    company_id = fields.Many2one(related='rulebook_id.company_id', store=True, index=True)
    employee_id = fields.Many2one('hr.employee', required=True, readonly=True, ondelete='restrict', index=True)
    signed_on = fields.Date(required=True, readonly=True)
    means = fields.Selection(
        [('screen', "Signed on screen"), ('paper', "Signed on paper"), ('witness', "Refused, handed over with a witness")],
        required=True, readonly=True, default='screen',
    )
    signature = fields.Image(readonly=True, attachment=True, max_width=1024, max_height=1024)
    witness_id = fields.Many2one('hr.employee', readonly=True, ondelete='restrict')
    recorded_by_id = fields.Many2one('res.users', readonly=True)

    _once = models.UniqueIndex("(rulebook_id, employee_id)", "This employee has signed for this version already.")

    @api.model
    def _sign(self, rulebook, employee, means='screen', signature=None, signed_on=None, witness=None):
        """Record that an employee received a version.

        The employee signs for himself on screen; HR records a paper (with its date) or a service with a witness.

        :raise UserError: PPL-06 not published; PPL-07 somebody else's receipt; PPL-08 signature or witness missing.
        """
        if rulebook.sudo().state != 'published':
            raise coded_error('PPL-06', self.env._("%(book)s is not in force.", book=rulebook.sudo().display_name))
        himself = employee.sudo().user_id == self.env.user
        if means == 'screen':
            if not himself:
                raise coded_error('PPL-07', self.env._("Everybody signs for himself: %(person)s has to log in.", person=employee.name))
            if not signature:
                raise coded_error('PPL-08', self.env._("Sign in the field, then confirm."))
            signed_on = rulebook.sudo().company_id._aftersales_today()
        else:
            if himself or not (self.env.su or self.env.user.has_group(HR_OFFICER)):
                raise coded_error('PPL-07', self.env._("The HR officer records signatures on paper, for others."))
            if means == 'witness' and (not witness or witness == employee):
                raise coded_error('PPL-08', self.env._("Name the witness, another person than %(person)s.", person=employee.name))
        return self._sign_sudo(rulebook, employee, {
            'means': means, 'signature': signature, 'signed_on': signed_on or fields.Date.context_today(self),
            'witness_id': witness.id if witness else False,
        })

    def _sign_sudo(self, rulebook, employee, vals):
        """Write the receipt; sudo: `_sign` checked who signs."""
        receipts = self.sudo()
        rulebook = rulebook.sudo()
        if receipts.search_count([('rulebook_id', '=', rulebook.id), ('employee_id', '=', employee.id)], limit=1):
            raise coded_error('PPL-09', self.env._("%(person)s has signed for this version already.", person=employee.name))
        if vals['signed_on'] < rulebook.published_on or vals['signed_on'] > rulebook.company_id._aftersales_today():
            raise coded_error('PPL-08', self.env._("The day of the signature lies between publication and today."))
        receipt = receipts._guarded().create({
            'rulebook_id': rulebook.id, 'employee_id': employee.id, 'recorded_by_id': self.env.uid, **vals,
        })
        rulebook.activity_ids.filtered(lambda activity: activity.user_id == employee.sudo().user_id).action_done()
        return receipt.with_env(self.env)

    @api.model
    def _covers_sudo(self, employee, company, day):
        """Whether the employee had signed for the version in force on a day, by that day; sudo: yes or no."""
        book = self.env['aftersales.conduct.rulebook'].sudo()._at(company, day)
        return bool(book) and bool(self.sudo().search_count([
            ('rulebook_id', '=', book.id), ('employee_id', '=', employee.id), ('signed_on', '<=', day),
        ], limit=1))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('PPL-10', self.env._("A signed receipt stays on record."))
