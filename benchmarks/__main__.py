"""./dev bench: what our work costs in queries and seconds, beside the same goods sold by Odoo itself.

The database holds 20,000 orders, and the applications `sale` and `sale_stock`, which the add-on does not need: they
are here only to be measured against. Nothing is kept: a run happens in one transaction that is rolled back.

Every step is one press of a button, counted until all is written, tracking messages included (`cr.flush()`). The rounds
of ours and of Odoo alternate, so that a busy machine slows both; seconds and queries are medians.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

import odoo
from odoo.modules.registry import Registry
from odoo.tools import config

ROWS = '{:44} {:>8} {:>9} {:>8} {:>9} {:>7}'


def main():
    parser = argparse.ArgumentParser(prog='./dev bench', description=__doc__.partition('\n')[0])
    parser.add_argument('--json', type=Path, metavar='FILE', help="write the result there too")
    parser.add_argument('--rounds', type=int, default=5, help="rounds of each case; their median counts (5)")
    parser.add_argument('--only', default='', metavar='WORD', help="only cases whose name contains this")
    parser.add_argument('--lay', action='store_true', help=argparse.SUPPRESS)  # fills the template
    options = parser.parse_args()
    database = os.environ['BENCH_DB']
    config.parse_config(['-d', database, '--log-level=warn', '--no-http'])
    registry = Registry(database)
    with registry.cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        if options.lay:
            from . import ground
            ground.lay(env)
            return
        result = {'machine': machine(), 'versions': versions(env), 'cases': run(env, options)}
        cr.rollback()
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + '\n')


def run(env, options):
    """Run the cases, print a row of each.

    :return: rows of the house plan: name, queries, seconds, and of Odoo's own way (None where there is none).
    :rtype: list[dict]
    """
    from . import cases
    print(ROWS.format('case', 'queries', 'seconds', 'native', 'seconds', 'ratio'), flush=True)
    rows = []
    for name, measure in cases.prepare(env, options.rounds, options.only):
        # Each case begins with the same tables.
        before = env.cr.savepoint()
        try:
            ours, native = measure()
        finally:
            before.close(rollback=True)
            env.registry.clear_cache()
        row = {'name': name, **summary(ours), **{f'native_{key}': value for key, value in summary(native).items()}}
        row['ratio'] = round(row['seconds'] / row['native_seconds'], 2) if native else None
        rows.append(row)
        print(ROWS.format(*('' if value is None else value for value in row.values())), flush=True)
    return rows


def summary(samples):
    """Return the median of (queries, seconds)."""
    if not samples:
        return {'queries': None, 'seconds': None}
    return {
        'queries': round(statistics.median(queries for queries, _seconds in samples)),
        'seconds': round(statistics.median(seconds for _queries, seconds in samples), 3),
    }


def machine():
    """Return what a reader must know to compare seconds."""
    cpuinfo = Path('/proc/cpuinfo')
    names = [line.partition(':')[2].strip() for line in cpuinfo.read_text().splitlines() if line.startswith('model name')] \
        if cpuinfo.exists() else []
    return {
        'cpu': names[0] if names else platform.processor(),
        'cores': os.cpu_count(),
        'load': [round(load, 2) for load in os.getloadavg()],
    }


def versions(env):
    env.cr.execute('SHOW server_version')
    commit = subprocess.run(['git', 'rev-parse', '--short', 'HEAD'], capture_output=True, text=True, check=False)
    return {
        'odoo': odoo.release.version,
        'python': platform.python_version(),
        'postgresql': env.cr.fetchone()[0],
        'aftersales_service': env.ref('base.module_aftersales_service').installed_version,
        'commit': commit.stdout.strip() or None,
    }


if __name__ == '__main__':
    sys.exit(main())
