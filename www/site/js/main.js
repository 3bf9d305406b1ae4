// The page: the story, medicine at home, the transfer down, another place; in two languages.

import { chooser } from './chooser.js'
import { el } from './dom.js'
import { foot } from './foot.js'
import { medicine, transferDown } from './home.js'
import { LANGUAGES, language, languageOf } from './language.js'
import { story } from './story.js'

const ALLIANCE = 'alliance-deductible-subsidy'
const AT_HOME = ['gaizhou-2021', 'cn-long-prescription']

/** What was entered, kept while this page is open and nowhere else. */
const state = { story: {}, medicine: {}, down: {}, choose: {} }
let packs
let others

function render(words) {
  const { lang, pick, say } = words
  document.documentElement.lang = lang
  document.title = say('page.title')
  const titles = id => (packs.has(id) ? pick(packs.get(id).header.title) : id)
  const end = foot(words)
  const onPack = chosen => end.show([...new Set([ALLIANCE, ...AT_HOME, chosen.id])].filter(id => packs.has(id)).map(id => packs.get(id)))
  const alliance = packs.get(ALLIANCE)
  document.getElementById('page').replaceChildren(
    el('a', { class: 'skip', href: '#main' }, say('page.skip')),
    head(words),
    el('main', { id: 'main', tabindex: '-1' },
      el('h1', {}, say('story.title')),
      el('p', { class: 'emergency' }, say('page.emergency')),
      story({ pack: alliance, language: words, answers: state.story }),
      medicine({ packs, language: words, titles, answers: state.medicine }),
      transferDown({ pack: alliance, language: words, titles, answers: state.down }),
      chooser({ packs, others, language: words, titles, state: state.choose, onPack })),
    end.node)
  document.body.dataset.ready = lang
}

function head({ lang, say }) {
  const other = LANGUAGES.find(one => one !== lang)
  return el('header', { class: 'top' },
    el('div', {}, el('p', { class: 'top-name' }, say('page.name')), el('p', { class: 'top-notice' }, say('page.notice'))),
    el('button', { type: 'button', class: 'button', id: 'language', lang: other, on: { click: () => change(other) } }, say('page.language')))
}

function change(lang) {
  const address = new URL(location.href)
  if (lang === 'en') address.searchParams.set('lang', 'en')
  else address.searchParams.delete('lang')
  history.replaceState(null, '', address)
  render(language(lang))
  document.getElementById('language').focus()
}

async function start() {
  const words = language(languageOf(location.href))
  try {
    const { open } = await import('./packs.js')
    ;({ packs, others } = await open([ALLIANCE, ...AT_HOME]))
    render(words)
  } catch (error) {
    document.getElementById('main').replaceChildren(
      el('h1', {}, words.say('story.title')), el('p', { class: 'emergency' }, words.say('page.emergency')),
      el('p', { class: 'field-error there' }, words.say('page.failed')), el('p', { lang: 'en' }, String(error.message)))
    throw error
  }
}

start()
