/** Names tokens on the page; only the tokenizer knows whether its vocabulary writes text or bytes. */
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useClient } from '../client-context.tsx';
import { looksLikePiece, type NamedToken, tokenLabel, visibleEnds, writingOf } from './token-text.ts';
import { useModel } from './use-model.ts';

/** The tokenizer of the loaded model: another model, another question. */
export function useTokenizerConfig() {
  const client = useClient();
  const { data: model } = useModel();
  const weightsHash = model?.weights?.weights_hash;
  return useQuery({
    queryKey: ['tokenizer', 'config', weightsHash],
    queryFn: ({ signal }) => client.via('direct').get('tokenizer', 'config', {}, { signal }),
    enabled: weightsHash !== undefined,
    retry: false,
  });
}

export function useTokenLabel(): (token: NamedToken | undefined) => string {
  const writing = writingOf(useTokenizerConfig().data?.decoder);
  return useCallback((token: NamedToken | undefined) => tokenLabel(token, writing), [writing]);
}

/** For names of which nobody says what they are, as in a script's table: a token is read as tokens are everywhere, be it a piece or text; the rest stays. */
export function useNameText(): (text: string) => string {
  const label = useTokenLabel();
  return useCallback((text: string) => (looksLikePiece(text) ? label({ piece: text }) : visibleEnds(text)), [label]);
}
