from odoo import api, fields, models

from ..base.errors import coded_error
from .aftersales_desk_advisor import NEXT_TARGET


class AftersalesDeskAdvisor(models.AbstractModel):
    """What the advisor does at the car he has chosen: photos, more work, consent, a new time, to the till."""

    _inherit = 'aftersales.desk.advisor'

    # === VERBS OF THE CAR === #

    @api.model
    @api.readonly
    def find_work(self, order_id, term):
        """Return packages and labour items for a typed word; ids begin with p or l.

        :rtype: list[dict]  id, name, amount, hours
        """
        order = self._get_order(order_id)
        company = order.company_id
        packages = self.env['aftersales.package']._for_shop(company, term, limit=6)
        labours = self.env['aftersales.labour.item'].search(
            [
                ('company_id', 'in', (company.id, False)),
                '|',
                ('name', 'ilike', term),
                ('code', 'ilike', term),
            ],
            limit=6,
        )
        return [
            {
                'id': f'p{package.id}',
                'name': package.name,
                'amount': package.total_amount,
                'hours': round(package.book_hours, 2),
            }
            for package in packages
        ] + [
            {
                'id': f'l{item.id}',
                'name': item.name,
                'amount': 0.0,
                'hours': item._book_hours(order.vehicle_id.model_id),
            }
            for item in labours
        ]

    @api.model
    def add_photo(self, order_id, photo, caption=False):
        """Keep a photo with an order: on the open walk-round sheet, else as attachment.

        :param str photo: base64 image.
        """
        order = self._get_order(order_id)
        order.check_access('write')
        sheet = order.visit_id.check_in_ids.filtered(lambda item: item.state == 'draft')[:1]
        if sheet:
            self.env['aftersales.check.in.photo'].create(
                {'check_in_id': sheet.id, 'zone': 'other', 'image': photo, 'name': caption}
            )
        else:
            self._attach(order, [photo])
        return True

    def _attach(self, order, photos):
        self.env['ir.attachment'].create(
            [
                {
                    'name': self.env._("Photo %s", order.name) + '.jpg',
                    'datas': photo,
                    'res_model': order._name,
                    'res_id': order.id,
                    'mimetype': 'image/jpeg',
                }
                for photo in photos
            ]
        )

    @api.model
    def add_work(self, order_id, work=False, words=False, photos=(), safety=False):
        """Add additional work from what was found, and issue its estimate.

        :param work: `p<id>` or plain id of a package, `l<id>` of a labour item; empty: only words, price to be confirmed.
        :return: see `offer`
        """
        order = self._get_order(order_id)
        values = {'origin': 'safety' if safety else 'additional'}
        code = str(work or '')
        if code.startswith('l'):
            item = self.env['aftersales.labour.item'].browse(int(code[1:]))
            job = order._add_job(words or item.name, **values)
            order._add_line(job, kind='labour', labour_item_id=item.id)
        elif code:
            package = self.env['aftersales.package'].browse(int(code.lstrip('p')))
            job = order._apply_package(package)
            job.write({**values, **({'symptom': words} if words else {})})
        elif words:
            job = order._add_job(words, is_price_open=True, **values)
        else:
            raise coded_error('SET-26', self.env._("Choose a package, or write down what the customer wants."))
        self._attach(order, photos)
        return self._offer(order, job)

    @api.model
    def offer(self, order_id):
        """Issue what was not shown yet and return how the customer gets to it.

        :return: {'estimate_id', 'name', 'amount', 'url'} or the dialog that explains what is in the way
        """
        return self._offer(self._get_order(order_id))

    def _offer(self, order, jobs=None):
        if self._stops(order, 'quoted'):
            return order.action_explain('quoted')
        estimate = order._issue_estimate(jobs)
        return {
            'estimate_id': estimate.id,
            'name': estimate.display_name,
            'amount': estimate.amount_total,
            'url': order.get_base_url() + order.get_portal_url(),
        }

    @api.model
    def sign(self, order_id, estimate_id, name, signature):
        """Record the customer's signature on the shop's own screen."""
        estimate = self.env['aftersales.estimate'].browse(estimate_id)
        if estimate.order_id != self._get_order(order_id):
            raise coded_error('SET-28', self.env._("This estimate belongs to another order. Open the car again."))
        estimate._sign(name, signature)
        return True

    @api.model
    def phone_consent(self, order_id, job_ids, decision, name=False, phone=False, second_user_id=False):
        """Record a yes or no by phone: who, which number, who listened.

        :param str decision: approved or declined.
        """
        order = self._get_order(order_id)
        jobs = self.env['aftersales.repair.job'].browse(job_ids)
        unshown = jobs.filtered(lambda job: job.consent_state == 'draft')
        if unshown and decision == 'approved':
            if self._stops(order, 'quoted'):
                return order.action_explain('quoted')
            order._issue_estimate(unshown)
        order._record_consent(
            jobs,
            decision,
            'phone',
            name=name or None,
            phone=phone or None,
            second_user=self.env['res.users'].browse(second_user_id) if second_user_id else None,
        )
        return True

    @api.model
    def decline(self, order_id, job_ids):
        """The customer, standing here, does not want these jobs."""
        self._get_order(order_id)._record_consent(
            self.env['aftersales.repair.job'].browse(job_ids), 'declined', 'paper'
        )
        return True

    @api.model
    def new_time(self, order_id, promised_at):
        """Tell the customer a new time.

        :param str promised_at: UTC, server format.
        """
        self._get_order(order_id)._promise(fields.Datetime.to_datetime(promised_at))
        return True

    @api.model
    def explain(self, order_id, target):
        """Open the dialog with every reason and, where allowed, the override."""
        return self._get_order(order_id).action_explain(target)

    @api.model
    def to_till(self, order_id, old_parts=False):
        """Hand over at the car: the work was explained, the customer goes to the till.

        :return: True, or the dialog that explains why not yet
        """
        order = self._get_order(order_id)
        if order.state != 'ready':
            return order.action_explain(NEXT_TARGET.get(order.state, 'ready'))
        if self._stops(order, 'settled'):
            return order.action_explain('settled')
        order._explain(old_parts=old_parts)
        return True
