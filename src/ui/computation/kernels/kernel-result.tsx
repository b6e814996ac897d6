/** What a kernel gave: verdict, times, and its outputs as pictures. */
import { formatMs } from '../../kit/format.ts';
import { AgreementLine } from '../agreement.tsx';
import classes from '../computation.module.css';
import type { Done } from '../executions.ts';
import { Outdated } from '../outdated.tsx';
import { TensorView } from '../tensor-view.tsx';
import { Figures } from '../../kit/figures/figures.tsx';
import { Hint } from '../../kit/layout/hint.tsx';
import { Callout } from '../../kit/layout/callout.tsx';

const PROVIDERS = { webgpu: 'WebGPU', wasm: 'WASM', reference: 'the TypeScript reference' } as const;

interface Props {
  done: Done;
  /** Something newer runs or failed. */
  stale: boolean;
  /** The form holds other inputs by now. */
  isOther: boolean;
}

export function KernelResult({ done: { input, result }, stale, isOther }: Props) {
  const { execution_provider, fallback_reason, agreement, build_ms, run_ms, gpu_ms, outputs } = result;
  const isReference = execution_provider === 'reference';
  const sizes = Object.entries(input.sizes ?? {});
  return (
    <section className={classes.result} aria-label="Result" data-stale={stale || undefined}>
      {isOther && <Outdated />}
      <Hint>
        On {PROVIDERS[execution_provider]}
        {input.inputs ? ', given inputs' : `, seed ${input.seed ?? 0}`}
        {sizes.map(([name, size]) => (
          <span key={name}>
            , {name} <b className="gb-num">{size}</b>
          </span>
        ))}
        .
      </Hint>
      {fallback_reason !== null && <Callout tone="warn">{fallback_reason}</Callout>}
      <AgreementLine
        agreement={isReference ? null : agreement}
        reference="its TypeScript reference"
        otherwise={
          isReference
            ? 'There is nothing to compare: the reference itself ran.'
            : input.check_reference === false
              ? 'Not compared with the reference.'
              : 'Not compared: the reference would take too long at these sizes.'
        }
      />
      <Figures
        look="tiles"
        items={[
          { name: 'run', value: formatMs(run_ms) },
          { name: 'on the GPU', value: gpu_ms === null ? '–' : formatMs(gpu_ms) },
          { name: 'build', value: formatMs(build_ms) },
        ]}
      />
      {Object.entries(outputs).map(([name, tensor]) => (
        <TensorView key={name} name={name} tensor={tensor} />
      ))}
    </section>
  );
}
