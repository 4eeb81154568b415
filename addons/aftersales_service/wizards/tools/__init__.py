from . import aftersales_tool_act_wizard
from . import aftersales_tool_statement
from . import aftersales_tool_statement_line
from . import aftersales_dispatch_wizard, aftersales_tool_in_use_wizard
from . import aftersales_tool_loss_wizard
