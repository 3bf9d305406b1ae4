// 朗读: with voices of this device only. A voice that sends text elsewhere is never used.

const synth = () => globalThis.speechSynthesis

/** A local voice for the language, if there is one. */
export const voiceFor = lang => synth()?.getVoices().find(one => one.localService && one.lang.replace('_', '-').toLowerCase().startsWith(lang.slice(0, 2).toLowerCase()))

/** Voices come late in some browsers. Gives a function that stops listening. */
export function whenVoicesChange(heard) {
  const all = synth()
  all?.addEventListener?.('voiceschanged', heard)
  return () => all?.removeEventListener?.('voiceschanged', heard)
}

export function speak(text, lang, ended) {
  const voice = voiceFor(lang)
  if (voice === undefined) return false
  const words = new SpeechSynthesisUtterance(text)
  Object.assign(words, { voice, lang: voice.lang, rate: 0.9, onend: ended, onerror: ended })
  synth().cancel()
  synth().speak(words)
  return true
}

export const hush = () => synth()?.cancel()
