// The portal page around the element: the story it opens on, and the language.

import { STORY } from './story.js'

const checks = document.querySelectorAll('yibao-check')
const button = document.getElementById('language')

/** The page's own words stand in its attributes, in both languages. */
function speak(lang) {
  const en = lang === 'en'
  document.documentElement.lang = en ? 'en' : 'zh-CN'
  document.title = en ? 'Health-insurance rules, demonstration: back to the township for recovery' : '医保规则演示：从上级医院转回乡镇卫生院康复'
  for (const one of document.querySelectorAll('[data-zh]')) one.textContent = en ? one.dataset.en : one.dataset.zh
  document.querySelector('.skip').textContent = en ? 'Skip to the content' : '跳到正文'
  button.textContent = en ? '中文' : 'English'
  button.lang = en ? 'zh-CN' : 'en'
  for (const check of checks) check.lang = document.documentElement.lang
}

const asked = () => (new URL(location.href).searchParams.get('lang') === 'en' ? 'en' : 'zh-CN')

button.addEventListener('click', () => {
  const next = asked() === 'en' ? 'zh-CN' : 'en'
  const address = new URL(location.href)
  if (next === 'en') address.searchParams.set('lang', 'en')
  else address.searchParams.delete('lang')
  history.replaceState(null, '', address)
  speak(next)
})

document.getElementById('story').year = STORY
speak(asked())
