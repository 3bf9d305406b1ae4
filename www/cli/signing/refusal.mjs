// What the verifier refuses, as a sentence and exit code 5.

import { EXIT, Failure } from '../exit.mjs'

/** Of each code of the verifier: what is wrong, from the values that came with it. */
const WORDS = {
  'bad-key': () => '给的不是 minisign 公钥（是不是给成了私钥？）',
  'bad-signature': () => '签名文件不是 minisign 签名（或是 2021 年以前的旧格式，或签名前后有多余的内容）',
  'other-key': ({ found, expected }) => `签名用的是钥匙 ${found}，这里只信 ${expected || '（没有给公钥）'}`,
  'too-few': ({ count, threshold }) => `签名不够：要 ${threshold} 把钥匙，只有 ${count} 把`,
  altered: ({ file }) => `${file ? `\`${file}\` ` : '文件'}与签名时不一样，被改动过`,
  'altered-comment': () => '签名里的可信注释被改动过',
  'other-plan': ({ file }) => `\`${file}\` 不是清单里写的那个政策包、地区或版本`,
  'bad-manifest': () => '清单的格式不对',
  'bad-root': () => '信任根的格式不对，或有重复的钥匙',
  'bad-pin': () => '信任根要写成“版本:SHA-256”，如 `yibao pack inspect root.1.json` 所示',
  'other-root': ({ file }) => `\`${file}\` 不是所信任的那个信任根`,
  missing: ({ file }) => `缺少 ${file}`,
  'memory-lost': ({ file }) => `${file ? `\`${file}\` ` : '记录'}不见了或已损坏，分不清新旧版本，所以不接受`,
  expired: ({ expires, today, root }) => `${root ? '信任根' : '清单'}有效期到 ${expires}，今天是 ${today}，已经过期`,
  'rolled-back': ({ version, last, root }) => {
    if (root) return `清单用的是第 ${version} 版信任根，已经知道第 ${last} 版，不能退回`
    return version < last ? `清单是第 ${version} 版，以前已经接受过第 ${last} 版，不能退回` : `清单与以前接受的第 ${last} 版版本号相同，内容不同`
  },
  unlisted: ({ file }) => `清单里没有 \`${file}\``,
}

/** Runs `work`; what the verifier refuses ends the command with the file it is about. */
export async function refusing(file, work) {
  try {
    return await work()
  } catch (error) {
    throw refusal(file, error)
  }
}

/** The complaint that an error of the verifier becomes; other errors as they are. */
export function refusal(file, error) {
  const words = WORDS[error.code]
  if (error.name !== 'YibaoError' || words === undefined) return error
  const [{ message, values = {} }] = error.diagnostics
  return new Failure(EXIT.INTEGRITY, error.code, { zh: `\`${file}\`：${words(values)}`, en: `\`${file}\`: ${message}` }, { cause: error })
}
