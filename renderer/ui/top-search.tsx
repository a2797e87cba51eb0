// The search field of the top bar: what is typed there is looked for in every recording.

import { useState } from 'react';
import { Icon } from './icon.tsx';

export function TopSearch({ onSearch }: { readonly onSearch: (text: string) => void }): React.JSX.Element {
  const [text, setText] = useState('');
  return (
    <form
      role="search"
      aria-label="Search every recording"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onSearch(text);
      }}
    >
      <div className="field">
        <Icon name="search" />
        <input
          id="top-search"
          type="search"
          aria-label="Search every recording"
          placeholder="Search every recording"
          maxLength={2000}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <kbd aria-hidden="true">S</kbd>
      </div>
    </form>
  );
}
