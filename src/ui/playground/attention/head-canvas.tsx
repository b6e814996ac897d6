/** One head's attention as an image, one pixel a cell, enlarged by the style sheet without smoothing. */
import { memo, useEffect, useRef } from 'react';
import { heatScale, type Scheme } from '../../kit/colour/colour.ts';
import classes from './attention.module.css';
import type { AttentionMap, Head } from './attention-map.ts';
import { rasterise, type Scale } from './rasterise.ts';

interface Props {
  map: AttentionMap;
  head: Head;
  pixels: number;
  scheme: Scheme;
  scale: Scale;
  skipFirst: boolean;
}

export const HeadCanvas = memo(function HeadCanvas({ map, head, pixels, scheme, scale, skipFirst }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const { width, data } = rasterise(map, { head, pixels, scale, skipFirst, colours: heatScale(scheme) });
    canvas.current.width = width;
    canvas.current.height = width;
    context.putImageData(new ImageData(data, width), 0, 0);
  }, [map, head, pixels, scheme, scale, skipFirst]);
  return <canvas ref={canvas} className={classes.canvas} aria-hidden="true" />;
});
