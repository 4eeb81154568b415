from . import aftersales_tool_cost, aftersales_tool_use
