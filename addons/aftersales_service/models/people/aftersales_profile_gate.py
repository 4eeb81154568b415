from odoo import api, models

from .const import GENERAL_MANAGER


class AftersalesProfileGate(models.Model):
    _inherit = 'aftersales.profile.gate'

    @api.model
    def _gate_definitions(self):
        _ = self.env._
        return super()._gate_definitions() | {
            'conduct_own_people': {
                'name': _("Leaders propose for their own people only"),
                'rule': 'R-PERM-13',
                'large': {'company': 'block'},
            },
            'conduct_proposer_decides': {
                'name': _("Who proposed does not decide"),
                'rule': 'R-CON-26',
                'group': GENERAL_MANAGER,
                'large': {'company': 'block'},
                'small': {'company': 'warn'},
            },
            'conduct_limitation': {
                'name': _("Decide within the time after discovery"),
                'rule': 'R-RP-11',
                'group': GENERAL_MANAGER,
                'large': {'company': 'override'},
            },
            'conduct_education_first': {
                'name': _("Criticism or a talk comes before a sanction"),
                'rule': 'R-RP-03',
                'help': _("Unless the rule is immediate. Warn: written to the history, the decision goes on."),
                'large': {'company': 'warn'},
            },
            'conduct_rule_version': {
                'name': _("The rule stood in the version of the day of the act"),
                'rule': 'R-RP-15',
                'large': {'company': 'block'},
            },
            'conduct_receipt': {
                'name': _("Money only after the person signed for the rules"),
                'rule': 'R-RP-15',
                'large': {'company': 'block'},
            },
            'conduct_fine_money': {
                'name': _("Fines in money"),
                'rule': 'R-RP-15',
                'group': GENERAL_MANAGER,
                'help': _("Block: no fine carries money. Override: the general manager lets one through, with its legal ground. "
                          "Ask a lawyer before loosening this."),
                'large': {'company': 'block'},
            },
            'conduct_compensation_proof': {
                'name': _("Compensation needs proof of loss"),
                'rule': 'R-RP-10',
                'large': {'company': 'block'},
            },
            'conduct_termination_checklist': {
                'name': _("Ending a contract needs the complete checklist"),
                'rule': 'R-RP-04',
                'large': {'company': 'block'},
            },
            'conduct_serious_approval': {
                'name': _("Serious cases are approved by the general manager"),
                'rule': 'R-RP-16',
                'large': {'company': 'block'},
            },
            'conduct_authorities': {
                'name': _("A criminal case is not closed before the authorities were told"),
                'rule': 'R-RP-05',
                'group': GENERAL_MANAGER,
                'large': {'company': 'override'},
            },
            'payroll_preview': {
                'name': _("Employees see the payroll batch before it is handed over"),
                'rule': 'R-RP-08',
                'group': GENERAL_MANAGER,
                'large': {'company': 'block'},
                'small': {'company': 'override'},
            },
            'payroll_wage': {
                'name': _("The wage due is confirmed before compensation is taken"),
                'rule': 'R-RP-15',
                'large': {'company': 'block'},
            },
            'payroll_second_person': {
                'name': _("Another person confirms the payroll batch"),
                'rule': 'R-RP-08',
                'group': GENERAL_MANAGER,
                'large': {'company': 'block'},
                'small': {'company': 'warn'},
            },
            'assessment_complete': {
                'name': _("Every criterion is scored before the sheet is signed"),
                'rule': 'R-ASM-19',
                'large': {'company': 'block'},
                'small': {'company': 'warn'},
            },
            'assessment_review': {
                'name': _("A second person reviews the assessment"),
                'rule': 'R-ASM-24',
                'large': {'company': 'block'},
                'small': {'company': 'off'},
            },
            'assessment_persons': {
                'name': _("Signatures of an assessment come from different people"),
                'rule': 'R-ASM-24',
                'group': GENERAL_MANAGER,
                'large': {'company': 'block'},
                'small': {'company': 'block'},
            },
        }
