from . import aftersales_claim_cash_report
from . import statement_book
