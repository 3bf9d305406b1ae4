// A word or two on each term where a reader meets it first. Meanings as in docs/glossary.md.

const TERMS = {
  起付线: ['住院要先自己付的那一段，超过以后医保才开始付', 'deductible: borne by yourself before the fund pays', /起付线|起付标准|门槛费|deductible/iu],
  自费: ['医保目录外、全部由自己付的钱', 'what no scheme pays', /自费|out-of-scope|not cover at all/iu],
  先行自付: ['乙类药品和项目先由自己付的一部分，剩下的再按比例报', 'the share of class B items that you bear before anything else', /先行自付|first-pay|pay first yourself/iu],
  超限价: ['价钱超过医保规定上限的那一部分，由自己付', 'the part of a price above the insurance limit', /限价|price limit/iu],
  政策范围内费用: ['总费用里医保管的那一部分', 'the part of the bill that the insurance covers', /政策范围内|in-policy/iu],
  异地备案: ['去外地看病以前，向医保登记', 'registering care elsewhere with the insurance beforehand', /备案|filing|filed/iu],
  转诊: ['由医生开单，从一家医院转到另一家', 'a transfer between hospitals on a doctor’s paper', /转诊|referral/iu],
  长期处方: ['一次开几周药的处方，给病情稳定的慢性病人', 'a prescription for weeks, for stable chronic disease', /长期处方|长处方|long prescription/iu],
  封顶线: ['医保最多付到的数', 'the most the fund pays', /封顶|cap\b/iu],
}

const named = (text, wanted) => Object.entries(TERMS).filter(([, [, , pattern]]) => pattern.test(text) && wanted(pattern)).map(([term, [zh, en]]) => ({ term, zh, en }))
const wordsOf = ({ fact }, pick) => [fact.question ?? fact.label, fact.hint].map(pick).join(' ')

/** Terms that a question is the first to use, of all questions of its service. */
export function glossOf(asks, one, { pick }) {
  const before = asks.slice(0, asks.indexOf(one)).map(each => wordsOf(each, pick)).join(' ')
  return named(wordsOf(one, pick), pattern => !pattern.test(before))
}

/** Terms in the label of a step that no step before it names. */
export function glossOfStep(steps, step, { pick }) {
  const before = steps.slice(0, steps.indexOf(step)).map(each => pick(each.label)).join(' ')
  return named(pick(step.label), pattern => !pattern.test(before))
}
