"""Two people at the same second: tests with real cursors, whose data is committed and wiped afterwards."""
import threading
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

from .common import Factories
from .ground import MODULE


@tagged('post_install', '-at_install', 'standard', MODULE)
class AftersalesConcurrencyCase(Factories, BaseCase):
    """Make records in `with self.committed()`, then let several transactions `race` for them.

    After each test every row that is newer than the test is deleted. What a test changes in older rows stays, so
    work on records of your own: a new part, a new order.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            tables = _tables(cr)
            newest = {table: _newest(cr, table) for table in tables}
        self.addCleanup(self._wipe, newest)

    @contextmanager
    def committed(self):
        """Open the shop for the factories; everything made here is visible to other transactions afterwards."""
        with self.registry.cursor() as cr:
            type(self).env = api.Environment(cr, SUPERUSER_ID, {})
            self._open_shop()
            yield self.env
            self.env.flush_all()

    def race(self, *functions):
        """Run each function in a transaction and a thread of its own, all started at the same moment.

        A serialization failure is retried as a request would be. Each function gets an environment of the test
        company (superuser; use `with_user`) and passes records by id, never a record of another transaction.

        :return: what each function returned, or the exception that it raised.
        :rtype: list
        """
        results = [None] * len(functions)
        start = threading.Barrier(len(functions))
        threads = [
            threading.Thread(target=self._run, args=(results, number, function, start))
            for number, function in enumerate(functions)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertFalse(any(thread.is_alive() for thread in threads), "a transaction hangs: deadlock?")
        return results

    def _run(self, results, number, function, start):
        threading.current_thread().testing = True
        try:
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {'allowed_company_ids': self.company.ids})
                cr.execute("SELECT 1")  # a transaction sees the data as of its first query: before the start
                start.wait(10)
                results[number] = retrying(lambda: function(env), env)
        except Exception as error:
            results[number] = error

    def _wipe(self, newest):
        """Delete every row made since, foreign keys or not."""
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL session_replication_role = replica")
            for table, reference, target in _references(cr):
                if target in newest:
                    cr.execute(f'DELETE FROM "{table}" WHERE "{reference}" > %s', (newest[target],))
            for table, newest_id in newest.items():
                cr.execute(f'DELETE FROM "{table}" WHERE id > %s', (newest_id,))
        self.registry.clear_all_caches()


def _tables(cr):
    """Return the tables that have an id of their own."""
    cr.execute("""
        SELECT table_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
         WHERE table_schema = 'public' AND column_name = 'id' AND table_type = 'BASE TABLE' AND data_type = 'integer'
    """)
    return [table for table, in cr.fetchall()]


def _newest(cr, table):
    cr.execute(f'SELECT COALESCE(MAX(id), 0) FROM "{table}"')
    return cr.fetchone()[0]


def _references(cr):
    """Return (table, column, target table) of the tables without an id: the ends of many-to-many relations."""
    cr.execute("""
        SELECT source.relname, attribute.attname, target.relname
          FROM pg_constraint
          JOIN pg_class source ON source.oid = conrelid
          JOIN pg_class target ON target.oid = confrelid
          JOIN pg_attribute attribute ON attribute.attrelid = conrelid AND attribute.attnum = conkey[1]
         WHERE contype = 'f' AND NOT EXISTS (
               SELECT 1 FROM pg_attribute own WHERE own.attrelid = conrelid AND own.attname = 'id')
    """)
    return cr.fetchall()
