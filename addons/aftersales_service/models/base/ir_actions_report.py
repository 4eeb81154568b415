import lxml.html

from odoo import models

ARTICLES = "//main//div[contains(concat(' ', normalize-space(@class), ' '), ' o_aftersales_print ')]"


class IrActionsReport(models.Model):
    _inherit = 'ir.actions.report'

    def get_paperformat(self):
        # Our forms bring their own head: the company's format keeps five centimetres of paper free for one.
        if not self.paperformat_id and (self.report_name or '').startswith('aftersales_service.'):
            return self.env.ref('aftersales_service.paperformat_forms', raise_if_not_found=False) or super().get_paperformat()
        return super().get_paperformat()

    def _prepare_html(self, html, report_model=False):
        """Print several of our forms, or several copies of one, as one document with page breaks.

        Odoo gives each `article` to wkhtmltopdf as a document of its own, which its common builds (unpatched Qt)
        refuse. Ours carry neither header nor footer, so one document with page breaks looks the same everywhere.
        """
        page = html.encode() if isinstance(html, str) else html
        if page.count(b'o_aftersales_print') > 1:
            html = self._aftersales_one_document(page)
        return super()._prepare_html(html, report_model=report_model)

    def _aftersales_one_document(self, html):
        """Return the page with all of our forms inside the first one's article.

        :param bytes html: whole page, UTF-8.
        :rtype: bytes
        """
        root = lxml.html.fromstring(html, parser=lxml.html.HTMLParser(encoding='utf-8'))
        forms = root.xpath(ARTICLES)
        if len(forms) > 1:
            body = lxml.html.Element('div', {'class': 'article'})
            forms[0].addprevious(body)
            for number, form in enumerate(forms):
                form.set('class', form.get('class').replace('article', '').strip())
                if number:
                    form.set('style', f"page-break-before: always; {form.get('style', '')}")
                body.append(form)
        return lxml.html.tostring(root, encoding='utf-8')
