import re

import polib

from ..common import AftersalesPureCase
from .test_house import ADDON

LANGUAGES = ('zh_CN', 'zh_TW')
PLACEHOLDER = re.compile(r'%\(\w+\)[-+#0 .\d]*[a-z]|%%|%[ds]|\{\{.*?\}\}|</?[a-zA-Z][^>]*>')


def marks(text):
    """Return what a translation must keep of a term: Python's placeholders, the mail's {{…}}, the HTML tags."""
    return sorted(PLACEHOLDER.findall(text))


class TestTranslations(AftersalesPureCase):
    """Everybody works in Chinese: each term of the add-on has its text in both scripts, with the same placeholders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = polib.pofile(str(ADDON / 'i18n' / 'aftersales_service.pot'))
        cls.translated = {language: polib.pofile(str(ADDON / 'i18n' / f'{language}.po')) for language in LANGUAGES}

    def assertNone(self, terms, message):
        self.assertFalse(terms, '\n'.join([message, *map(repr, terms)]))

    def test_both_scripts_hold_the_terms_of_the_template(self):
        terms = {entry.msgid for entry in self.template}
        self.assertTrue(terms)
        for language, entries in self.translated.items():
            with self.subTest(language):
                self.assertNone(sorted(terms ^ {entry.msgid for entry in entries}), "Run ./dev i18n:")

    def test_no_term_is_untranslated_or_guessed(self):
        for language, entries in self.translated.items():
            with self.subTest(language):
                self.assertNone([entry.msgid for entry in entries if not entry.msgstr.strip()], "Not translated:")
                self.assertNone([entry.msgid for entry in entries if entry.fuzzy], "Guessed:")

    def test_placeholders_survive(self):
        for language, entries in self.translated.items():
            with self.subTest(language):
                self.assertNone(
                    [(entry.msgid, entry.msgstr) for entry in entries if marks(entry.msgid) != marks(entry.msgstr)],
                    "Placeholders or tags differ:",
                )

    def test_error_codes_survive(self):
        """A message is found in the manual by its code, whatever the language."""
        code = re.compile(r'\[[A-Z]{3}-\d+\]')
        for language, entries in self.translated.items():
            with self.subTest(language):
                self.assertNone(
                    [entry.msgid for entry in entries if code.findall(entry.msgid) != code.findall(entry.msgstr)],
                    "Error codes differ:",
                )

    def test_the_texts_are_chinese_of_the_right_script(self):
        """No English sentence stands where Chinese should, and simplified text has no traditional characters."""
        for language, strangers in (('zh_CN', '車維單廠項價'), ('zh_TW', '车维单厂项价')):
            with self.subTest(language):
                self.assertNone(
                    [entry.msgstr for entry in self.translated[language] if set(strangers) & set(entry.msgstr)],
                    "Characters of the other script:",
                )
                self.assertNone(
                    [
                        entry.msgid for entry in self.translated[language]
                        if 'object.' not in entry.msgid and len(PLACEHOLDER.sub('', entry.msgid).split()) > 3
                        and not re.search('[\u4e00-\u9fff]', entry.msgstr)
                    ],
                    "Left in English:",
                )
