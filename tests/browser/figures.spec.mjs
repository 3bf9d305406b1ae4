// Figures as people type and read them, without a page. What is not understood goes to the engine as it is.
import { fen, grouped, inWords, shown, typed, yuan } from '../../www/element/figures.js'
import { language, loadWords } from '../../www/element/words/language.js'
import { expect, test } from './kit.mjs'

test('full-width digits, separators, 元 and 万 are understood; the rest is left to the engine', () => {
  const read = { '２００００': '20000', '20,000.50': '20000.50', '２０，０００': '20000', '3万': '30000', '1.5万元': '15000', '0.00005万': '0.5', '￥3000': '3000', '12。5': '12.5', ' 7 元 ': '7', '1,234万': '12340000' }
  for (const [text, expected] of Object.entries(read)) expect(typed(text, 'money'), text).toBe(expected)
  for (const text of ['abc', '1,2', '1.2.3', '万', '3万5', '-5', '1e3']) expect(typed(text, 'money'), text).toBe(text)
  expect(typed('   ', 'money')).toBeUndefined()
  expect(typed('７５', 'rate')).toBe('75%')
  expect(typed('30天', 'days')).toBe('30')
})

test('amounts in Chinese words', () => {
  const words = { 0: '零元整', 10: '十元整', 112: '一百一十二元整', '1005.20': '一千零五元二角', '12.03': '十二元零三分', 30000: '三万元整', 10100000: '一千零一十万元整', 100010000: '一亿零一万元整', '0.05': '五分', '-5': '负五元整' }
  for (const [text, expected] of Object.entries(words)) expect(inWords(text), text).toBe(expected)
  expect(inWords('abc')).toBe('')
})

test('money is exact to the fen, with a real minus sign', () => {
  expect(fen('0.1') + fen('0.2')).toBe(30n)
  expect(yuan(-5n)).toBe('-0.05')
  expect(grouped('-1234567.80')).toBe('−1,234,567.80')
  expect(fen('1.234')).toBeUndefined()
})

test('values with their units in both languages', async () => {
  await loadWords('en')
  const value = (unit, text) => ({ state: 'known', unit, text })
  const [zh, en] = [language('zh-CN'), language('en')]
  expect(shown(value('days', '84'), zh)).toBe('84天（12周）')
  expect(shown(value('days', '30'), en)).toBe('30 days')
  expect(shown(value('months', '2'), zh)).toBe('2个月')
  expect(shown(value('yuan', '14475.00'), zh)).toBe('14,475.00 元')
  expect(shown(value('date', '2023-06-06'), zh)).toBe('2023年6月6日')
  expect(shown({ state: 'unset', unit: 'yuan', text: '' }, zh)).toBe('原文没有写')
})
