/** Makes Mantine look like this instrument: its scales, its greens, and defaults that are small and quiet. */
import { createTheme, type CSSVariablesResolver, defaultVariantColorsResolver, type MantineColorsTuple } from '@mantine/core';

const glass: MantineColorsTuple = [
  '#eaf6f4',
  '#d3eae7',
  '#a6d8d2',
  '#84dad0',
  '#62cabf',
  '#2fa398',
  '#178279',
  '#0b6660',
  '#08524d',
  '#053b38',
];
/** Neutrals with a breath of the same green, in Mantine's two orders: light to dark, and text to background. */
const gray: MantineColorsTuple = [
  '#f8faf9',
  '#f0f3f2',
  '#e6ebe9',
  '#dde4e2',
  '#c2ccca',
  '#9aa7a4',
  '#6e7c79',
  '#42514e',
  '#263331',
  '#13201e',
];
const dark: MantineColorsTuple = [
  '#e2e9e7',
  '#b4c0bd',
  '#8b9a96',
  '#61716d',
  '#36423f',
  '#202927',
  '#18201e',
  '#121817',
  '#0e1413',
  '#0a0e0d',
];

const sans = '"Inter Variable", Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
export const MONOSPACE =
  '"JetBrains Mono", ui-monospace, "SF Mono", SFMono-Regular, "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace';

/** Of what opens over the page: the button shows a cross alone. */
const CLOSE = { 'aria-label': 'Close' };

export const theme = createTheme({
  primaryColor: 'glass',
  primaryShade: { light: 7, dark: 4 },
  colors: { glass, gray, dark },
  autoContrast: true,
  luminanceThreshold: 0.35,
  // Mantine would put white on the light green of the dark scheme.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    return input.variant === 'filled' && (input.color === undefined || input.color === 'glass')
      ? { ...colors, color: 'var(--gb-on-accent)' }
      : colors;
  },
  fontFamily: sans,
  fontFamilyMonospace: MONOSPACE,
  fontSizes: { xs: '0.6875rem', sm: '0.75rem', md: '0.8125rem', lg: '0.9375rem', xl: '1.125rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.45', xl: '1.35' },
  spacing: { xs: '0.375rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'sm',
  headings: {
    fontFamily: sans,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.25' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.3' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 28 } },
    TextInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NativeSelect: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs', withItemsBorders: false, transitionDuration: 120 } },
    Switch: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: false, multiline: true, maw: 320, zIndex: 400 } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4 }, closeButtonProps: CLOSE } },
    Drawer: { defaultProps: { closeButtonProps: CLOSE } },
    Menu: { defaultProps: { shadow: 'md' } },
    Popover: { defaultProps: { shadow: 'md' } },
  },
});

/** Mantine's own variables, in terms of ours. */
export const cssVariables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--gb-surface)',
    '--mantine-color-text': 'var(--gb-text)',
    '--mantine-color-dimmed': 'var(--gb-text-3)',
    '--mantine-color-placeholder': 'var(--gb-text-3)',
    '--mantine-color-anchor': 'var(--gb-accent)',
    '--mantine-color-error': 'var(--gb-bad)',
    '--mantine-color-default': 'var(--gb-surface)',
    '--mantine-color-default-hover': 'var(--gb-hover)',
    '--mantine-color-default-color': 'var(--gb-text)',
    '--mantine-color-default-border': 'var(--gb-border)',
    '--mantine-color-gray-light-color': 'var(--gb-text-2)',
    '--mantine-color-gray-light-hover': 'var(--gb-hover)',
    '--mantine-color-gray-text': 'var(--gb-text-2)',
    '--mantine-shadow-md': 'var(--gb-shadow)',
    '--mantine-primary-color-filled': 'var(--gb-accent)',
    '--mantine-primary-color-filled-hover': 'var(--gb-accent-hover)',
    '--mantine-primary-color-contrast': 'var(--gb-on-accent)',
  };
  return { variables: {}, light: both, dark: both };
};
