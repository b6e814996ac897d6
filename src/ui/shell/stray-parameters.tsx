/** Says what of an address can't be read, and that a view reads nothing after the `?` where a link has something there. */
import { useState } from 'react';
import { addressRemarks, pathRemarks } from '../kit/address/address-remarks.ts';
import { useHashSearch } from '../kit/address/hash-location.ts';
import { LinkNotice, Remarks } from '../kit/address/link-notice.tsx';

/** Views below these say themselves what they don't read. */
const READING = ['/playground', '/api/', '/computation/benchmark', '/computation/experiments'];

export function StrayParameters({ path }: { path: string }) {
  const search = useHashSearch();
  const address = `${path}?${search}`;
  const [closed, setClosed] = useState('');
  const isRead = READING.some((each) => path.startsWith(each));
  const remarks = [...pathRemarks(path), ...(isRead ? [] : addressRemarks(search, { names: [], of: 'this view' }))];
  if (closed === address || remarks.length === 0) return null;
  return (
    <LinkNotice tone="warn" actions={[{ label: 'Close', run: () => setClosed(address) }]}>
      <Remarks remarks={[...new Set(remarks)]} />
    </LinkNotice>
  );
}
