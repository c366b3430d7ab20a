/**
 * Counts the requests that a device has and did not answer: while there are any, it may still bring something.
 */
import type { Device } from '../../vm/index.js';

/** A device that tells when a request comes (1) and when it is no longer under way (-1). */
export function countRequests(device: Device, count: (change: 1 | -1) => void): Device {
  return {
    ...(device.serves === undefined ? {} : { serves: device.serves }),
    open: (client) => {
      const tags = new Set<number>();
      const forget = (tag: number): void => {
        if (tags.delete(tag)) count(-1);
      };
      const session = device.open({
        complete: (completion) => {
          client.complete(completion);
          forget(completion.tag);
        },
        reset: () => {
          client.reset();
          for (const tag of tags) forget(tag);
        },
      });
      return {
        send: (request) => {
          tags.add(request.tag);
          count(1);
          session.send(request);
        },
        cancel: (tag) => {
          session.cancel(tag);
          forget(tag);
        },
        close: () => {
          session.close();
          for (const tag of tags) forget(tag);
        },
      };
    },
  };
}
