"""The population: Census cells that agree with every target, and opinions whose population shares are exact."""

from __future__ import annotations

import numpy as np
import pytest

from app.demo.model import Belief, ImpossibleBelief, answering, document, opinions
from app.demo.population import AGES, DISTRICTS, GROUPS, SEXES, TARGETS, west_yorkshire
from app.demo.waves import CONSULTATION, MONTHS, TRACKER
from app.results.reading.measures import PlanFigure, plan_figures
from app.results.reading.schemes import targets

RESIDENTS = 1_880_497
BANDS = ("16_24", "16_24", *AGES[2:])


def test_every_margin_counts_the_same_population():
    for variable, categories in targets(TARGETS).items():
        assert sum(population for _, population in categories) == pytest.approx(RESIDENTS, abs=0.01), variable


@pytest.mark.parametrize("crossing", ["district*age_band", "district*sex"])
def test_crossings_add_up_to_the_plain_margins(crossing):
    margins = targets(TARGETS)
    for position, variable in enumerate(crossing.split("*")):
        added: dict[str, float] = {}
        for category, population in margins[crossing]:
            part = category.split("*")[position]
            added[part] = added.get(part, 0) + population
        assert added == dict(margins[variable])


def test_targets_are_named_by_the_keys_of_the_questionnaires():
    margins = {variable: [category for category, _ in rows] for variable, rows in targets(TARGETS).items()}
    assert margins["district"] == list(DISTRICTS)
    assert margins["sex"] == list(SEXES)
    assert margins["ethnic_group"] == list(GROUPS)
    assert margins["age_band"] == list(dict.fromkeys(BANDS))


def test_the_cells_agree_with_every_target():
    population = west_yorkshire()
    standing = {
        "district": np.array(DISTRICTS)[population.district],
        "sex": np.array(SEXES)[population.sex],
        "age_band": np.array(BANDS)[population.age_band],
        "ethnic_group": np.array(GROUPS)[population.ethnic_group],
    }
    for variable, categories in targets(TARGETS).items():
        for category, people in categories:
            here = np.ones(len(population.people), bool)
            for name, value in zip(variable.split("*"), category.split("*"), strict=True):
                here &= standing[name] == value
            assert population.people[here].sum() == pytest.approx(people, abs=0.5), (variable, category)


def test_every_cell_has_people_and_may_answer():
    population = west_yorkshire()
    assert population.people.min() > 0
    assert answering(population).min() > 0


def population_share(planned: PlanFigure) -> float:
    """Compute a plan's figure over the cells: what would come out if everybody answered."""
    population, thought = west_yorkshire(), opinions(planned.survey)
    if planned.item in thought.choices:
        choice = thought.choices[planned.item]
        chances = choice.probabilities(population, thought.age_counts)
        return population.mean(chances[:, list(choice.beliefs).index(planned.options[0])], planned.district)
    item = planned.item if planned.item in thought.beliefs else f"{planned.item}_{planned.options[0]}"
    months = [planned.month] if planned.month else list(MONTHS) if planned.survey == TRACKER else [0]
    shares = [
        population.mean(thought.beliefs[item].probabilities(population, thought.age_counts, month), planned.district)
        for month in months
    ]
    return sum(shares) / len(shares)


@pytest.mark.parametrize("planned", plan_figures(), ids=lambda planned: f"{planned.item}-{planned.value}")
def test_the_population_figures_are_the_plans_own(planned):
    assert population_share(planned) == pytest.approx(planned.value, abs=1e-9)


def test_the_shares_of_the_priorities_add_up_to_the_number_that_people_choose():
    choice = opinions(CONSULTATION).choices["priorities"]
    assert len(choice.beliefs) == 16
    assert sum(belief.share for belief in choice.beliefs.values()) == pytest.approx(choice.mean)
    assert max(choice.how_many) == 5


@pytest.mark.parametrize("survey", [CONSULTATION, TRACKER])
def test_nobody_is_certain_of_anything(survey):
    population, thought = west_yorkshire(), opinions(survey)
    for name, belief in thought.beliefs.items():
        for month in MONTHS if survey == TRACKER else (0,):
            chances = belief.probabilities(population, thought.age_counts, month)
            assert chances.min() > 0 and chances.max() < 1, name


def test_a_belief_that_leaves_no_room_is_refused():
    with pytest.raises(ImpossibleBelief, match="lessen its effects"):
        Belief(share=0.95, older=0.2).probabilities(west_yorkshire())


def test_those_who_answer_differ_strongly_from_the_population():
    population = west_yorkshire()
    answer = population.people * answering(population)
    answer /= answer.sum()
    young = population.age_band < AGES.index("25_34")
    asian = population.ethnic_group == GROUPS.index("asian")
    assert answer[young].sum() < 0.6 * population.shares[young].sum()
    assert answer[asian].sum() < 0.6 * population.shares[asian].sum()


def test_the_model_file_speaks_of_the_population():
    for role, categories in {"district": DISTRICTS, "sex": SEXES, "age_band": AGES, "ethnic_group": GROUPS}.items():
        assert set(document()["answering"][role]) == set(categories)
