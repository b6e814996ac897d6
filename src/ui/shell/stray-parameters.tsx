/** Says that a view reads nothing after the `?` of its address, where a link has something there. */
import { useState } from 'react';
import { addressRemarks } from '../kit/address/address-remarks.ts';
import { useHashSearch } from '../kit/address/hash-location.ts';
import { LinkNotice, Remarks } from '../kit/address/link-notice.tsx';

/** Views below these say themselves what they don't read. */
const READING = ['/playground', '/api/', '/computation/benchmark', '/computation/experiments'];

export function StrayParameters({ path }: { path: string }) {
  const search = useHashSearch();
  const [closed, setClosed] = useState('');
  if (closed === search || READING.some((each) => path.startsWith(each))) return null;
  return (
    <LinkNotice tone="warn" actions={[{ label: 'Close', run: () => setClosed(search) }]}>
      <Remarks remarks={addressRemarks(search, { names: [], of: 'this view' })} />
    </LinkNotice>
  );
}
