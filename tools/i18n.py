#!/usr/bin/env python3
"""Put a fresh export into the add-on's .pot and merge it into its .po files.

Usage: i18n.py EXPORT FOLDER

A term that is new stays untranslated, one that vanished is dropped, one whose English changed starts anew: nothing
is guessed (no fuzzy entries). Order and headers are stable, so that running it twice changes nothing, and a merge
conflict in a .po file is solved by running it again.
"""
import re
import sys
from pathlib import Path

import polib

MODULE = 'aftersales_service'
LANGUAGES = ('zh_CN', 'zh_TW')
HEADER = {
    'Project-Id-Version': 'Odoo Server 19.0',
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=UTF-8',
    'Content-Transfer-Encoding': '8bit',
}


def without_conflict_marks(path):
    """Return the file's text with both sides of each conflict: the last one of two equal entries counts."""
    text = path.read_text(encoding='utf-8')
    return re.sub(r'^(<<<<<<< .*|=======|>>>>>>> .*|\|\|\|\|\|\|\| .*)\n', '\n', text, flags=re.MULTILINE)


def key(entry):
    return entry.msgctxt, entry.msgid


def merged(template, path, language):
    """Return the .po file for a language: the template's terms with the translations the file already has."""
    known = polib.pofile(without_conflict_marks(path)) if path.exists() else []
    translations = {key(entry): entry.msgstr for entry in known if not entry.obsolete and not entry.fuzzy}
    result = polib.POFile(wrapwidth=0)
    result.metadata = {**HEADER, 'Language': language, 'Plural-Forms': 'nplurals=1; plural=0;'}
    for entry in template:
        result.append(polib.POEntry(
            msgctxt=entry.msgctxt, msgid=entry.msgid, msgstr=translations.get(key(entry), ''), comment=entry.comment,
            occurrences=entry.occurrences, flags=[flag for flag in entry.flags if flag != 'fuzzy'],
        ))
    return result


def main():
    export, folder = map(Path, sys.argv[1:3])
    folder.mkdir(exist_ok=True)
    template = polib.pofile(str(export), wrapwidth=0)
    template.metadata = HEADER
    template.header = ''
    template.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ''))
    template.save(str(folder / f'{MODULE}.pot'))
    for language in LANGUAGES:
        path = folder / f'{language}.po'
        result = merged(template, path, language)
        result.save(str(path))
        missing = [entry.msgid for entry in result if not entry.msgstr]
        print(f"{path}: {len(result)} terms, {len(missing)} untranslated", *(repr(term) for term in missing[:5]), sep='\n    ')


if __name__ == '__main__':
    main()
