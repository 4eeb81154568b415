from . import stock_statement_book
from . import aftersales_part_demand
