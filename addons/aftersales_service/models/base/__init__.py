from . import ir_ui_view, res_company
