from odoo import fields, models

from ..base.errors import coded_error


class AftersalesRepairOrder(models.Model):
    """The authorisation side of an order: estimates issued, consents recorded, prices changed with a reason."""

    _inherit = 'aftersales.repair.order'

    # === ESTIMATES === #

    def _issue_estimate(self, jobs=None):
        """Freeze what is offered now as the next estimate version.

        :param jobs: the jobs to offer; default all open ones somebody pays: who is undecided is not asked. After the
            first signature only the jobs not yet approved are offered, as additional work.
        :rtype: recordset of aftersales.estimate
        """
        self.ensure_one()
        self._ensure_editable()
        self._ensure_no_blockers('quoted')
        first = not self.estimate_ids.filtered(lambda estimate: estimate.state == 'signed')
        if jobs is None:
            jobs = self._open_jobs().filtered('share_ids') or self._open_jobs()
            if not first:
                jobs = jobs.filtered(lambda job: not job.is_approved)
        if not jobs:
            raise coded_error('REP-40', self.env._("%(order)s has nothing to offer. Add a job first.", order=self.name))
        open_versions = self.estimate_ids.filtered(lambda estimate: estimate.state == 'issued')
        open_versions._guarded().write({'state': 'superseded'})
        version = max(self.estimate_ids.mapped('version'), default=0) + 1
        estimate = self.env['aftersales.estimate']._guarded().create(self._prepare_estimate_vals(jobs, version, first))
        self.env['aftersales.consent']._guarded().create(
            [
                {
                    'order_id': self.id,
                    'job_id': job.id,
                    'payer_id': share.payer_id.id,
                    'estimate_id': estimate.id,
                    'state': 'quoted',
                    'amount': share.amount_total,
                    'fingerprint': fingerprint,
                    'user_id': self.env.uid,
                }
                for job, fingerprint in jobs._fingerprints().items()
                for share in job.share_ids
                if not job.is_approved
            ]
        )
        self._advance()
        return estimate.with_env(self.env)

    def _prepare_estimate_vals(self, jobs, version, first):
        """Return the values of an estimate version: a copy of the jobs' lines.

        :param jobs: offered jobs.
        :param int version: number of the version on this order.
        :param bool first: False when it offers additional work.
        """
        self.ensure_one()
        lines = jobs.line_ids
        totals = jobs._amounts_by_kind()
        billable = lines.filtered('is_billable')
        untaxed, total = sum(billable.mapped('price_subtotal')), sum(billable.mapped('price_total'))
        origins = dict(jobs._fields['origin']._description_selection(self.env))
        suppliers = dict(lines._fields['supplied_by']._description_selection(self.env))
        grades = dict(lines._fields['grade']._description_selection(self.env))
        rows, sequence = [], 0
        for job in jobs:
            payers = ', '.join(job.share_ids.payer_id.mapped('display_name'))
            sequence += 1
            rows.append(
                {
                    'job_id': job.id,
                    'sequence': sequence,
                    'kind': 'job',
                    'job_name': job.name,
                    'name': job.name,
                    'origin': origins[job.origin],
                    'payer_name': payers,
                    'amount': job.amount_total,
                    'is_price_open': job.is_price_open,
                    'extra_hours': job.extra_hours,
                }
            )
            for line in job.line_ids:
                sequence += 1
                rows.append(
                    {
                        'job_id': job.id,
                        'sequence': sequence,
                        'kind': line.kind,
                        'job_name': job.name,
                        'name': line.name,
                        'quantity': line.quantity,
                        'uom_name': line.product_uom_id.name,
                        'price_unit': line.price_unit,
                        'discount': line.discount,
                        'amount': line.price_total,
                        'payer_name': payers,
                        'has_disclaimer': line.has_disclaimer,
                        'supplied_by': suppliers[line.supplied_by],
                        'grade': grades.get(line.grade),
                    }
                )
        return {
            'order_id': self.id,
            'name': f'{self.name}/V{version}',
            'version': version,
            'kind': 'full' if first else 'additional',
            'state': 'issued',
            'issued_at': fields.Datetime.now(),
            'issued_by_id': self.env.uid,
            'promised_at': self.promised_at,
            'odometer': self.odometer,
            'estimate_method': self.estimate_method,
            'amount_labour': totals['labour'],
            'amount_parts': totals['part'],
            'amount_other': total - totals['labour'] - totals['part'],
            'amount_untaxed': untaxed,
            'amount_tax': total - untaxed,
            'amount_total': total,
            'line_ids': [fields.Command.create(row) for row in rows],
        }

    # === CONSENTS === #

    def _record_consent(
        self,
        jobs,
        decision,
        means,
        payer=None,
        name=None,
        phone=None,
        second_user=None,
        listener=None,
        note=None,
        estimate=None,
    ):
        """Record the answer of a payer to jobs.

        Without `payer` the customer answers; who does not stand at the desk (manufacturer, department, goodwill)
        is taken along by rule, because his approval of the amount is a fact of the settlement.

        :param jobs: jobs of this order.
        :param str decision: approved or declined.
        :param str means: see `aftersales.consent.means`.
        :param payer: one payer; default the customer and those taken along.
        :param second_user: the person who heard a phone consent too.
        :param listener: hr.employee of the workshop who was told of a refusal (R-PROC-63).
        """
        self.ensure_one()
        self._ensure_editable()
        if jobs.order_id != self:
            raise coded_error('REP-41', self.env._("The jobs do not belong to %(order)s.", order=self.name))
        undecided = jobs.filtered(lambda job: not job.share_ids)
        if undecided and decision == 'approved':
            raise coded_error(
                'REP-42', self.env._("Decide who pays “%(job)s” before a consent is recorded.", job=undecided[0].name)
            )
        if means in ('phone', 'message') and decision == 'approved':
            self._ensure_phone_consent(jobs, name, phone, second_user)
        if second_user and second_user == self.env.user:
            raise coded_error('REP-43', self.env._("The second person must be somebody else than you."))
        vals_list = []
        for job, fingerprint in jobs._fingerprints().items():
            for share in job.share_ids:
                if payer and share.payer_id != payer:
                    continue
                by_rule = not payer and share.payer_id.kind != 'customer' and len(job.share_ids.payer_id) > 1
                vals_list.append(
                    {
                        'order_id': self.id,
                        'job_id': job.id,
                        'payer_id': share.payer_id.id,
                        'estimate_id': estimate.id if estimate else False,
                        'state': decision,
                        'amount': share.amount_total,
                        'fingerprint': fingerprint,
                        'means': 'system' if by_rule else means,
                        'decided_at': fields.Datetime.now(),
                        'decided_by': name or share.payer_id.partner_id.name,
                        'phone': phone,
                        'user_id': self.env.uid,
                        'second_user_id': second_user.id if second_user else False,
                        'listener_id': listener.id if listener else False,
                        'note': note,
                    }
                )
        self.env['aftersales.consent']._guarded().create(vals_list)
        if decision == 'declined':
            jobs._guarded().write(
                {
                    'outcome': 'declined',
                    'outcome_at': fields.Datetime.now(),
                    'outcome_listener_id': listener.id if listener else False,
                }
            )
        self._advance()

    def _ensure_phone_consent(self, jobs, name, phone, second_user):
        """A consent by phone names the person, the number and, as the profile asks, a second listener."""
        if not name or not phone:
            raise coded_error('REP-44', self.env._("A consent by phone needs the person's name and the number called."))
        level = self.profile_id._gate('phone_second_person')
        amount = sum(jobs.share_ids.filtered(lambda share: share.payer_id.kind == 'customer').mapped('amount_total'))
        needed = amount > self.company_id.aftersales_phone_consent_limit or any(job.origin == 'safety' for job in jobs)
        if level in ('block', 'override') and needed and not second_user:
            raise coded_error(
                'REP-45',
                self.env._(
                    "A second person must hear a consent by phone of %(amount)s. Name the colleague who listened.",
                    amount=self.currency_id.format(amount),
                ),
            )

    def _sign_phone_consents(self, name, signature):
        """Let the customer sign at pick-up what he had agreed to by phone (R-PROC-64).

        :param str name: who signs.
        :param bytes signature: image in base64.
        """
        self.ensure_one()
        pending = self._unsigned_phone_consents()
        if not signature or not (name or '').strip():
            raise coded_error('REP-34', self.env._("The signature is empty. Sign in the box."))
        attachment = self.env['ir.attachment'].create(
            {
                'name': self.env._("Pick-up signature of %(name)s.png", name=name),
                'datas': signature,
                'res_model': self._name,
                'res_id': self.id,
                'mimetype': 'image/png',
            }
        )
        pending._guarded().write({'signed_later_at': fields.Datetime.now()})
        self.message_post(
            body=self.env._("Consents by phone signed at pick-up by %(name)s.", name=name),
            attachment_ids=attachment.ids,
        )

    def _unsigned_phone_consents(self):
        """Return the consents given by phone or message that nobody has signed yet."""
        return self.consent_ids.filtered(
            lambda consent: (
                consent.state == 'approved' and consent.means in ('phone', 'message') and not consent.signed_later_at
            )
        )

    # === PRICES === #

    def _change_price(self, lines, price=None, discount=None, hours=None, reason=None):
        """Depart from the catalogue, with the right to do so and a reason (R-PERM-02, R-PERM-03, R-PERM-10).

        :param lines: lines of this order.
        :param float price: new unit price in the price basis of the company.
        :param float discount: percent off.
        :param float hours: billed hours of labour.
        :param reason: `aftersales.reason` of kind price or discount.
        """
        self.ensure_one()
        lines._ensure_editable()
        if not reason:
            raise coded_error('REP-50', self.env._("A changed price needs a reason."))
        if any(value is not None and value < 0 for value in (price, discount, hours)) or (discount or 0) > 100:
            raise coded_error(
                'REP-51',
                self.env._("A price, a discount or hours cannot be negative, and a discount is at most 100 %."),
            )
        for line in lines:
            self._ensure_can_change_price(line, price, discount, hours)
            vals = {'price_reason_id': reason.id, 'price_changed_by_id': self.env.uid}
            if price is not None:
                vals.update(has_manual_price=True, manual_price_unit=price)
            if discount is not None:
                vals['discount'] = discount
            if hours is not None:
                vals['quantity'] = hours
            before = line.price_total
            line._guarded().write(vals)
            self.message_post(
                body=self.env._(
                    "Price of “%(line)s” changed from %(before)s to %(after)s: %(reason)s",
                    line=line.name,
                    before=self.currency_id.format(before),
                    after=self.currency_id.format(line.price_total),
                    reason=reason.name,
                )
            )
        self._advance()

    def _ensure_can_change_price(self, line, price, discount, hours):
        """Refuse what exceeds the user's right: upwards nobody but the gate decides, downwards by percent."""
        listed = line.list_price_unit * (line.book_hours if line.kind == 'labour' else line.quantity)
        unit = line.price_unit if price is None else price
        quantity = line.quantity if hours is None else hours
        new = unit * quantity * (1 - (line.discount if discount is None else discount) / 100)
        if self.currency_id.compare_amounts(new, listed) > 0:
            if self.profile_id._gate('price_upward') in ('block', 'override') and not (
                self.profile_id._gate('price_upward') == 'override'
                and self.env.user.has_group('aftersales_service.group_service_manager')
            ):
                raise coded_error(
                    'REP-52',
                    self.env._(
                        "“%(line)s” cannot cost more than the catalogue: correct the catalogue or the price list.",
                        line=line.name,
                    ),
                )
            return
        percent = (1 - new / listed) * 100 if listed else 0.0
        limit = self.company_id.aftersales_discount_limit_pct
        supervisor_limit = self.company_id.aftersales_supervisor_discount_limit_pct
        user = self.env.user
        if percent > limit + 1e-9 and not user.has_group('aftersales_service.group_frontdesk_supervisor'):
            raise coded_error(
                'REP-53',
                self.env._(
                    "%(percent).1f %% off “%(line)s” exceeds your limit of %(limit)s %%. Ask a front-desk supervisor.",
                    percent=percent,
                    line=line.name,
                    limit=limit,
                ),
            )
        if percent > supervisor_limit + 1e-9 and not user.has_group('aftersales_service.group_service_manager'):
            raise coded_error(
                'REP-54',
                self.env._(
                    "%(percent).1f %% off “%(line)s” exceeds the supervisor's limit of %(limit)s %%. Ask the service manager.",
                    percent=percent,
                    line=line.name,
                    limit=supervisor_limit,
                ),
            )
