// publicodes: rules with units, bands and rounding of its own; it holds money in doubles.

import Engine from 'publicodes'
import { yuanText } from '../cases.mjs'

const when = (scheme, level) => ({ 'toutes ces conditions': [`scheme = '${scheme}'`, `level = '${level}'`] })

const RULES = {
  total: { unité: '€' },
  'out of scope': { unité: '€' },
  paid: { unité: '€' },
  date: { type: 'date' },
  scheme: { type: 'texte' },
  level: { type: 'texte' },
  referred: { type: 'booléen' },
  away: { type: 'booléen' },
  eligible: 'total - out of scope',
  full: { variations: [
    { si: when('employee', 'first'), alors: '200 €' },
    { si: when('employee', 'second'), alors: '400 €' },
    { si: when('employee', 'third'), alors: '800 €' },
    { si: when('resident', 'first'), alors: '150 €' },
    { si: { 'toutes ces conditions': ["scheme = 'resident'", "level = 'second'", 'date < 01/01/2024'] }, alors: '500 €' },
    { si: when('resident', 'second'), alors: '450 €' },
    { sinon: '1000 €' },
  ] },
  deductible: { variations: [{ si: 'referred', alors: 'full * 50%' }, { sinon: 'full' }] },
  borne: { 'le minimum de': ['deductible', 'eligible'] },
  share: 'eligible - borne',
  'in bands': {
    barème: { assiette: 'share', tranches: [{ taux: '70%', plafond: '10000 €' }, { taux: '80%', plafond: '50000 €' }, { taux: '90%' }] },
    arrondi: '2 décimales',
  },
  factor: { variations: [{ si: 'away', alors: '85%' }, { sinon: '100%' }] },
  room: { valeur: '200000 € - paid', plancher: '0 €' },
  asked: { valeur: 'in bands * factor', arrondi: '2 décimales' },
  basic: { 'le minimum de': ['asked', 'room', 'share'] },
  own: 'eligible - basic',
  above: { valeur: 'own - 14000 €', plancher: '0 €' },
  'in illness': {
    barème: { assiette: 'above', tranches: [{ taux: '60%', plafond: '30000 €' }, { taux: '70%' }] },
    arrondi: '2 décimales',
  },
  left: 'share - basic',
  critical: { 'le minimum de': ['in illness', '300000 €', 'left'] },
}

export const prepare = ({ total, outOfScope, paid, date, scheme, level, referred, away }) => ({
  total: `${yuanText(total)} €`, 'out of scope': `${yuanText(outOfScope)} €`, paid: `${yuanText(paid)} €`,
  date: date.split('-').reverse().join('/'), scheme: `'${scheme}'`, level: `'${level}'`, referred: referred ? 'oui' : 'non', away: away ? 'oui' : 'non',
})

export function make() {
  const engine = new Engine(RULES)
  return situation => {
    engine.setSituation(situation)
    return { basic: engine.evaluate('basic'), critical: engine.evaluate('critical') }
  }
}

export const answer = ({ basic, critical }) => ({ basic: Math.round(basic.nodeValue * 100), critical: Math.round(critical.nodeValue * 100) })
export const use = ({ basic, critical }) => basic.nodeValue + critical.nodeValue
