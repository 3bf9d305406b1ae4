// A generated pack with one table of `a` × `b` rows, to see whether a look-up knows how many there are.

const options = (letter, count) => Array.from({ length: count }, (_, i) => `      ${letter}${i}: { zh: ${letter}${i}, en: ${letter}${i} }`).join('\n')

export const tableOf = (a, b) => `pack: bench-table
revision: 2026.11.1
title: { zh: 基准测试用的虚构表格, en: Invented table for the benchmark }
region: { code: "000000", zh: 虚设市, en: Invented city }
publisher: { zh: 测试, en: tests }
status: invented
evidence_date: 2024-01-01
caveats:
  - { zh: 数字纯属虚构，仅供测试, en: "Figures are invented, for tests only" }
payers:
  fund: { zh: 基金, en: fund }
facts:
  total: { type: money, label: { zh: 总费用, en: total cost }, question: { zh: 一共花了多少钱？, en: "What did it cost?" }, min: 0元, max: 2000000元 }
  first:
    type: option
    label: { zh: 甲, en: first }
    question: { zh: 甲是什么？, en: "Which first?" }
    options:
${options('a', a)}
  second:
    type: option
    label: { zh: 乙, en: second }
    question: { zh: 乙是什么？, en: "Which second?" }
    options:
${options('b', b)}
services:
  estimate:
    title: { zh: 测算, en: Estimate }
    kind: settlement
    topic: reimbursement
    steps:
      - id: rate
        label: { zh: 比例, en: rate }
        table:
          by: [first, second]
          rows:
${Array.from({ length: a * b }, (_, i) => `            - { first: a${Math.floor(i / b)}, second: b${i % b}, is: ${i % 100}% }`).join('\n')}
      - id: bill
        label: { zh: 账单, en: bill }
        bill: total
        parts:
          share: { zh: 按比例分担, en: shared, amount: rest }
      - id: basic
        label: { zh: 基金支付, en: fund pays }
        pay: fund
        from: [share]
        amount: total * rate
        round: half_up to fen
`
