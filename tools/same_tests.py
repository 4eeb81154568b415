#!/usr/bin/env python3
"""Fail when pytest and Odoo's own runner (`--test-tags /aftersales_service`) would not run the same tests.

Usage: same_tests.py DATABASE

Both only list here, nothing runs. Typical causes: a class without one of the two tagged bases, a test method
inherited from another test class (Odoo runs only a class's own), a folder without __init__.py.
"""
import subprocess
import sys

MODULE = 'aftersales_service'


def of_pytest(database):
    """Return the (file, class, method) triples that pytest collects."""
    listing = subprocess.run(
        [sys.executable, '-m', 'pytest', '--collect-only', '-q', '-n0', f'--odoo-database={database}'],
        capture_output=True, text=True,
    )
    if listing.returncode:
        sys.exit(listing.stdout + listing.stderr)
    return {
        (path.removeprefix('tests/').removesuffix('.py').replace('/', '.'), *rest)
        for path, *rest in (line.split('::') for line in listing.stdout.splitlines() if '::' in line)
    }


def of_odoo(database):
    """Return the same triples as Odoo's loader finds them."""
    from odoo.tools import config
    config.parse_config(['-d', database, '--test-tags', f'/{MODULE}'])
    from odoo.modules.module import initialize_sys_path
    initialize_sys_path()
    from odoo.tests.loader import make_suite
    prefix = f'odoo.addons.{MODULE}.tests.'
    return {
        (type(test).__module__.removeprefix(prefix), type(test).__name__, test._testMethodName)
        for position in ('at_install', 'post_install') for test in make_suite([MODULE], position)
    }


def main():
    database = sys.argv[1]
    pytest, odoo = of_pytest(database), of_odoo(database)
    for title, names in (("only pytest runs", pytest - odoo), ("only --test-tags runs", odoo - pytest)):
        for name in sorted(names):
            print(title, '::'.join(name))
    if pytest != odoo:
        sys.exit("FAILED: the two runners would run different tests.")
    print(f"{len(pytest)} tests, the same in both runners")


if __name__ == '__main__':
    main()
