"""OpenFisca-core as its documentation writes a country package: yuan in floats, enumerations, dated parameters, scales.

A simulation has one period for everybody, so a figure that changes on a day is read at both and chosen by each stay's day.
"""

import numpy as np
from columns import CHANGED
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import MONTH
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

BEFORE, AFTER = "2023-12", "2024-01"
Person = build_entity(key="person", plural="persons", label="A person", is_person=True)


class Scheme(Enum):
    employee = "employee"
    resident = "resident"


class Level(Enum):
    first = "first"
    second = "second"
    third = "third"


def since(value, day="2020-01-01", then=None):
    return {"values": {day: {"value": value}, **({"2024-01-01": {"value": then}} if then is not None else {})}}


def bands(*rows):
    return {"brackets": [{"threshold": since(threshold), "rate": since(rate)} for threshold, rate in rows]}


PARAMETERS = {
    "deductible": {
        "employee": {"first": since(200), "second": since(400), "third": since(800)},
        "resident": {"first": since(150), "second": since(500, then=450), "third": since(1000)},
    },
    "rates": bands((0, 0.7), (10_000, 0.8), (50_000, 0.9)),
    "critical": {"rates": bands((0, 0.6), (30_000, 0.7)), "start": since(14_000), "cap": since(300_000)},
    "cap": since(200_000),
    "referred": since(0.5),
    "away": since(0.85),
}


def half_up(yuan):
    return np.floor(yuan * 100 + 0.5) / 100


def eligible(person, period, parameters):
    return person("total", period) - person("outOfScope", period)


def deductible(person, period, parameters):
    cell = person("scheme", period), person("level", period)
    full = np.where(person("day", period) < CHANGED, *(parameters(at).deductible[cell[0]][cell[1]] for at in (BEFORE, AFTER)))
    return np.where(person("referred", period), full * parameters(period).referred, full)


def borne(person, period, parameters):
    return np.minimum(person("deductible", period), person("eligible", period))


def share(person, period, parameters):
    return person("eligible", period) - person("borne", period)


def in_bands(person, period, parameters):
    return half_up(parameters(period).rates.calc(person("share", period)))


def room(person, period, parameters):
    return np.maximum(0, parameters(period).cap - person("paid", period))


def basic(person, period, parameters):
    factor = np.where(person("away", period), parameters(period).away, 1)
    asked = half_up(person("in_bands", period) * factor)
    return np.minimum(np.minimum(asked, person("room", period)), person("share", period))


def above(person, period, parameters):
    return np.maximum(0, person("eligible", period) - person("basic", period) - parameters(period).critical.start)


def critical(person, period, parameters):
    figures = parameters(period).critical
    asked = half_up(figures.rates.calc(person("above", period)))
    return np.minimum(np.minimum(asked, figures.cap), person("share", period) - person("basic", period))


def patient(person, period, parameters):
    return person("total", period) - person("basic", period) - person("critical", period)


FORMULAS = (eligible, deductible, borne, share, in_bands, room, basic, above, critical, patient)


def variable(name, **body):
    return type(name, (Variable,), {"entity": Person, "definition_period": MONTH, **body})


def make(columns):
    system = TaxBenefitSystem([Person])
    system.parameters = ParameterNode("", data=PARAMETERS)
    for name in ("total", "outOfScope", "paid"):
        system.add_variable(variable(name, value_type=float))
    system.add_variable(variable("day", value_type=int))
    system.add_variable(variable("scheme", value_type=Enum, possible_values=Scheme, default_value=Scheme.employee))
    system.add_variable(variable("level", value_type=Enum, possible_values=Level, default_value=Level.first))
    for name in ("referred", "away"):
        system.add_variable(variable(name, value_type=bool))
    for formula in FORMULAS:
        system.add_variable(variable(formula.__name__, value_type=float, formula=formula))
    given = {
        **{name: columns[name] / 100 for name in ("total", "outOfScope", "paid")}, "day": columns["day"],
        "scheme": np.array(["employee", "resident"])[columns["scheme"]], "level": np.array(["first", "second", "third"])[columns["level"]],
        "referred": columns["referred"] == 1, "away": columns["away"] == 1,
    }

    def rule():
        simulation = SimulationBuilder().build_default_simulation(system, len(given["total"]))
        for name, values in given.items():
            simulation.set_input(name, AFTER, values)
        patients = simulation.calculate("patient", AFTER)
        return simulation.calculate("basic", AFTER), simulation.calculate("critical", AFTER), patients

    return rule


def answers(found):
    return (np.round(yuan.astype(np.float64) * 100) for yuan in found[:2])
