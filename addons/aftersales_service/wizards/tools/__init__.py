from . import aftersales_tool_act_wizard
from . import aftersales_tool_statement
from . import aftersales_tool_statement_line
