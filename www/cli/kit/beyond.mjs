// What a cell asks for and this table cannot say: told as that, and not as a figure that is badly written.

const NUMBER = /\d+(?:\.\d+)?\s*(?:%|元|万)/g

const KINDS = [
  [/递减|递增|逐次|依次|第[一二三四五六]次|首次.*再次|次.*次/, '每次住院不同的规定'],
  [/门诊|门特|慢病|慢性病|大病|救助|异地|转外|市外/, '住院以外或统筹区外的待遇'],
  [/分段|以上|以下|以内|超过|超出|部分|之间|[\d元万%]\s*[-~～—至到]+\s*\d/, '分段的规定'],
  [/退休|在职|儿童|学生|老年|低保|特困|贫困/, '按人分的规定'],
]

const WAY = '这一格请空着（碰到时不给金额），或另写政策包（docs/packs.md）'

/** The complaint, or nothing where the text is a figure that is badly written. */
export function beyond(text) {
  const kind = KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? ((text.match(NUMBER) ?? []).length > 1 ? '一格里的几个数' : undefined)
  return kind === undefined ? undefined : `「${text}」：${kind}，这张表写不了；${WAY}`
}
