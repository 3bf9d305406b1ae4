// The table that an officer fills: one row a named cell, with the figure and the sentence it comes from.

export const COLUMNS = { name: '项目', value: '填写', quote: '原文', help: '怎样填' }
export const LEVELS = 4

/**
 * Rows of the table. `kind`: how the cell is read; `needed`: blank is an error; `quoted`: a figure, with its sentence.
 * A blank cell of a figure is allowed: the pack refuses there.
 */
export const ROWS = [
  { id: 'region', name: '地区', kind: 'text', needed: true, help: '省、市、县全称，如 某省某市某县' },
  { id: 'code', name: '行政区划代码', kind: 'code', needed: true, help: '六位数字' },
  { id: 'pack', name: '政策包名称', kind: 'id', help: '可空。小写拼音，词之间用 -，如 moushi-mouxian-resident' },
  { id: 'scheme', name: '参保类型', kind: 'choice', needed: true, choices: { 城乡居民: 'resident', 职工: 'employee' }, help: '城乡居民 或 职工' },
  { id: 'publisher', name: '发布单位', kind: 'text', needed: true, help: '文件上的单位全称' },
  { id: 'title', name: '文件标题', kind: 'text', needed: true, help: '照抄' },
  { id: 'number', name: '文号', kind: 'text', help: '照抄；没有就空着' },
  { id: 'issued', name: '发布日期', kind: 'date', needed: true, help: '如 2024-03-01 或 2024年3月1日' },
  { id: 'evidence', name: '依据日期', kind: 'date', needed: true, help: '文件讲的是哪一天的政策；一般同发布日期' },
  { id: 'from', name: '有效期起', kind: 'date', help: '文件写明才填；以前的日子不测算' },
  { id: 'until', name: '有效期止', kind: 'date', help: '文件写明才填；写最后一天，以后的日子不测算' },
  { id: 'status', name: '状态', kind: 'choice', needed: true, choices: { 现行有效: 'in_force', 不知何时失效: 'dated', 已失效: 'historical', 征求意见: 'proposal', 虚构: 'invented' }, help: '现行有效 / 不知何时失效 / 已失效 / 征求意见 / 虚构（练习用）' },
  { id: 'read_at', name: '网址', kind: 'url', help: '在哪里读到的；没有就空着' },
  { id: 'grade', name: '资料性质', kind: 'choice', needed: true, choices: { 文件原文: 'policy_text', 部门网页: 'authority_page', 报刊: 'press', 其他: 'seed' }, help: '文件原文 / 部门网页 / 报刊 / 其他' },
  { id: 'cap', name: '年度限额（元）', kind: 'cap', quoted: true, help: '基金一年最多付多少；文件不设限额的填 无；空着则不给金额' },
  { id: 'year', name: '结算年度从', kind: 'day', help: '如 1月1日；有年度限额或再次住院规定时必填' },
  { id: 'repeat', name: '再次住院的起付标准', kind: 'repeat', quoted: true, help: '每次相同，或写首次的百分之几，如 50%；空着则再次住院不给金额' },
  ...Array.from({ length: LEVELS }, (_, i) => levelRows(i + 1)).flat(),
]

function levelRows(n) {
  return [
    { id: `level_${n}.name`, name: `级别${n} 名称`, kind: 'text', needed: n === 1, help: '如 一级及以下医疗机构；没有这一级就三格都空着' },
    { id: `level_${n}.deductible`, name: `级别${n} 起付标准（元）`, kind: 'money', quoted: true, help: '如 200 或 200元；空着则这一级不给金额' },
    { id: `level_${n}.rate`, name: `级别${n} 支付比例`, kind: 'rate', quoted: true, help: '如 85%；空着则这一级不给金额' },
  ]
}
