from odoo.tests import tagged

from ..people.test_own_page import HOME, OwnPageCase


@tagged('is_tour')
class TestOwnPageTours(OwnPageCase):
    """The employee's own page in a browser, on a portal login: R-RP-11, R-RP-15, R-ASM-24."""

    browser_size = '390x844'
    touch_enabled = True

    def test_statement(self):
        """R-RP-11: from the clock to the statement."""
        record = self._case(self.portal)
        self.start_tour(HOME, 'aftersales_own_statement', login='own_portal')
        self.assertEqual(record.statement, "The bus was late.")

    def test_rules(self):
        """R-RP-15: the rules are signed for by drawing."""
        draft = self.rulebook.copy()
        draft.write({'adopted_on': self.today, 'published_on': self.today})
        draft._publish()
        self.start_tour(HOME, 'aftersales_own_rules', login='own_portal')
        self.assertEqual(draft.receipt_ids.employee_id, self.portal)
        self.assertTrue(draft.receipt_ids.signature)

    def test_sheet(self):
        """R-ASM-24: not agreed, with a note and a signature."""
        sheet = self._approved_sheet(self.portal)
        self.start_tour(HOME, 'aftersales_own_sheet', login='own_portal')
        self.assertEqual((sheet.seen_agreed, sheet.seen_note), ('disagreed', "The rework was not mine."))
        self.assertTrue(sheet.seen_signature)
