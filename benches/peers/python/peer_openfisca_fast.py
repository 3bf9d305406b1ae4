"""OpenFisca-core, its fast form: variables of whole fen, codes instead of enumerations, figures read once."""

import numpy as np
from columns import CHANGED
from openfisca_core.entities import build_entity
from openfisca_core.periods import MONTH
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2024-01"
FULL = np.array([20_000, 40_000, 80_000, 15_000, 45_000, 100_000], dtype=np.int64)
Person = build_entity(key="person", plural="persons", label="A person", is_person=True)


def variable(name, formula=None, kind=int):
    # OpenFisca's integers have 32 bits and money in hundredths of a fen does not fit them, so the formulas widen.
    body = {"value_type": kind, "entity": Person, "definition_period": MONTH}
    return type(name, (Variable,), {**body, "formula": formula} if formula else body)


def ints(person, period, *names):
    return (person(name, period).astype(np.int64) for name in names)


def eligible(person, period):
    return person("total", period) - person("outOfScope", period)


def share(person, period):
    eligible, cell = person("eligible", period), person("scheme", period) * 3 + person("level", period)
    full = np.where((cell == 4) & (person("day", period) < CHANGED), 50_000, FULL[cell])
    return eligible - np.minimum(np.where(person("referred", period), full // 2, full), eligible)


def basic(person, period):
    (share,) = ints(person, period, "share")
    first = np.minimum(share, 1_000_000) * 70
    second = np.maximum(0, np.minimum(share, 5_000_000) - 1_000_000) * 80
    in_bands = (first + second + np.maximum(0, share - 5_000_000) * 90 + 50) // 100
    asked = (in_bands * np.where(person("away", period), 85, 100) + 50) // 100
    return np.minimum(np.minimum(asked, np.maximum(0, 20_000_000 - person("paid", period))), share)


def critical(person, period):
    eligible, basic, share = ints(person, period, "eligible", "basic", "share")
    above = np.maximum(0, eligible - basic - 1_400_000)
    in_illness = np.minimum(above, 3_000_000) * 60 + np.maximum(0, above - 3_000_000) * 70
    return np.minimum(np.minimum((in_illness + 50) // 100, 30_000_000), share - basic)


def patient(person, period):
    return person("total", period) - person("basic", period) - person("critical", period)


INPUTS = {"total": int, "outOfScope": int, "paid": int, "day": int, "scheme": int, "level": int, "referred": bool, "away": bool}


def make(columns):
    system = TaxBenefitSystem([Person])
    for name, kind in INPUTS.items():
        system.add_variable(variable(name, kind=kind))
    for formula in (eligible, share, basic, critical, patient):
        system.add_variable(variable(formula.__name__, formula))
    given = {name: columns[name].astype(np.int32 if kind is int else bool) for name, kind in INPUTS.items()}

    def rule():
        simulation = SimulationBuilder().build_default_simulation(system, len(given["total"]))
        for name, values in given.items():
            simulation.set_input(name, PERIOD, values)
        patients = simulation.calculate("patient", PERIOD)
        return simulation.calculate("basic", PERIOD), simulation.calculate("critical", PERIOD), patients

    return rule


def answers(found):
    return found[0], found[1]
