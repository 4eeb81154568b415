import io
from datetime import timedelta

import openpyxl

from ..parts.count_common import CountFactory
from .test_assessment import AssessmentCase


class TestAutomaticCriteria(AssessmentCase):
    """R-ASM-25, R-RP-14: targets of a position score themselves from the month's facts; the figures leave in a workbook."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.env['hr.job'].create({'name': "Mechanic", 'company_id': cls.company.id})
        cls.person.sudo().job_id = cls.job
        cls.hours, cls.late = cls.env['aftersales.assessment.criterion'].create([
            {'name': "Hours of the month", 'company_id': cls.company.id, 'group': 'target', 'source': 'clocked_hours',
             'target': 8, 'job_ids': [(6, 0, cls.job.ids)]},
            {'name': "On time", 'company_id': cls.company.id, 'group': 'target', 'source': 'late_count', 'target': 0,
             'less_is_better': True, 'points_off': 15},
        ])

    def _work(self, person, hours, begin=9):
        order = self._make_order(labour=[self._make_labour_item()])
        start = self.company._aftersales_moment(self.month) + timedelta(hours=begin)
        operation = self.env['aftersales.operation'].sudo()._guarded().create({
            'order_id': order.id, 'job_id': order.job_ids[:1].id, 'name': "Work", 'kind': 'work'})
        self.env['aftersales.labour.time']._guarded().create({
            'employee_id': person.id, 'operation_id': operation.id, 'start': start, 'stop': start + timedelta(hours=hours)})

    def test_target_of_a_position(self):
        """6 of 8 hours are 75 points; asked of the position only; nobody scores it by hand."""
        self._work(self.person, 6)
        sheets = self._sheet(self.person | self.stranger)
        mine, other = sheets
        line = mine.line_ids.filtered(lambda line: line.criterion_id == self.hours)
        self.assertEqual((line.fact, line.score, line.is_scored, line.is_automatic), (6.0, 75.0, True, True))
        self.assertFalse(other.line_ids.filtered(lambda line: line.criterion_id == self.hours), "another position")
        with self.assertBlocked('PPL-70'):
            line.with_user(self.leader_user).score = 100
        line.with_user(self.leader_user).comment = "Two days of training"
        self._work(self.person, 1, begin=16)
        self._set_gate('assessment_complete', 'off')
        mine.with_user(self.leader_user)._compile()
        self.assertEqual((line.fact, line.score), (7.0, 87.5), "facts are read again when the sheet is signed")

    def test_without_the_fact_the_superior_scores(self):
        sheet = self._sheet()
        line = sheet.line_ids.filtered(lambda line: line.criterion_id == self.hours)
        self.assertEqual((line.is_automatic, line.is_scored), (False, False), "no hour was clocked: no zero by machine")
        line.with_user(self.leader_user).score = 60
        self.assertTrue(line.is_scored)

    def test_less_is_better(self):
        """Two late arrivals at 15 points each leave 70."""
        days, day = [], self.month if self.today.day > 8 else (self.month - timedelta(days=1)).replace(day=1)
        month = day
        while len(days) < 3:
            if day.weekday() < 5:
                days.append(day)
            day += timedelta(days=1)
        for day, hour in zip(days, (9, 10, 8), strict=True):
            begin = self.company._aftersales_moment(day) - timedelta(hours=self.company.aftersales_day_start)
            self.env['hr.attendance'].create({
                'employee_id': self.person.id, 'check_in': begin + timedelta(hours=hour), 'check_out': begin + timedelta(hours=17)})
        sheet = self._sheet(month=month)
        line = sheet.line_ids.filtered(lambda line: line.criterion_id == self.late)
        self.assertEqual((line.fact, line.score), (2.0, 70.0))

    def test_figures_for_the_wage_scheme(self):
        """R-RP-14: hours, revenue and score of each person in one workbook."""
        self._work(self.person, 6)
        sheet = self._sheet()
        self._score_rest(sheet, 75)
        _name, contents = sheet._download('results')
        row = next(row for row in self._rows(contents) if "Master Li" in row)
        self.assertIn(6, row, "hours")
        self.assertIn(75, row, "score")
        self.assertIn(0, row, "revenue")

    def _score_rest(self, sheet, score):
        sheet.with_user(self.leader_user).line_ids.filtered(lambda line: not line.is_automatic).write({'score': score})

    def _rows(self, contents):
        return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(contents)).active.iter_rows()]


class TestStoreOrder(CountFactory):
    """R-PART-18: 5S of the store is a criterion of who keeps it, scored by counts and acceptances of the month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_employee("Keeper He", cls.keeper)
        cls.mechanic = cls._make_employee("Master Li", cls._role('technician'))
        cls.hr = cls._role('hr_officer')
        cls.month = cls.company._aftersales_today().replace(day=1)
        # Receipts of the set-up belong to nobody.
        cls.env['aftersales.receipt.check'].search([]).sudo()._guarded().write({'accepted_by_id': False})

    def _store_line(self, *people):
        sheets = self.env['aftersales.assessment'].with_user(self.hr)._make_sheets(
            self.company, self.month, self.env['hr.employee'].union(*(people or (self.person,))))
        return sheets.line_ids.filtered(lambda line: line.criterion_id.code == 'A19')

    def _accept(self, state):
        picking = self._receive(self.pad, 1)
        check = self.env['aftersales.receipt.check'].search([('picking_id', '=', picking.id)])
        check = check or self.env['aftersales.receipt.check']._guarded().create({'picking_id': picking.id, 'company_id': self.company.id})
        check._guarded().write({'state': state, 'accepted_by_id': self.person.id})

    def test_by_hand(self):
        """Three lines counted, one different: 66.67 %; two of two receipts accepted: 100 %; the mean is 83.33."""
        count = self._counted({self.pad: 9, self.oil: 50, self.disc: 4}, counter_id=self.keeper.id)
        self.assertEqual((count.counted_count, count.different_count), (3, 1))
        self._accept('accepted')
        self._accept('accepted')
        line = self._store_line()
        self.assertEqual((line.fact, line.score, line.is_automatic), (83.33, 83.33, True))
        self.assertEqual(line.assessment_id.store_order_percent, 83.33)

    def test_one_of_the_two(self):
        """One accepted, one put away without acceptance: 50; no count in the month."""
        self._accept('accepted')
        self._accept('skipped')
        self.assertEqual(self._store_line().score, 50.0)

    def test_nothing_to_measure_and_who_is_asked(self):
        line = self._store_line(self.person, self.mechanic)
        self.assertEqual((line.assessment_id.employee_id, line.is_automatic, line.is_scored), (self.person, False, False),
                         "keepers only; without counts and receipts the superior scores")
