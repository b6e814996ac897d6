/* Says in plain words what keeps the page from starting: a browser that is too old, or a program that did not arrive.
 * A classic script in old JavaScript, so that the browsers which it is about can read it. */
(function () {
  /** 128-bit integers added: what a WebAssembly engine without SIMD refuses. */
  var SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
  var NEEDS = [
    ['array methods of 2023', function () { return [1].toSorted && [1]['with'] && [1].toSpliced && [1].findLast; }],
    ['AbortSignal.any', function () { return AbortSignal.any; }],
    ['Intl.Segmenter', function () { return Intl.Segmenter; }],
    ['CompressionStream', function () { return new CompressionStream('deflate-raw'); }],
    ['well-formed strings', function () { return ''.toWellFormed; }],
    ['structuredClone', function () { return structuredClone; }],
    ['WebAssembly SIMD', function () { return typeof WebAssembly === 'undefined' || WebAssembly.validate(new Uint8Array(SIMD)); }],
    ['CSS :has()', function () { return CSS.supports('selector(:has(a))'); }]
  ];

  function lacks(need) {
    try {
      return !need[1]();
    } catch (error) {
      return error !== null;
    }
  }

  function say(text) {
    var notice = document.createElement('p');
    notice.setAttribute('role', 'alert');
    notice.style.cssText =
      'position: fixed; z-index: 400; right: 0; bottom: 0; left: 0; margin: 0; padding: 12px 16px; font: 15px/1.5 system-ui, sans-serif; color: #5c2b00; background: #fdeccb;';
    notice.appendChild(document.createTextNode(text + ' '));
    var close = document.createElement('button');
    close.type = 'button';
    close.appendChild(document.createTextNode('Put this notice away'));
    close.onclick = function () {
      notice.parentNode.removeChild(notice);
    };
    notice.appendChild(close);
    document.body.appendChild(notice);
  }

  var missing = [];
  for (var i = 0; i < NEEDS.length; i++) if (lacks(NEEDS[i])) missing.push(NEEDS[i][0]);
  if (missing.length > 0)
    say(
      'This browser is too old for Glassbox: it lacks ' +
        missing.join(', ') +
        '. The oldest that work are Chrome and Edge 116, Firefox 125 and Safari 17.4. What needs these things will fail.'
    );
  if (typeof WebAssembly === 'undefined')
    say('WebAssembly is switched off in this browser, as a lockdown mode does. No model can run without it; allow it for this site and reload.');

  // Scripts and stylesheets of the page itself: once it has started it explains what is missing.
  addEventListener(
    'error',
    function (event) {
      var source = event.target && (event.target.src || event.target.href);
      if (!source || window.glassbox || !/^(SCRIPT|LINK)$/.test(event.target.tagName)) return;
      say('A file of the page could not be fetched: ' + source + '. Reload the page; if that does not help, the site is not whole.');
    },
    true
  );
})();
