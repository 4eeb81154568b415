"""Choices of the vehicle room."""

ENERGIES = [
    ('petrol', "Petrol"),
    ('diesel', "Diesel"),
    ('hybrid', "Hybrid"),
    ('phev', "Plug-in hybrid"),
    ('electric', "Electric"),
    ('hydrogen', "Fuel cell"),
    ('gas', "Gas (CNG, LPG)"),
    ('other', "Other"),
]
#: What carries a green plate in China.
NEW_ENERGIES = ('phev', 'electric', 'hydrogen')

PLATE_KINDS = [
    ('blue', "Blue"),
    ('green', "Green (new energy)"),
    ('yellow_green', "Yellow-green (large, new energy)"),
    ('yellow', "Yellow (large, trailer, learner)"),
    ('white', "White (police, military)"),
    ('black', "Black (diplomatic, Hong Kong, Macau)"),
    ('temporary', "Temporary"),
    ('other', "Other"),
    ('none', "No plate"),
]

#: Countries whose law asks for the check digit in position 9 (GB 16735, 49 CFR 565).
CHECK_DIGIT_COUNTRIES = ('CN', 'US', 'CA')
