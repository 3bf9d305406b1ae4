// A host in TypeScript: the tag is known, its events are typed, answers and results are plain data.
import type { YibaoCheckAttributes, YearPlan } from 'yibao-rules/element'

const check = document.createElement('yibao-check')
check.answers = { total: '20000' }
check.mode = 'elder'
const text: string | null = check.exportCase()
const share: string | undefined = check.result?.amounts?.patient.text
check.addEventListener('yibao-result', ({ detail }) => { detail.outcome satisfies 'computed' | 'incomplete' | 'refused' })
// @ts-expect-error there is no such mode
check.mode = 'huge'
const attributes: YibaoCheckAttributes = { region: '341300', 'as-of': '2023-06-16', features: 'chart' }
const year: YearPlan = { service: 'subsidy', ways: [{ label: { zh: '甲', en: 'A' }, stays: [{ facts: { total: '1' } }] }] }
check.year = year
export { attributes, share, text }
