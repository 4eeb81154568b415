#!/usr/bin/env python3
"""Join the tables of the rooms into docs/errors.md and docs/requirements.md.

Usage: join_docs.py   (from the root of the repository; running it twice changes nothing)
"""
import csv
import re
from pathlib import Path

ROOMS = ['base', 'vehicle', 'catalogue', 'reception', 'repair', 'workshop', 'parts', 'settlement', 'warranty', 'tools', 'people', 'desks']
PAGES = {
    'errors': (
        "# Errors\n\nEvery refusal carries a code in square brackets; the code never changes, the wording may.\n"
        "The tables are kept per room in `docs/errors/`; this page is made by `tools/join_docs.py`.\n",
        ('Code', 'What happened', 'What to do'),
    ),
    'requirements': (
        "# Requirements and the tests that hold them\n\nOne row per rule: its id, the rule in our words, the test that would fail "
        "without it.\nThe tables are kept per room in `docs/requirements/`; this page is made by `tools/join_docs.py`.\n",
        ('Id', 'Rule', 'Test'),
    ),
}


def rows(path):
    """Return the rows of a room's table without its header, sorted by id; a later cell keeps its commas."""
    with path.open(encoding='utf-8', newline='') as file:
        found = list(csv.reader(file))[1:]
    return sorted(
        ([*row[:2], ', '.join(row[2:])] for row in found if row),
        key=lambda row: [int(part) if part.isdigit() else part for part in re.split(r'(\d+)', row[0])],
    )


def page(name):
    """Return the text of one page."""
    intro, head = PAGES[name]
    parts = [intro]
    for room in ROOMS:
        path = Path('docs', name, f'{room}.csv')
        if path.is_file():
            parts.append(f'\n## {room}\n\n| {" | ".join(head)} |\n|{"---|" * len(head)}\n')
            parts += ['| ' + ' | '.join(cell.replace('|', '\\|') for cell in row) + ' |\n' for row in rows(path)]
    return ''.join(parts)


if __name__ == '__main__':
    for name in PAGES:
        Path('docs', f'{name}.md').write_text(page(name), encoding='utf-8')
