from . import aftersales_gate_wizard, aftersales_setup_check
