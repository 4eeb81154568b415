from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.errors import coded_error


class AftersalesConductRecord(models.Model):
    """Nobody is judged by a rule that came after the act: a penalty takes its rule from the version of that day."""

    _inherit = 'aftersales.conduct.record'

    book_in_force_id = fields.Many2one(
        'aftersales.conduct.rulebook', compute='_compute_book_in_force_id', compute_sudo=True,
        help="The version of the day of the act; for a reward before the first version, today's.")

    @api.depends('act_date', 'company_id', 'kind')
    def _compute_book_in_force_id(self):
        books = self.env['aftersales.conduct.rulebook']
        found = {}
        for record in self:
            company, day, is_reward = record.company_id, record.act_date, record.kind == 'reward'
            key = (company, day, is_reward)
            if key not in found:
                found[key] = (books._at(company, day) if company and day else books) or (
                    books._at(company, company._aftersales_today()) if company and is_reward else books)
            record.book_in_force_id = found[key]

    @api.onchange('act_date', 'kind')
    def _onchange_book_in_force(self):
        """Take the same rule of the version of the other day, where it has one."""
        book = self.book_in_force_id
        if self.rule_id and self.rule_id.rulebook_id != book:
            self.rule_id = book.rule_ids.filtered(
                lambda rule: rule.code == self.rule_id.code and rule.kind == self.kind)[:1]

    def _after_rule_changed(self):
        """Keep the version with the rule; refuse a penalty under one that was not in force on the day of the act.

        :raise ValidationError: PPL-39, where the gate says block.
        """
        for record in self:
            book = record.rule_id.sudo().rulebook_id
            if record.rulebook_id != book:
                record._guarded().write({'rulebook_id': book.id})
            if (
                record.kind == 'penalty' and book != record.book_in_force_id and book.company_id == record.company_id
                and record.company_id._aftersales_gate('conduct_rule_version') in ('block', 'override')
            ):
                raise coded_error('PPL-39', self.env._(
                    "%(book)s was not in force on %(day)s. Choose the rule of the version that was.",
                    book=book.display_name, day=record.act_date), ValidationError)
