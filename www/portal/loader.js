/*! yibao-rules, MIT OR Apache-2.0. One line on any page:
 *    <script src="…/yibao-rules/loader.js" defer data-region="340000" data-service="estimate"></script>
 *  puts the element where the script stands. data-target="#id" puts it elsewhere, data-frame="400" makes an iframe of it
 *  with that height to begin with. Every other data- attribute becomes an attribute of the element. */
(function () {
  'use strict'
  var script = document.currentScript
  var base = new URL('./', script.src)
  var given = script.dataset
  var own = { target: 1, frame: 1 }

  function say(text) { console.error('yibao-rules: ' + text) }

  function attributes(set) {
    Array.prototype.forEach.call(script.attributes, function (one) {
      var name = one.name.slice(5)
      if (one.name.slice(0, 5) === 'data-' && !own[name]) set(name, one.value)
    })
  }

  function place(element) {
    if (!given.target) return script.parentNode.insertBefore(element, script)
    var target = document.querySelector(given.target)
    if (target) return target.appendChild(element)
    say('there is no ' + given.target + ' on this page')
  }

  function element() {
    var check = document.createElement('yibao-check')
    attributes(function (name, value) { check.setAttribute(name, value) })
    if (!check.hasAttribute('assets')) check.setAttribute('assets', base.href)
    if (!place(check)) return
    import(new URL('element/yibao-check.js', base).href).catch(function (error) {
      // What stands between the tags of the element, or the hotline here, is what remains to be read.
      check.textContent = '测算工具没有打开，请询问医院窗口或医保经办机构。The calculator did not open.'
      say(error.message)
    })
    if (/[?&]selftest(?:[=&]|$)/.test(location.search)) import(new URL('selftest.js', base).href).then(function (test) { test.beside(check) })
  }

  function frame() {
    var page = new URL('frame.html', base)
    attributes(function (name, value) { page.searchParams.set(name, value) })
    var made = document.createElement('iframe')
    made.src = page.href
    made.title = given.title || '医保测算'
    made.height = given.frame
    // Not as an attribute: a content policy forbids that.
    made.style.width = '100%'
    made.style.border = '0'
    if (!place(made)) return
    import(new URL('host.js', base).href).then(function (host) { host.follow(made) }, function (error) { say(error.message) })
  }

  if ('frame' in given) frame()
  else element()
})()
