from . import aftersales_gate_wizard
