/** A QR code as one path of a square SVG, a unit for each module. */
export interface Qr {
  size: number;
  path: string;
}

/** The maker of QR codes, loaded when the first letter is printed. */
export async function qrMaker(): Promise<(text: string) => Qr> {
  const { default: core } = await import('qrcode/lib/core/qrcode.js');
  return (text) => {
    const { size, data } = core.create(text, { errorCorrectionLevel: 'M' }).modules;
    return { size, path: pathOf(size, data) };
  };
}

/** Neighbours in a row are one bar: a third of the text. */
function pathOf(size: number, data: Uint8Array): string {
  let path = '';
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!data[y * size + x]) continue;
      let end = x;
      while (end < size && data[y * size + end]) end++;
      path += `M${x} ${y}h${end - x}v1h${x - end}z`;
      x = end;
    }
  }
  return path;
}
