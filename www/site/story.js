// The story that the demo page opens on: from the upper hospital back to the township for recovery.
//
// EXAMPLE AMOUNTS, invented for the story and marked 示例金额 on the page. The source text hides every amount; none of
// these is, or follows from, a rate of any policy.
export const STORY = {
  service: 'subsidy',
  title: { zh: '从上级医院转回乡镇卫生院康复', en: 'Back from the upper hospital to the township for recovery' },
  lead: {
    zh: '一位突发脑梗塞的患者在上级医院住院，病情平稳后转回镇卫生院继续康复。一家医联体的汇报材料讲了这件事，但把地名、医院和每一笔金额都隐去了。',
    en: 'A patient with a sudden stroke was treated at an upper hospital and, once stable, went back to the township health centre for recovery. A hospital alliance reports the case, but its text hides the place, the hospital and every amount.',
  },
  note: {
    zh: '下面的住院费用都是示例金额，请改成您自己结算单上的数。',
    en: 'The hospital costs below are example amounts: change them to those on your own statements.',
  },
  example: true,
  shared: { scheme: 'resident', insideAlliance: 'true' },
  asked: ['scheme'],
  ways: [
    {
      label: { zh: '一直住在上级医院', en: 'Staying at the upper hospital' },
      stays: [{ label: { zh: '在上级医院住到出院', en: 'At the upper hospital until discharge' }, facts: { direction: 'none', total: '18260', fundPaid: '12430' } }],
    },
    {
      label: { zh: '病情稳定后转回乡镇卫生院', en: 'Back to the township once stable' },
      stays: [
        { label: { zh: '先在上级医院，住到病情稳定', en: 'First at the upper hospital, until stable' }, facts: { direction: 'none', total: '11850', fundPaid: '7940' } },
        { label: { zh: '再转回乡镇卫生院康复', en: 'Then at the township health centre' }, facts: { direction: 'down', total: '2460', fundPaid: '1980' } },
      ],
    },
  ],
}
