/** An error of the device is told once. */
import { expect, test } from 'vitest';
import { DeviceErrors } from './device-errors.ts';

test('the first error is told once, and the next one after it', () => {
  const device = new EventTarget() as unknown as GPUDevice;
  const errors = new DeviceErrors(device);
  const raise = (message: string) => device.dispatchEvent(Object.assign(new Event('uncapturederror'), { error: { message } }) as never);
  expect(errors.take()).toBe(null);
  raise('Not enough memory for a buffer.');
  raise('The buffer is invalid.');
  expect(errors.take()).toBe('Not enough memory for a buffer.');
  expect(errors.take()).toBe(null);
  raise('Another one.');
  expect(errors.take()).toBe('Another one.');
});
