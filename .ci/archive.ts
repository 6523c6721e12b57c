// Archives that are the same bytes whenever, wherever and by whomever they are made: no times, no owners, files in the order given.
import { promisify } from 'node:util';
import { crc32, deflateRaw, gzip } from 'node:zlib';

const smallest = { level: 9, memLevel: 9 } as const;
const gzipped = promisify<Buffer, typeof smallest, Buffer>(gzip);
const deflated = promisify<Buffer, typeof smallest, Buffer>(deflateRaw);

export interface Entry {
  readonly name: string;
  readonly data: Buffer;
  readonly executable: boolean;
}

/** 1980-01-01: the earliest that a zip can hold. */
const EPOCH_SECONDS = 315_532_800;
const EPOCH_DOS_DATE = (1 << 5) | 1;

const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;

const modeOf = (entry: Entry): number => (entry.executable ? 0o755 : 0o644);

/** A ustar header; krew takes regular files and folders only. https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html */
const tarHeader = (entry: Entry): Buffer => {
  const header = Buffer.alloc(512);
  const put = (text: string, at: number): void => {
    header.write(text, at, 'latin1');
  };
  if (Buffer.byteLength(entry.name) > 100) throw new Error(`${entry.name} is too long for a tar header`);
  put(entry.name, 0);
  put(octal(modeOf(entry), 8), 100);
  put(octal(0, 8), 108);
  put(octal(0, 8), 116);
  put(octal(entry.data.length, 12), 124);
  put(octal(EPOCH_SECONDS, 12), 136);
  put('        ', 148);
  put('0', 156);
  put('ustar\0', 257);
  put('00', 263);
  put(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
  return header;
};

const padded = (data: Buffer): Buffer => Buffer.concat([data, Buffer.alloc((512 - (data.length % 512)) % 512)]);

export const tarGz = async (entries: readonly Entry[]): Promise<Buffer> => {
  const tar = Buffer.concat([...entries.flatMap((entry) => [tarHeader(entry), padded(entry.data)]), Buffer.alloc(1024)]);
  const packed = await gzipped(tar, smallest);
  // The system that packed it: unknown, wherever that was.
  packed[9] = 255;
  return packed;
};

/** https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16 */
export const zip = async (entries: readonly Entry[]): Promise<Buffer> => {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const packed = await deflated(entry.data, smallest);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE(EPOCH_DOS_DATE, 8);
    common.writeUInt32LE(crc32(entry.data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(entry.data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, name, packed]);
    const rest = Buffer.alloc(14);
    // Made on Unix, so that the modes count.
    rest.writeUInt32LE(((0o100000 | modeOf(entry)) << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), common, rest, name]));
    files.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, central, Buffer.from('PK\u0005\u0006'), end]);
};
