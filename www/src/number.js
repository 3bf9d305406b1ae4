// A value's text back to the number of its register: the other way round than `value.js`, exactly.

const UP = { yuan: 100n, rate: 1n, points: 1n }

/** The whole number that a text stands for, over the denominator of an output; undefined where it is none. */
export function numberOf({ text, unit }, { den, options }) {
  switch (unit) {
    case 'bool': return BigInt(text === 'true')
    case 'date': return BigInt(Math.round(Date.parse(text) / 86_400_000))
    case 'option': {
      const at = options.indexOf(text)
      return at < 0 ? undefined : BigInt(at)
    }
    default: {
      const found = /^(-?)(\d+)(?:\.(\d+))?(?:\/(\d+))?%?$/.exec(text)
      if (found === null) return undefined
      const [, sign, whole, decimals = '', under = '1'] = found
      const over = BigInt(whole + decimals) * BigInt(den) * (UP[unit] ?? 1n)
      const down = 10n ** BigInt(decimals.length) * BigInt(under) * (unit === 'rate' || unit === 'points' ? 100n : 1n)
      if (over % down !== 0n) return undefined
      return sign === '-' ? -over / down : over / down
    }
  }
}
