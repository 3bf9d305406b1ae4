// What a reader does, done in the page itself: so that any browser that opens an address is tested, also one that no
// driver drives. Each step has a frame of its own, 360 pixels wide; what came of it is asked of the server as an address.

const WIDTH = 360
const PATIENCE = 40_000
/** 宿州: 500 + (20,000 − 500) × 20 % in a county hospital; 700 + (20,000 − 700) × 25 % in the city's of level 3. */
const STAY = { admissionDate: '2023-06-16', scheme: 'resident', place: 'in_city', level: 'county', outOfScope: '0', overLimit: '0', firstPay: '0' }
const COUNTY = '4,400.00 元'

const sleep = time => new Promise(resolve => setTimeout(resolve, time))

/** Waits for what `look` gives to be something; says what it waited for otherwise. */
async function until(what, look, patience = PATIENCE) {
  const end = Date.now() + patience
  for (;;) {
    const found = look()
    if (found) return found
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`)
    await sleep(40)
  }
}

async function opened(address) {
  const frame = document.createElement('iframe')
  frame.width = WIDTH
  frame.height = 800
  frame.src = address
  document.body.append(frame)
  await new Promise(resolve => { frame.onload = resolve })
  return frame.contentDocument
}

const text = root => (root ? root.textContent.replace(/\s+/g, ' ') : '')
const all = (root, selector) => Array.from(root.querySelectorAll(selector))

async function ready(page, selector = 'yibao-check') {
  const check = page.querySelector(selector)
  await until('the element to be ready', () => {
    if (check.dataset.status === 'error') throw new Error('the element says error')
    return check.dataset.status === 'ready' && check.session
  })
  await until('all of the engine', () => check.session.pack.rules.isComplete)
  await check.updateComplete
  return check
}

function fill(check, key, value) {
  const field = check.shadowRoot.getElementById(`q-${key}`)
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
  field.dispatchEvent(new Event('change', { bubbles: true }))
}

async function unfold(check, title) {
  const section = () => all(check.shadowRoot, 'details.section').find(one => text(one).includes(title))
  const found = await until(title, section)
  found.querySelector('summary').click()
  return until(`what is in ${title}`, () => section().querySelector('.section-body'))
}

const answer = check => text(check.shadowRoot.querySelector('.answer'))

/** 宿州 with one amount typed as people type it. */
async function answered(mode = 'standard') {
  const check = await ready(await opened(`/flow/check.html?${mode}`))
  check.answers = STAY
  await check.updateComplete
  fill(check, 'total', '２万元')
  await until(COUNTY, () => answer(check).includes(COUNTY))
  return check
}

const STEPS = {
  async story() {
    const check = await ready(await opened('/index.html'), '#story')
    await until('the story', () => text(check.shadowRoot).includes('您自己少花 1,640.00 元，医保少付 2,510.00 元'))
  },
  async estimate() {
    await answered()
  },
  async why() {
    const check = await answered()
    all(check.shadowRoot, 'details.line > summary').forEach(one => one.click())
    await until('the formula and its clause', () => all(check.shadowRoot, '.why-body').some(one => one.textContent.includes('80%')))
  },
  async chart() {
    const check = await answered()
    const body = await unfold(check, '费用变化图')
    await until('the chart', () => text(body).includes('总费用每多 100 元，您多付 20 元') && body.querySelector('svg.chart path, svg.chart polyline'))
  },
  async comparison() {
    const check = await answered()
    const body = await unfold(check, '不同就医路径费用对照')
    const figures = ['3,170.00 元', '4,400.00 元', '5,525.00 元', '6,700.00 元']
    await until('four ways', () => all(body, '.way-figure').map(text).map(one => one.trim()).join() === figures.join())
  },
  async year() {
    const check = await answered()
    const body = await unfold(check, '一年住几次')
    body.querySelector('button').click()
    await until('two ways through a year', () => all(check.shadowRoot, '.path-spend strong').map(text).join() === [COUNTY, COUNTY].join())
  },
  async share() {
    const check = await answered()
    const body = await unfold(check, '分享')
    const { href } = await until('the link', () => body.querySelector('a.link'))
    const other = await ready(await opened(href))
    await until('the answers of the link', () => answer(other).includes(COUNTY))
  },
  async elder() {
    const check = await answered('elder')
    const size = parseFloat(check.ownerDocument.defaultView.getComputedStyle(check.shadowRoot.querySelector('.answer')).fontSize)
    if (size < 24) throw new Error(`the answer is written in ${size} px`)
    const { scrollWidth } = check.ownerDocument.documentElement
    if (scrollWidth > WIDTH) throw new Error(`the page is ${scrollWidth} px wide`)
  },
  async selftest() {
    const page = await opened('/yibao/index.html?selftest')
    const box = await until('the self-test', () => page.querySelector('.yibao-selftest[data-outcome]'), 4 * PATIENCE)
    if (box.dataset.outcome !== 'passed') throw new Error(text(box))
    const [, packs, cases, same] = /(\d+) 个规则包的 (\d+) 个例子，(\d+) 个/.exec(text(box))
    return { build: text(box).includes('WebAssembly') ? 'wasm' : 'js', packs: Number(packs), cases: Number(cases), same: Number(same) }
  },
}

const tell = said => fetch(`/said/${encodeURIComponent(JSON.stringify(said))}`).catch(() => {})

async function run() {
  for (const name of Object.keys(STEPS)) {
    const said = { step: name }
    try {
      Object.assign(said, await STEPS[name]())
    } catch (error) {
      said.error = String(error && error.message || error).slice(0, 600)
    }
    document.querySelectorAll('iframe').forEach(one => one.remove())
    await tell(said)
  }
  await tell({ step: 'end', agent: navigator.userAgent })
}

run()
