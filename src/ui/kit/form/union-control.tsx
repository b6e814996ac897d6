/** A value that may have one of several shapes: the shapes as segments, the chosen one below. */
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { type ControlProps, useForm } from './form-context.ts';
import classes from './form.module.css';
import { blank, type FieldOf, fits, variantOf } from './model.ts';

export function UnionControl({ field, value, onChange, ...props }: ControlProps<FieldOf<'union'>>) {
  const { Control } = useForm();
  // A choice outlives a value that fits several variants: an empty list is ids and lists of ids alike.
  const [chosen, setChosen] = useState<number>();
  const choice = chosen === undefined ? undefined : field.variants[chosen];
  const index = choice && (value === undefined || fits(choice.field, value)) ? (chosen ?? 0) : variantOf(field, value);
  const variant = field.variants[index];
  if (!variant) return null;
  return (
    <div className={classes.union}>
      <SegmentedControl
        data={field.variants.map(({ title }, at) => ({ value: String(at), label: title }))}
        value={String(index)}
        onChange={(next) => {
          const target = field.variants[Number(next)];
          setChosen(Number(next));
          if (target) onChange(converted(target.field, value));
        }}
        aria-labelledby={props.labelledBy}
        className={classes.segments ?? ''}
      />
      <Control key={index} {...props} field={variant.field} value={value} onChange={onChange} />
    </div>
  );
}

/** Keeps what can be kept: one text becomes a list of one, a list its first item. */
function converted(to: FieldOf<'union'>['variants'][number]['field'], value: unknown): unknown {
  if (to.kind === 'array' && value !== undefined && fits(to.item, value)) return [value];
  if (Array.isArray(value) && value.length > 0 && fits(to, value[0])) return value[0] as unknown;
  return blank(to);
}
