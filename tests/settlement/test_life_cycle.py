import traceback
from collections import Counter
from odoo.sql_db import Cursor
from ..common import AftersalesCommon
from ..life_cycle import LifeCycle


class TestLifeCycle(LifeCycle, AftersalesCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_life_cycle()

    def traced(self, task):
        rows = []
        original = Cursor.execute
        def execute(cr, query, params=None, log_exceptions=True):
            stack = [f for f in traceback.extract_stack() if 'test' not in f.filename]
            own = [f'{f.filename.rsplit("/",1)[-1]}:{f.name}:{f.lineno}' for f in stack if 'aftersales_service' in f.filename][-2:]
            last = [f'{f.filename.rsplit("/",1)[-1]}:{f.name}:{f.lineno}' for f in stack if 'aftersales_service' not in f.filename and 'orm/' not in f.filename][-2:-1]
            rows.append((' < '.join(reversed(own)), ' '.join(str(last).split())[:80], ' '.join(str(query).split())[:110]))
            return original(cr, query, params, log_exceptions)
        Cursor.execute = execute
        try:
            task(); self.env.flush_all()
        finally:
            Cursor.execute = original
        return rows

    def test_try(self):
        def make(vehicle):
            return self._make_order(vehicle, parts=[(part, 2) for part in self.shelf[:7]], labour=self.labour_items)
        for n in range(3):
            vehicle = self._make_vehicle()
            self.env.flush_all()
            if n == 1: self.env.invalidate_all()
            rows = self.traced(lambda: make(vehicle))
            print('ORDER10', n, len(rows))
        for r in rows: print('   ', r)
        for payers in (1, 1):
            visit = self._receive_car()
            self.env.flush_all()
            for name, step in self._life_cycle_steps(visit, payers=payers):
                rows = self.traced(step)
        # last: print order and consent
        visit = self._receive_car()
        self.env.flush_all()
        for name, step in self._life_cycle_steps(visit, payers=payers):
            rows = self.traced(step)
            print('STEP', name, len(rows))
            if name in ('order', 'consent', 'estimate', 'dispatch'):
                for r in rows: print('   ', r)
