// The first two digits of administrative codes (GB/T 2260), and how the names of their places begin.

const PROVINCES = {
  11: '北京', 12: '天津', 13: '河北', 14: '山西', 15: '内蒙古', 21: '辽宁', 22: '吉林', 23: '黑龙江', 31: '上海', 32: '江苏', 33: '浙江', 34: '安徽', 35: '福建', 36: '江西', 37: '山东',
  41: '河南', 42: '湖北', 43: '湖南', 44: '广东', 45: '广西', 46: '海南', 50: '重庆', 51: '四川', 52: '贵州', 53: '云南', 54: '西藏', 61: '陕西', 62: '甘肃', 63: '青海', 64: '宁夏', 65: '新疆', 66: '新疆',
  71: '台湾', 81: '香港', 82: '澳门',
}

/** What does not fit between a code and a place, in words; nothing where it fits, or where neither is known. */
export function misplaced(code, region) {
  const expected = PROVINCES[code.slice(0, 2)]
  const own = Object.entries(PROVINCES).filter(([, name]) => region.startsWith(name)).map(([digits]) => digits)
  if (own.includes(code.slice(0, 2)) || (expected === undefined && own.length === 0)) return undefined
  const right = own.length === 0 ? '' : `${region.slice(0, PROVINCES[own[0]].length)}的代码以 ${own.join(' 或 ')} 开头`
  const wrong = expected === undefined ? '' : `${code.slice(0, 2)} 开头的是${expected}的代码`
  const name = own.length === 0 ? '；地区要写省、市、县全称' : ''
  return `「${code}」与地区「${region}」不合：${[wrong, right].filter(Boolean).join('，')}${name}`
}
