// Medicine at home and the transfer down.
import { expect, test } from './kit.mjs'
import { DOWN, MEDICINE, choose, open } from './page.mjs'

test.use({ screenshot: 'only-on-failure' })
test.beforeEach(async ({ page }) => open(page))

test('the stricter local rule governs a long prescription, and is named', async ({ page }) => {
  const part = page.locator(MEDICINE)
  await expect(part.locator('.line-last').first()).toContainText('2个月')
  await expect(part.locator('.layer')).toContainText('管用的是“盖州市医共体（2021年建设实施方案）”。“全国长期处方管理规范（试行）：量与条件”的限度是84天（12周），地方规定更严，按地方的。')
  await part.locator('.layer summary').click()
  await expect(part.locator('.layer mark')).toHaveText(['不超过2个月用药量', '最长不超过12周'])
  await expect(part.locator('.layer')).toContainText('盖政办发〔2021〕12号')
})

test('a long prescription for 30 days, condition by condition', async ({ page }) => {
  const part = page.locator(MEDICINE)
  await choose(page, MEDICINE, '您和家庭医生签约了吗', '是')
  await part.getByLabel('这次想开够吃多少天的药？').fill('30')
  // The doctor, the agency and the hospital still have their word.
  await expect(part.locator('.verdict')).toContainText('须由医生或经办机构确认')
  await choose(page, MEDICINE, '医生是否已确认是慢性病', '是')
  await choose(page, MEDICINE, '经办机构是否已确认您的病可以开长处方', '是')
  await choose(page, MEDICINE, '是否已开展这项服务', '是')
  await expect(part.locator('.verdict')).toContainText('符合所列条件')
  await part.getByLabel('这次想开够吃多少天的药？').fill('63')
  await expect(part.locator('.verdict')).toContainText('不符合所列条件')
  await expect(part.locator('.condition-fails')).toContainText('超过了2个月')
})

test('by the national rule alone: 12 weeks where the condition is stable, 4 where it is not', async ({ page }) => {
  const part = page.locator(MEDICINE)
  await part.getByRole('radio', { name: /^全国长期处方管理规范/ }).check()
  await choose(page, MEDICINE, '医生是否已确认病情稳定', '是')
  await expect(part.locator('.line-last').first()).toContainText('84天（12周）')
  await choose(page, MEDICINE, '医生是否已确认病情稳定', '否')
  await expect(part.locator('.line-last').first()).toContainText('28天（4周）')
})

test('the transfer down: conditions, papers and the four verdicts', async ({ page }) => {
  const part = page.locator(DOWN)
  await expect(part.locator('.condition')).toHaveCount(4)
  await expect(part.locator('.papers')).toContainText('请准备 转诊转院单')
  for (const [question, option] of [['您家那里吗', '是'], ['医生联系过了吗', '是'], ['手里有没有转诊转院单', '是']]) await choose(page, DOWN, question, option)
  await expect(part.locator('.verdict')).toContainText('须由医生或经办机构确认')
  await expect(part.locator('.verdict')).toContainText('要由医生确认')
  await choose(page, DOWN, '到了恢复期', '是')
  await expect(part.locator('.verdict')).toContainText('符合所列条件')
  await expect(part.locator('.papers')).toContainText('已有 转诊转院单')
  await choose(page, DOWN, '手里有没有转诊转院单', '不清楚')
  await expect(part.locator('.verdict')).toContainText('还不能确定')
  await part.locator('.missing').getByRole('button', { name: '手里有没有转诊转院单？' }).click()
  await expect(part.getByRole('group', { name: '手里有没有转诊转院单' }).getByRole('radio', { name: '不清楚' })).toBeFocused()
  await choose(page, DOWN, '手里有没有转诊转院单', '否')
  await expect(part.locator('.verdict')).toContainText('不符合所列条件')
  await expect(part.locator('.papers')).toContainText('还缺 转诊转院单')
  const slip = part.locator('.condition-fails')
  await slip.locator('summary').click()
  await expect(slip.locator('blockquote')).toContainText('开具转诊转院单及时将患者转回基层医疗机 构康复治疗')
})
