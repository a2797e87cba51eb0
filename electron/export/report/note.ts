// A note as markup: the tree of shared/evidence/markdown.ts, which has no links and no markup of its own. Headings become bold paragraphs,
// so that they cannot take the place of the report's own.

import { parseMarkdown, type Block, type Inline } from '../../../shared/evidence/markdown.ts';
import { lines, markup, Markup, recorded } from './markup.ts';

function inline(node: Inline): Markup {
  switch (node.kind) {
    case 'text':
      return recorded(node.text);
    case 'code':
      return markup`<code>${recorded(node.text)}</code>`;
    case 'strong':
      return markup`<strong>${node.children.map(inline)}</strong>`;
    case 'emphasis':
      return markup`<em>${node.children.map(inline)}</em>`;
    case 'struck':
      return markup`<s>${node.children.map(inline)}</s>`;
    case 'break':
      return markup`<br>`;
  }
}

function block(node: Block): Markup {
  switch (node.kind) {
    case 'paragraph':
      return markup`<p>${node.children.map(inline)}</p>`;
    case 'heading':
      return markup`<p class="heading">${node.children.map(inline)}</p>`;
    case 'code':
      return markup`<pre>${new Markup(`\n${lines(node.text)}`)}</pre>`;
    case 'quote':
      return markup`<blockquote>${node.children.map(block)}</blockquote>`;
    case 'list': {
      const items = node.items.map((item) => markup`<li>${item.map(block)}</li>`);
      return node.start === null ? markup`<ul>${items}</ul>` : markup`<ol start="${node.start}">${items}</ol>`;
    }
    case 'rule':
      return markup`<hr>`;
  }
}

/** Markdown that a person wrote. */
export const note = (text: string): Markup => markup`<div class="written">${parseMarkdown(text).map(block)}</div>`;
