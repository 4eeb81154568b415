from pathlib import Path

from lxml import etree
from lxml import html as lxml_html

from odoo.modules.module import get_module_path

from ..common import AftersalesCommon

REPORTS = Path(get_module_path('aftersales_service')) / 'reports'


class TestPrint(AftersalesCommon):
    """Prints work with every common build of wkhtmltopdf."""

    def test_several_forms_are_one_document(self):
        """R-DOC-01: two copies, or forms of several records, are one document with page breaks, not several."""
        report = self.env['ir.actions.report'].search([('report_name', '=', 'aftersales_service.report_check_in_document')])
        form = '<div class="article o_aftersales_print" style="font-size: 12px">副本 %s</div>'
        page = f"<html><body><main>{form % 1}{form % 2}{form % 3}</main></body></html>"
        bodies, *_rest = report._prepare_html(page.encode(), report_model=report.model)
        self.assertEqual(len(bodies), 1)
        forms = lxml_html.fromstring(str(bodies[0])).xpath("//div[contains(@class, 'o_aftersales_print')]")
        self.assertEqual([node.text for node in forms], ["副本 1", "副本 2", "副本 3"])
        self.assertEqual(['page-break-before' in node.get('style') for node in forms], [False, True, True])
        self.assertIn('font-size: 12px', forms[2].get('style'))

    def test_other_reports_stay_as_they_are(self):
        """R-DOC-01: reports of Odoo and of other add-ons are not touched."""
        report = self.env['ir.actions.report'].search([], limit=1)
        page = b'<html><body><main><div class="article">a</div><div class="article">b</div></main></body></html>'
        self.assertEqual(len(report._prepare_html(page)[0]), 2)

    def test_an_empty_cell_stays_a_cell(self):
        """R-FORM-01, R-FORM-07: a cell that is itself the output vanishes when empty, and the row shifts."""
        for path in sorted(REPORTS.rglob('*.xml')):
            cells = etree.parse(str(path)).xpath('//td[@t-out or @t-esc] | //th[@t-out or @t-esc]')
            self.assertFalse([etree.tostring(cell) for cell in cells], path.name)
