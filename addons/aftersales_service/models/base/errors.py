"""Errors with a stable code: tests, help pages and support talk about `[BAS-01]`, whatever the language."""

from odoo.exceptions import UserError


def coded_error(code, message, cls=UserError):
    """Return an exception to raise, whose text starts with its stable code.

    :param str code: prefix of the room and two digits, such as `BAS-01`; each is explained in docs/errors/.
    :param str message: translated text: what is wrong, with which record, what to do next.
    :param type cls: exception class taking one text, `UserError` unless told.
    :rtype: Exception
    """
    return cls(f'[{code}] {message}')
