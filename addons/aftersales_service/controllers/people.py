import binascii

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

HOME = '/my/aftersales/conduct'


class AftersalesPeoplePortal(CustomerPortal):
    """An employee's own page, with a portal login or an internal one, on the phone first.

    Whatever is not his own is not found: the same answer for another person's number and for one that does not exist.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'aftersales_own_count' in counters:
            page = request.env['aftersales.own.page']
            values['aftersales_own_count'] = len(page._records_sudo()) + len(page._books_sudo()) + len(page._sheets_sudo())
        return values

    def _own_page(self, template, **values):
        # What a person reads about himself stays out of caches and of the next page's referrer.
        return request.render(f'aftersales_service.{template}', {
            **self._prepare_portal_layout_values(), 'page_name': 'aftersales_own', 'own_home': HOME, **values,
        }, headers={'Cache-Control': 'no-store', 'Referrer-Policy': 'same-origin'})

    # === HOME === #

    @http.route(HOME, type='http', auth='user', website=True, methods=['GET'], sitemap=False)
    def own_home(self, done=None, **kwargs):
        """Show what waits for the person, then all there is about him (R-RP-06, R-RP-07, R-RP-08)."""
        values = request.env['aftersales.own.page']._values_sudo()
        if not values['employees']:
            return request.not_found()
        return self._own_page('own_page_home', done=done, **values)

    # === RECORDS === #

    @http.route(f'{HOME}/<int:record_id>', type='http', auth='user', website=True, methods=['GET'], sitemap=False)
    def own_record(self, record_id, **kwargs):
        record = request.env['aftersales.own.page']._records_sudo(record_id)
        return self._record_page(record) if record else request.not_found()

    def _record_page(self, record, error=None, typed=''):
        page = request.env['aftersales.own.page']
        steps = record._own_steps()
        return self._own_page(
            'own_page_record', record=record, error=error, typed=typed,
            steps={step: page._clock(record.company_id, until) for step, until in steps.items()},
            answer_clock=page._clock(record.company_id, record.answer_until),
            receipt=page._receipt_sudo(record.rulebook_id),
        )

    @http.route(f'{HOME}/<int:record_id>/<string:step>', type='http', auth='user', website=True, methods=['POST'], sitemap=False)
    def own_record_step(self, record_id, step, text='', **kwargs):
        """Take a step of the person concerned: statement, known, disagreed, object."""
        page = request.env['aftersales.own.page']
        found = page._records_sudo(record_id)
        if not found or step not in ('statement', 'known', 'disagreed', 'object'):
            return request.not_found()
        record, text = found.with_env(request.env), text.strip()[:10000]
        try:
            with request.env.cr.savepoint():
                if step == 'statement':
                    record._state_view(text)
                elif step == 'object':
                    record._object(text)
                else:
                    record._acknowledge(step == 'known', text)
        except UserError as error:
            # The words typed on a phone are not lost with a refusal.
            return self._record_page(page._records_sudo(record_id), error.args[0], text)
        return request.redirect(f'{HOME}?done={step}')

    @http.route(f'{HOME}/<int:record_id>/notice', type='http', auth='user', website=True, methods=['GET'], sitemap=False)
    def own_record_notice(self, record_id, **kwargs):
        """Show the written notice as PDF, once the person was told."""
        record = request.env['aftersales.own.page']._records_sudo(record_id)
        if not record.notified_at:
            return request.not_found()
        contents, extension = request.env['ir.actions.report'].sudo()._render(
            'aftersales_service.report_conduct_notice', record.ids)
        return request.make_response(contents, [
            ('Content-Type', 'application/pdf' if extension == 'pdf' else 'text/html; charset=utf-8'),
            ('Content-Disposition', content_disposition(f'{record.name}.{extension}', 'inline')),
            ('Cache-Control', 'no-store'),
        ])

    @http.route(f'{HOME}/<int:record_id>/evidence/<int:attachment_id>', type='http', auth='user', website=True, methods=['GET'],
                sitemap=False)
    def own_record_evidence(self, record_id, attachment_id, **kwargs):
        """Hand out what speaks against the person: he cannot answer what he may not see."""
        record = request.env['aftersales.own.page']._records_sudo(record_id)
        attachment = record.evidence_ids.filtered(lambda item: item.id == attachment_id)
        if not attachment:
            return request.not_found()
        return request.make_response(attachment.raw or b'', [
            ('Content-Type', 'application/octet-stream'),
            ('Content-Disposition', content_disposition(attachment.name)),
            ('X-Content-Type-Options', 'nosniff'),
            ('Cache-Control', 'no-store'),
        ])

    # === RULES === #

    @http.route('/my/aftersales/rules/<int:book_id>', type='http', auth='user', website=True, methods=['GET'], sitemap=False)
    def own_rules(self, book_id, **kwargs):
        page = request.env['aftersales.own.page']
        book = page._books_sudo(book_id)
        if not book:
            return request.not_found()
        return self._own_page('own_page_rules', book=book, receipt=page._receipt_sudo(book), signer=page._signer_sudo(book))

    @http.route('/my/aftersales/rules/<int:book_id>/sign', type='jsonrpc', auth='user', website=True)
    def own_rules_sign(self, book_id, signature=None):
        page = request.env['aftersales.own.page']
        book = page._books_sudo(book_id)
        signer = page._signer_sudo(book)
        if not signer:
            return {'error': request.env._("There is nothing to sign.")}
        receipts = request.env['aftersales.conduct.receipt']
        return self._signed(lambda: receipts._sign(
            book.with_env(request.env), signer.with_env(request.env), signature=signature), 'rules')

    # === ASSESSMENTS === #

    @http.route('/my/aftersales/assessments/<int:sheet_id>', type='http', auth='user', website=True, methods=['GET'], sitemap=False)
    def own_sheet(self, sheet_id, **kwargs):
        sheet = request.env['aftersales.own.page']._sheets_sudo(sheet_id)
        return self._own_page('own_page_sheet', sheet=sheet) if sheet else request.not_found()

    @http.route('/my/aftersales/assessments/<int:sheet_id>/sign', type='jsonrpc', auth='user', website=True)
    def own_sheet_sign(self, sheet_id, signature=None, agreed=True, note=''):
        sheet = request.env['aftersales.own.page']._sheets_sudo(sheet_id)
        if not sheet:
            return {'error': request.env._("There is nothing to sign.")}
        return self._signed(lambda: sheet.with_env(request.env)._see(signature, bool(agreed), str(note or '')[:10000]), 'sheet')

    # === PAY === #

    @http.route('/my/aftersales/pay/<int:person_id>', type='http', auth='user', website=True, methods=['GET'], sitemap=False)
    def own_pay(self, person_id, **kwargs):
        page = request.env['aftersales.own.page']
        person = page._months_sudo(person_id)
        return self._pay_page(person) if person else request.not_found()

    def _pay_page(self, person, error=None, typed=''):
        batch = person.batch_id
        return self._own_page(
            'own_page_pay', person=person, batch=batch, error=error, typed=typed,
            clock=person.state == 'preview' and request.env['aftersales.own.page']._clock(batch.company_id, batch.lock_from))

    @http.route('/my/aftersales/pay/<int:person_id>/say', type='http', auth='user', website=True, methods=['POST'], sitemap=False)
    def own_pay_say(self, person_id, text='', **kwargs):
        """Tell HR what is wrong with the lines, while they are shown."""
        page = request.env['aftersales.own.page']
        person = page._months_sudo(person_id)
        if not person:
            return request.not_found()
        text = text.strip()[:10000]
        try:
            with request.env.cr.savepoint():
                person.with_env(request.env)._say(text)
        except UserError as error:
            return self._pay_page(page._months_sudo(person_id), error.args[0], text)
        return request.redirect(f'{HOME}?done=say')

    def _signed(self, sign, done):
        """Sign, and answer what the signature form on the page understands."""
        try:
            with request.env.cr.savepoint():
                sign()
        except (TypeError, ValueError, binascii.Error):
            return {'error': request.env._("The signature could not be read. Please sign again.")}
        except UserError as error:
            return {'error': error.args[0]}
        return {'redirect': f'{HOME}?done={done}'}
