// The mark of Exhibit: an evidence tag with a prompt on it. The same drawing as build/icon.svg, in the window's own colours.

export function Brand(): React.JSX.Element {
  return (
    <svg className="brand-mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path className="tag" d="M7.2 2.5L3.5 6.6V19.5a2 2 0 0 0 2 2h13a2 2 0 0 0 2-2V6.6L16.8 2.5z" />
      <circle className="sign" cx="12" cy="6" r="1.6" />
      <path className="sign" d="M7.5 11.5l3.2 2.9-3.2 2.9M12.6 17.4h4" />
    </svg>
  );
}
