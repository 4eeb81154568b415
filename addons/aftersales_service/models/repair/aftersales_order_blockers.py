from base64 import b64decode

from odoo import models

DEFAULT_REQUIRED = (
    ('aftersales.repair.order', 'partner_id'),
    ('res.partner', 'phone'),
    ('aftersales.vehicle', 'license_plate'),
    ('aftersales.vehicle', 'vin'),
    ('aftersales.vehicle', 'model_id'),
    ('aftersales.repair.order', 'odometer'),
)


class AftersalesRepairOrder(models.Model):
    """Why an order cannot go on yet, as far as document and authorisation are concerned."""

    _inherit = 'aftersales.repair.order'

    def _blockers(self, target):
        """Collect every reason that keeps orders from a target; each room adds its own through super().

        :param str target: quoted, authorised, in_progress, start, issue, inspecting, ready, settled, released, closed,
            cancelled.
        :rtype: dict  `{order: [Blocker]}`
        """
        found = super()._blockers(target)
        for order in self:
            reasons = found[order]
            if target == 'quoted':
                reasons += order._estimate_blockers()
            elif target == 'in_progress':
                reasons += (
                    order._data_blockers()
                    + order._signature_blockers()
                    + order._review_blockers()
                    + order._promise_blockers()
                )
            elif target == 'diagnosing':
                reasons += order._diagnosis_blockers()
            elif target == 'settled':
                reasons += order._settlement_blockers()
            elif target == 'released':
                reasons += order._handover_blockers()
        return found

    def _estimate_blockers(self):
        """An estimate by symptom carries its risk, a fixed price its caveat (R-PROC-36, R-PROC-37)."""
        self.ensure_one()
        reasons = []
        if self.estimate_method == 'symptom' and not self.risk_surcharge_reason and not self._has_risk_surcharge():
            reasons.append(
                self._blocker(
                    'estimate_caveat',
                    'REP-80',
                    self.env._(
                        "An estimate by symptom needs a risk surcharge line, or the reason why there is none.",
                    ),
                    self._cure_open(self.env._("Open the order")),
                )
            )
        if self.estimate_method == 'item' and not self.caveat_explained:
            reasons.append(
                self._blocker(
                    'estimate_caveat',
                    'REP-81',
                    self.env._(
                        "A fixed item price does not always assure the result: tick that the customer was told.",
                    ),
                    self._cure_open(self.env._("Open the order")),
                )
            )
        return [reason for reason in reasons if reason]

    def _has_risk_surcharge(self):
        product = self.company_id.aftersales_risk_product_id
        return bool(product and self.line_ids.filtered(lambda line: line.product_id == product))

    def _missing_data(self):
        """Return the labels of mandatory fields that are empty, per the profile (R-PROC-24).

        :rtype: list[str]
        """
        self.ensure_one()
        fields_wanted = [
            (field.model, field.name) for field in self.profile_id.sudo().required_field_ids
        ] or DEFAULT_REQUIRED
        sources = {
            'aftersales.repair.order': self,
            'aftersales.vehicle': self.vehicle_id,
            'res.partner': self.partner_id,
        }
        missing = []
        for model, name in fields_wanted:
            record = sources[model].sudo()
            if name == 'odometer' and self.visit_id.odometer_unreadable:
                continue
            if not record or not record[name]:
                missing.append(record._fields[name]._description_string(self.env))
        # A plate or a VIN identifies the car; new cars have no plate yet.
        labels = {
            self.env['aftersales.vehicle']._fields[name]._description_string(self.env)
            for name in ('license_plate', 'vin')
        }
        if labels & set(missing) and not labels <= set(missing):
            missing = [label for label in missing if label not in labels]
        return missing

    def _data_blockers(self):
        self.ensure_one()
        missing = self._missing_data()
        if not missing:
            return []
        reason = self._blocker(
            'mandatory_data',
            'REP-82',
            self.env._("Missing data: %(fields)s.", fields=', '.join(missing)),
            self._cure_open(self.env._("Fill in")),
        )
        return [reason] if reason else []

    def _signature_blockers(self):
        """Nobody works on what was not signed or recorded (R-PROC-47, R-PROC-48, R-PROC-39)."""
        self.ensure_one()
        reasons = []
        answered = self.consent_ids.filtered(
            lambda consent: consent.state == 'approved' and consent.job_id.outcome == 'open'
        )
        if not any(job.is_approved for job in self._open_jobs()):
            reasons.append(
                self._blocker(
                    'customer_signature',
                    'REP-83',
                    self.env._("No job is approved yet: let the customer sign, or record his consent."),
                    self._cure_sign(),
                )
            )
        signed = self.estimate_ids.filtered(lambda estimate: estimate.state == 'signed')
        if self.estimate_ids.filtered(lambda estimate: estimate.state == 'refused') and not signed:
            reasons.append(
                self._blocker(
                    'customer_signature',
                    'REP-84',
                    self.env._("The customer refused to sign: work does not start."),
                    self._cure_sign(),
                )
            )
        if signed and not all(
            estimate.agree_content and estimate.agree_price and estimate.agree_time
            for estimate in signed.sorted('version')[:1]
        ):
            reasons.append(
                self._blocker(
                    'agreement_ticks',
                    'REP-85',
                    self.env._("Content, price and time were not all ticked by the customer."),
                    self._cure_sign(),
                )
            )
        if (
            self.line_ids.filtered(lambda line: line.has_disclaimer and line.job_id.outcome == 'open')
            and not signed
            and not answered.filtered(lambda consent: consent.means in ('signature', 'portal', 'paper'))
        ):
            reasons.append(
                self._blocker(
                    'disclaimer_signed',
                    'REP-86',
                    self.env._("The disclaimer for the customer's own or aftermarket part is not signed."),
                    self._cure_sign(),
                )
            )
        if self._open_jobs() and not self.promised_at:
            reasons.append(
                self._blocker(
                    'promise_given',
                    'REP-87',
                    self.env._("No finishing time was promised."),
                    self._cure_open(self.env._("Set the time")),
                )
            )
        return [reason for reason in reasons if reason]

    def _diagnosis_blockers(self):
        """A diagnosis that costs money is agreed first (R-PROC-28)."""
        self.ensure_one()
        jobs = self._open_jobs().filtered(lambda job: job.is_diagnosis and job.amount_total and not job.is_approved)
        if not jobs:
            return []
        reason = self._blocker(
            'diagnosis_consent',
            'REP-89',
            self.env._("The customer has not agreed to the diagnosis fee of “%(job)s”.", job=jobs[0].name),
            self._cure_sign(),
        )
        return [reason] if reason else []

    def _review_blockers(self):
        self.ensure_one()
        if (
            self.reviewed_by_id
            or self.currency_id.compare_amounts(self.amount_total, self.company_id.aftersales_major_job_amount) <= 0
        ):
            return []
        reason = self._blocker(
            'major_review',
            'REP-88',
            self.env._(
                "%(amount)s exceeds the limit of a major job: a front-desk supervisor reviews it first.",
                amount=self.currency_id.format(self.amount_total),
            ),
            self._cure_open(self.env._("Ask for review")),
        )
        return [reason] if reason else []

    def _settlement_blockers(self):
        """What keeps an order from being settled on the document's side: never off, money needs a payer.

        A job whose payer is undecided is left out; its neighbours are settled (R-PROC-31).
        """
        self.ensure_one()
        jobs = self._open_jobs()
        decided = jobs.filtered('share_ids')
        reasons = [
            reason._replace(level='warn') if decided else reason for reason in self._undecided_blockers()
        ]
        for job in decided:
            if job.is_price_open:
                reasons.append(
                    self._blocker(
                        None,
                        'REP-91',
                        self.env._("The price of “%(job)s” is still to be confirmed.", job=job.name),
                        self._cure_open(self.env._("Issue an estimate")),
                    )
                )
            elif job.is_parked:
                reasons.append(
                    self._blocker(
                        None,
                        'REP-92',
                        self.env._(
                            "“%(job)s” is parked: carry it over to a follow-up order, or decline it.", job=job.name
                        ),
                        self._cure_carry_over(),
                    )
                )
            elif not job.is_approved and job.line_ids.filtered(lambda line: line.is_billable and not line.is_handover):
                reasons.append(
                    self._blocker(
                        None,
                        'REP-93',
                        self.env._("“%(job)s” is not approved in its present content.", job=job.name),
                        self._cure_sign(),
                    )
                )
        return reasons

    def _undecided_blockers(self):
        """Jobs nobody pays yet: they are not invoiced, and the car does not leave for good with them open."""
        self.ensure_one()
        return [
            self._blocker(
                None,
                'REP-90',
                self.env._("Who pays “%(job)s” is undecided.", job=job.name),
                self._cure_open(self.env._("Decide")),
            )
            for job in self._open_jobs()
            if not job.share_ids
        ]

    def _handover_blockers(self):
        self.ensure_one()
        reasons = self._undecided_blockers()
        if self._unsigned_phone_consents():
            reasons.append(
                self._blocker(
                    'pickup_signature',
                    'REP-94',
                    self.env._("What was agreed by phone is not signed yet."),
                    self._cure_sign(),
                )
            )
        refused = self._refused_safety_jobs()
        if refused and not self._is_safety_acknowledged():
            reasons.append(
                self._blocker(
                    'safety_refusal',
                    'REP-95',
                    self.env._(
                        "The customer has not acknowledged the warning about: %(jobs)s.",
                        jobs=', '.join(refused.mapped('name')),
                    ),
                    {'label': self.env._("Get the signature"), 'action': self.action_acknowledge_safety()},
                )
            )
        if self.advisor_id and self.advisor_id != self.env.user:
            reasons.append(
                self._blocker(
                    'same_advisor',
                    'REP-96',
                    self.env._("%(advisor)s took the car in and should hand it over.", advisor=self.advisor_id.name),
                )
            )
        return [reason for reason in reasons if reason]

    def _refused_safety_jobs(self):
        """Return the safety items the customer refused."""
        return self.job_ids.filtered(lambda job: job.origin == 'safety' and job.outcome == 'declined')

    def _is_safety_acknowledged(self):
        """Tell whether the customer was warned about what he refused, the latest refusal included."""
        self.ensure_one()
        subtype = self.env.ref('aftersales_service.mt_safety_acknowledged')
        return bool(self.message_ids.filtered(lambda message: message.subtype_id == subtype))

    def _acknowledge_safety(self, name, signature=None):
        """Record that the customer was warned about refused safety items and signed for it (R-PROC-65).

        :param str name: who was warned.
        :param bytes signature: base64 image; none when the printed sheet was signed.
        """
        self.ensure_one()
        self.check_access('write')
        self.message_post(
            body=self.env._(
                "Warning about %(jobs)s acknowledged by %(name)s.",
                jobs=', '.join(self._refused_safety_jobs().mapped('name')),
                name=name,
            ),
            subtype_xmlid='aftersales_service.mt_safety_acknowledged',
            attachments=[(f"{self.env._('Signature')}.png", b64decode(signature))] if signature else None,
        )

    def action_acknowledge_safety(self):
        """Open the dialog of the safety warning."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Safety Warning"),
            'res_model': 'aftersales.warning.wizard',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_order_id': self.id},
        }

    # === CURES === #

    def _cure_open(self, label):
        self.ensure_one()
        return {
            'label': label,
            'action': {
                'type': 'ir.actions.act_window',
                'res_model': self._name,
                'res_id': self.id,
                'views': [(False, 'form')],
                'target': 'current',
            },
        }

    def _cure_sign(self):
        self.ensure_one()
        return {
            'label': self.env._("Get the signature"),
            'action': {
                'type': 'ir.actions.act_window',
                'res_model': 'aftersales.sign.wizard',
                'views': [(False, 'form')],
                'target': 'new',
                'context': {'default_order_id': self.id},
            },
        }

    def _cure_carry_over(self):
        self.ensure_one()
        return {
            'label': self.env._("Carry over"),
            'action': {
                'type': 'ir.actions.act_window',
                'res_model': 'aftersales.carry.over.wizard',
                'views': [(False, 'form')],
                'target': 'new',
                'context': {'default_order_id': self.id},
            },
        }
