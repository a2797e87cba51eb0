// What stands where the content of a recording stood: that its retention ended, what is gone, what stays, and the way to its certificate.

import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { Instant } from './zone.tsx';

export const PURGED_TEXT =
  'Its retention had ended, and no hold kept it. The content and its key are gone; the record of the session, its custody log and a signed certificate stay.';

export interface PurgedProps {
  readonly at: string;
  readonly onCertificate: () => void;
}

export function Purged({ at, onCertificate }: PurgedProps): React.JSX.Element {
  return (
    <div className="notice purged">
      <Icon name="purged" />
      <div>
        <p>
          <strong>Purged</strong> <Instant at={at} />
        </p>
        <p>{PURGED_TEXT}</p>
        <CertificateButton onCertificate={onCertificate} />
      </div>
    </div>
  );
}

export function CertificateButton({ onCertificate }: Pick<PurgedProps, 'onCertificate'>): React.JSX.Element {
  return (
    <Button icon="certificate" onClick={onCertificate}>
      Certificate …
    </Button>
  );
}
