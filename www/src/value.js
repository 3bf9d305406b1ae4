// Registers as text, exactly as the engine writes them.

const UNITS = ['yuan', 'rate', 'number', 'points', 'days', 'months', 'date', 'bool']

/** Thrown where a number cannot be written here; the caller takes the whole decision. */
export const BEYOND = new Error('beyond')

/**
 * What makes a value of a register's number: kind and denominator as the engine gives them. `undefined` for whole fen,
 * as nearly all are: `money` is called for them at once, and V8 sees what it calls.
 */
export function valueOf(plan, kind, den) {
  if (kind >= 8) {
    const options = plan.choices[kind - 8].options.map(({ id, label }) => ({ id, label: Object.freeze(label) }))
    return number => {
      const { id, label } = options[number]
      return { state: 'known', text: id, unit: 'option', label }
    }
  }
  const unit = UNITS[kind]
  if (unit === 'yuan' && den === 1) return undefined
  const text = unit === 'yuan' ? number => fractions(number, den) : remembered(writer(unit, den))
  return number => ({ state: 'known', text: text(number), unit })
}

/** The value of an amount in whole fen. */
export const money = fen => ({ state: 'known', text: yuan(fen), unit: 'yuan' })

/** Rates, days and truths are few: each is written once. */
const MOST_REMEMBERED = 1_000

function remembered(write) {
  const all = new Map()
  return number => {
    let text = all.get(number)
    if (text === undefined) {
      text = write(number)
      if (all.size < MOST_REMEMBERED) all.set(number, text)
    }
    return text
  }
}

function writer(unit, den) {
  switch (unit) {
    case 'rate': return number => `${scaled(number, 100, den)}%`
    case 'points': return number => scaled(number, 100, den)
    case 'date': return isoDate
    case 'bool': return number => String(number !== 0)
    default: return number => scaled(number, 1, den)
  }
}

/** Numbers below a thousand as text, the same with their zeros, and fen: made when first written. */
const SHORT = []
const PADDED = []
const CENTS = []

function yuan(fen) {
  if (fen < 0) return `-${yuan(-fen)}`
  // Numbers of 32 bits are divided several times as fast.
  if (fen >= 100_000_000) return Math.floor(fen / 100) + cents(fen % 100)
  const small = fen | 0
  const whole = (small / 100) | 0
  // V8 writes a number it has not met lately three times slower than it joins texts.
  const thousands = (whole / 1_000) | 0
  const rest = whole - thousands * 1_000
  const part = cents(small - whole * 100)
  if (thousands === 0) return (SHORT[rest] ??= String(rest)) + part
  return (SHORT[thousands] ??= String(thousands)) + ((PADDED[rest] ??= String(rest).padStart(3, '0')) + part)
}

const cents = part => (CENTS[part] ??= `.${String(part).padStart(2, '0')}`)

/** Money over a denominator: two decimals at least, more where the fen are not whole. */
function fractions(number, den) {
  if (number % den === 0) return yuan(number / den)
  if (TENS.has(den)) {
    if (number < 0) return `-${fractions(-number, den)}`
    const whole = Math.floor(number / den)
    return yuan(whole) + behindPoint(number - whole * den, den)
  }
  const text = scaled(number, 1, den * 100)
  if (text.includes('/')) return text
  const decimals = text.length - text.indexOf('.') - 1
  return decimals === 1 ? `${text}0` : text
}

function divisor(a, b) {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}

const TENS = new Set([1, 10, 100, 1_000, 10_000, 100_000, 1_000_000])

/** The same where the denominator is a power of ten, as it mostly is. */
function tens(size, den) {
  const whole = Math.floor(size / den)
  const rest = size - whole * den
  return rest === 0 ? String(whole) : `${whole}.${behindPoint(rest, den)}`
}

/** `rest / den` below one, without zeros at the end. */
function behindPoint(rest, den) {
  // The one before the decimals keeps their leading zeros.
  const digits = String(den + rest)
  let end = digits.length
  while (digits.charCodeAt(end - 1) === 48) end -= 1
  return digits.slice(1, end)
}

/** `number × up / den` as a decimal where there is a finite one, else as a reduced fraction. */
function scaled(number, up, den) {
  let size = Math.abs(number) * up
  if (size > Number.MAX_SAFE_INTEGER || den > Number.MAX_SAFE_INTEGER / 10) throw BEYOND
  if (TENS.has(den)) return (number < 0 ? '-' : '') + tens(size, den)
  const common = divisor(size, den)
  size /= common
  den /= common
  const sign = number < 0 ? '-' : ''
  if (den === 1) return sign + size
  let left = den
  while (left % 5 === 0) left /= 5
  while (left % 2 === 0) left /= 2
  if (left !== 1) return `${sign}${size}/${den}`
  const whole = Math.floor(size / den)
  let rest = size - whole * den
  let decimals = ''
  while (rest > 0) {
    rest *= 10
    const digit = Math.floor(rest / den)
    decimals += digit
    rest -= digit * den
  }
  return `${sign}${whole}.${decimals}`
}

function isoDate(days) {
  const date = new Date(days * 86_400_000)
  return date.toISOString().slice(0, 10)
}
