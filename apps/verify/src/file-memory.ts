import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * Memory into which one file after the other is read: what the one before left there is overwritten. New memory for each
 * file costs more time than reading it.
 */
export class FileMemory {
  private memory = Buffer.alloc(0);

  /** The whole file. Throws when it cannot be read, or is larger than the limit. */
  read(file: string, bytesMax: number): Buffer {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      if (size > bytesMax) throw new Error(`it is larger than ${bytesMax} bytes`);
      if (size > this.memory.length) this.memory = Buffer.allocUnsafeSlow(size);
      let length = 0;
      for (let read = -1; read !== 0 && length < size; length += read) {
        read = readSync(descriptor, this.memory, length, size - length, null);
      }
      return this.memory.subarray(0, length);
    } finally {
      closeSync(descriptor);
    }
  }
}
