// Looks at the page as an accessibility checker does, and returns what it minds.
() => {
  const problems = [];
  const mind = (what, element) =>
    problems.push(what + ': ' + element.outerHTML.slice(0, 160));
  const shown = element => element.checkVisibility({ visibilityProperty: true });

  if (!document.documentElement.lang) mind('no language', document.documentElement);
  if (!document.title) mind('no title', document.head);
  for (const [selector, count] of [['main', 1], ['h1', 1], ['header', 1], ['footer', 1]]) {
    if (document.querySelectorAll(selector).length !== count) mind(`not ${count} ${selector}`, document.body);
  }
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) mind('a level of headings is skipped', heading);
    level = next;
  }
  const ids = new Set();
  for (const element of document.querySelectorAll('[id]')) {
    if (ids.has(element.id)) mind('an id stands twice', element);
    ids.add(element.id);
  }
  for (const link of document.querySelectorAll('a')) {
    if (!link.textContent.trim()) mind('a link without a name', link);
    const target = link.getAttribute('href');
    if (target.startsWith('#') && !document.querySelector(target)) mind('a link to nowhere', link);
  }
  for (const box of document.querySelectorAll('input')) {
    if (!box.labels.length || !box.labels[0].textContent.trim()) mind('a box without a label', box);
  }
  for (const group of document.querySelectorAll('fieldset')) {
    if (!group.querySelector('legend')) mind('a group without a name', group);
  }
  for (const button of document.querySelectorAll('button, summary')) {
    if (!button.textContent.trim()) mind('a button without a name', button);
  }
  for (const picture of document.querySelectorAll('svg')) {
    const named = picture.getAttribute('role') === 'img' && picture.getAttribute('aria-label');
    if (!named && picture.getAttribute('aria-hidden') !== 'true') mind('a picture without a name', picture);
  }
  for (const head of document.querySelectorAll('th')) {
    if (!head.textContent.trim()) mind('a column without a name', head);
    if (head.scope !== 'col') mind('a heading without a scope', head);
  }
  for (const region of document.querySelectorAll('[role=region]')) {
    const name = region.getAttribute('aria-label');
    if (!name) mind('a region without a name', region);
    if (document.querySelectorAll(`[role=region][aria-label="${CSS.escape(name)}"]`).length > 1) mind('two regions with one name', region);
  }
  for (const list of document.querySelectorAll('ul')) {
    for (const child of list.children) if (child.tagName !== 'LI') mind('not an item of a list', child);
  }
  for (const element of document.querySelectorAll('*')) {
    const style = getComputedStyle(element);
    const scrolls = ['auto', 'scroll'].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    if (scrolls && element.tabIndex < 0) mind('no key can scroll this', element);
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) mind('the page scrolls sideways', document.body);

  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = colour => {
    const [r, g, b] = [...colour].slice(0, 3).map(part => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    for (let up = element; up; up = up.parentElement) {
      const colour = rgba(getComputedStyle(up).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return rgba('white');
  };
  let texts = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !shown(element)) continue;
    texts += 1;
    const style = getComputedStyle(element);
    const ink = rgba(element.closest('svg') ? style.fill : style.color);
    const [a, b] = [light(ink), light(ground(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) mind(`contrast ${ratio.toFixed(2)}`, element);
  }
  return JSON.stringify({
    problems: problems.slice(0, 20),
    texts,
    ground: getComputedStyle(document.body).backgroundColor,
  });
}
