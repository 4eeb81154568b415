from ..common import AftersalesCommon

#: What may follow, by how far a rule goes; rows name what they add.
TALKS = {'talk', 'criticism', 'warning', 'performance'}
WAGES = TALKS | {'withhold', 'deduction'}
GRAVE = WAGES | {'demotion', 'dismissal', 'termination'}
LOSS = {'compensation'}

REWARDS = {
    # rule id: words of the entry
    'R-RWD-01': "Keeps laws and rules", 'R-RWD-02': "no accident all year", 'R-RWD-03': "planned targets",
    'R-RWD-04': "proposal for improvement was adopted", 'R-RWD-05': "No absence all year",
    'R-RWD-06': "Prevents or limits accidents and losses", 'R-RWD-07': "financial discipline", 'R-RWD-08': "Saves money",
    'R-RWD-09': "Team contest won, or old parts put to use again",
}
PENALTIES = {
    # rule id: gravity, measures, flags (i: immediate, d: damage made good, c: may be criminal, a: counts as absence), words
    'R-PEN-01': ('medium', WAGES | LOSS, 'd', "Breaks laws or company rules with loss"),
    'R-PEN-02': ('light', TALKS, '', "Often late, early or absent"),
    'R-PEN-03': ('light', TALKS, '', "Disobeys assignments"),
    'R-PEN-04': ('medium', WAGES | LOSS, 'd', "Damages equipment or tools, wastes material or energy"),
    'R-PEN-05': ('serious', GRAVE | LOSS, 'd', "Neglects duty, breaks operating rules"),
    'R-PEN-06': ('serious', GRAVE | LOSS, 'd', "Abuses power, breaks financial discipline"),
    'R-PEN-07': ('serious', GRAVE | LOSS, 'idc', "Theft, bribery, extortion, gambling, fighting"),
    'R-PEN-08': ('light', TALKS, '', "Stirs up trouble"),
    'R-PEN-09': ('serious', GRAVE | LOSS, 'id', "Leaks company secrets, passes customers on, takes kickbacks"),
    'R-PEN-10': ('medium', WAGES, '', "Spreads rumours"),
    'R-PEN-11': ('medium', WAGES, '', "Retaliates, or covers up"),
    'R-PEN-12': ('light', TALKS, '', "Other breach of discipline"),
    'R-PEN-13': ('light', TALKS, 'i', "Enters a customer's car or uses audio or air conditioning without need"),
    'R-PEN-14': ('medium', WAGES | LOSS, 'd', "Damages airbag, control unit"),
    'R-PEN-15': ('serious', GRAVE | LOSS, 'idc', "Uses or takes contents, tools or fuel"),
    'R-PEN-16': ('light', TALKS | LOSS, 'd', "Loses a tool"),
    'R-PEN-17': ('serious', GRAVE | LOSS, 'd', "Lends tools outside"),
    'R-PEN-18': ('light', TALKS | LOSS, 'd', "Keeper does not report damage or loss of tools"),
    'R-PEN-19': ('light', TALKS, '', "Body work fails"),
    'R-PEN-20': ('light', TALKS, '', "Paint work fails"),
    'R-PEN-21': ('light', TALKS, '', "Quality problem found at final check"),
    'R-PEN-22': ('medium', WAGES | LOSS, 'd', "Goods put in store without acceptance"),
    'R-PEN-23': ('light', TALKS, 'a', "Private errands or receiving friends"),
    'R-PEN-24': ('serious', GRAVE | LOSS, 'id', "Asks customers for goods or money"),
    'R-PEN-25': ('medium', WAGES | LOSS, 'd', "Makes up charges, forces a sale"),
    'R-PEN-26': ('medium', WAGES, '', "False statistics, altered customer data"),
    'R-PEN-27': ('serious', GRAVE | LOSS, 'id', "Reckless driving with injury or damage"),
    'R-PEN-28': ('medium', WAGES | {'admonition', 'demotion'}, '', "Poor organisation by a manager"),
    'R-PEN-29': ('light', TALKS | {'deduction'}, '', "Breach of service rules by after-sales staff"),
    'R-PEN-30': ('medium', WAGES | LOSS, 'id', "Moves or drives a car without qualification"),
}
CRITERIA = {
    # rule id: group, words of the criterion
    'R-ASM-01': ('discipline', "In uniform and tidy, no private activity"),
    'R-ASM-02': ('discipline', "Own place clean; carts, parts and tools"),
    'R-ASM-03': ('discipline', "No private use of company telephone, computer and devices"),
    'R-ASM-04': ('discipline', "No use of audio or video of customers' cars"),
    'R-ASM-05': ('discipline', "No smoking in the workshop, no resting at the front desk"),
    'R-ASM-06': ('discipline', "At meetings on time; not late, early or off post"),
    'R-ASM-07': ('image', "Clothes clean, face and hair neat"), 'R-ASM-08': ('image', "Hands and nails clean"),
    'R-ASM-09': ('image', "No alcohol on duty"), 'R-ASM-10': ('image', "no eating before customers"),
    'R-ASM-11': ('image', "No shouting or horseplay"), 'R-ASM-12': ('attitude', "Mandarin and service wording, no banned words"),
    'R-ASM-13': ('attitude', "Manners and conduct with customers"), 'R-ASM-14': ('attitude', "Faces the customer, warm and patient"),
    'R-ASM-15': ('attitude', "First asked stays responsible"), 'R-ASM-16': ('quality', "fast and exactly"),
    'R-ASM-17': ('quality', "complaints in time and correctly"), 'R-ASM-18': ('quality', "Customer data complete and entered"),
}
MEASURES = {
    # code: kind, nature, what it needs
    'praise': ('reward', 'moral', ''), 'bonus': ('reward', 'economic', 'amount'), 'promotion': ('reward', 'post', 'job'),
    'talk': ('penalty', 'education', ''), 'criticism': ('penalty', 'education', ''), 'warning': ('penalty', 'moral', ''),
    'withhold': ('penalty', 'economic', 'amount period'), 'performance': ('penalty', 'economic', 'amount'),
    'compensation': ('penalty', 'economic', 'amount'), 'deduction': ('penalty', 'economic', 'amount'),
    'demotion': ('penalty', 'post', 'job'), 'admonition': ('penalty', 'education', ''),
    'dismissal': ('penalty', 'post', 'checklist'), 'termination': ('penalty', 'post', 'checklist'),
}


class TestShippedData(AftersalesCommon):
    """R-RWD-01 to R-RWD-09, R-PEN-01 to R-PEN-30, R-ASM-01 to R-ASM-18: every row of the source documents is there, says
    what its rule says, and takes no money by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        book = cls.env.ref('aftersales_service.conduct_rulebook_shipped')
        cls.rules = {rule.code: rule for rule in book.rule_ids}

    def _shipped(self, model):
        data = self.env['ir.model.data'].search([('module', '=', 'aftersales_service'), ('model', '=', model)])
        return self.env[model].with_context(active_test=False).browse(data.mapped('res_id'))

    def test_rewards(self):
        """R-RWD-01 to R-RWD-09, R-RP-02: nine entries, each with the three kinds of reward."""
        found = {code.replace('R', 'R-RWD-'): rule for code, rule in self.rules.items() if rule.kind == 'reward'}
        self.assertEqual(found.keys(), REWARDS.keys())
        for number, words in REWARDS.items():
            rule = found[number]
            with self.subTest(number=number):
                self.assertIn(words, rule.name)
                self.assertEqual(set(rule.measure_ids.mapped('code')), {'praise', 'bonus', 'promotion'})
                self.assertFalse(rule.amount)

    def test_penalties(self):
        """R-PEN-01 to R-PEN-30, R-RP-03, R-RP-04, R-CON-19: gravity, measures, at once or after a talk; no shipped amount."""
        found = {code.replace('P', 'R-PEN-'): rule for code, rule in self.rules.items() if rule.kind == 'penalty'}
        self.assertEqual(found.keys(), PENALTIES.keys())
        for number, (gravity, measures, flags, words) in PENALTIES.items():
            rule = found[number]
            with self.subTest(number=number):
                self.assertIn(words, rule.name)
                self.assertEqual((rule.gravity, set(rule.measure_ids.mapped('code'))), (gravity, measures))
                self.assertEqual(''.join(flag for flag, name in (
                    ('i', 'is_immediate'), ('d', 'has_compensation'), ('c', 'is_criminal'), ('a', 'counts_as_absence'),
                ) if rule[name]), flags)
                self.assertFalse(rule.amount, "amounts are the company's to publish")

    def test_ladder(self):
        """R-RP-09, R-PEN-29: 50, 100, 200 within twelve months; of the service rules only, and none of them ends a contract."""
        ladder = self.env.ref('aftersales_service.conduct_ladder_service')
        self.assertEqual([(step.sequence, step.amount) for step in ladder.step_ids.sorted('sequence')], [(1, 50), (2, 100), (3, 200)])
        self.assertEqual(ladder.window_months, 12)
        self.assertEqual([code for code, rule in self.rules.items() if rule.ladder_id], ['P29'])
        self.assertFalse(set(self.rules['P29'].measure_ids.mapped('code')) & {'dismissal', 'termination'})

    def test_measures(self):
        """R-RP-01, R-RP-02, R-RP-04, R-RP-13: moral, educational, economic; each with the fields it needs."""
        self.assertEqual({
            measure.code: (measure.kind, measure.nature, ' '.join(
                name for name in ('amount', 'period', 'job', 'checklist') if measure[f'needs_{name}']))
            for measure in self._shipped('aftersales.conduct.measure')
        }, MEASURES)

    def test_criteria(self):
        """R-ASM-01 to R-ASM-18, R-ASM-20: two groups of two, eighteen items of equal weight that the superior scores."""
        found = {
            item.code.replace('A', 'R-ASM-'): item for item in self._shipped('aftersales.assessment.criterion') if item.code != 'A19'}
        self.assertEqual(found.keys(), CRITERIA.keys())
        for number, (group, words) in CRITERIA.items():
            item = found[number]
            with self.subTest(number=number):
                self.assertIn(words, item.name)
                self.assertEqual((item.group, item.weight, item.source, item.date_from, item.date_to, item.company_id.id),
                                 (group, 1.0, 'manual', False, False, False))
                self.assertFalse(item.job_ids or item.role_id or item.trade_only, "asked of everybody")
