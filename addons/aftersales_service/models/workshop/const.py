"""Choices of the workshop."""

OPERATION_KINDS = [
    ('work', "Work"),
    ('diagnose', "Diagnosis"),
    ('secure', "Securing the Car"),
    ('rework', "Rework"),
    ('road_test', "Road Test"),
    ('wash', "Wash"),
]
# Done before anybody has authorised anything (house §4).
FREE_KINDS = ('secure', 'diagnose')
# What a check looks at.
WORK_KINDS = ('work', 'rework')

OPERATION_STATES = [
    ('planned', "Planned"),
    ('dispatched', "Dispatched"),
    ('accepted', "Accepted"),
    ('running', "Running"),
    ('paused', "Paused"),
    ('done', "Done"),
    ('cancelled', "Cancelled"),
]
CLOSED_STATES = ('done', 'cancelled')

CHECK_LEVELS = [
    ('process', "Process Check"),
    ('self', "Self Check"),
    ('leader', "Team Leader's Check"),
    ('final', "Final Inspection"),
    ('sample', "Random Sample"),
]
