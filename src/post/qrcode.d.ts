declare module 'qrcode/lib/core/qrcode.js' {
  interface Made {
    modules: { size: number; data: Uint8Array };
  }
  const core: { create(text: string, options: { errorCorrectionLevel: 'L' | 'M' | 'Q' | 'H' }): Made };
  export default core;
}
