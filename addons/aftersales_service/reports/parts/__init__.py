from . import stock_statement_book
