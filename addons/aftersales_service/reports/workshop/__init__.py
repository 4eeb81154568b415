from . import report_exit_certificate
