declare module "bidi-js" {
  export interface EmbeddingLevels {
    /** One level for each UTF-16 code unit. */
    readonly levels: Uint8Array;
    readonly paragraphs: readonly { readonly start: number; readonly end: number; readonly level: number }[];
  }
  export interface Bidi {
    getEmbeddingLevels(text: string, baseDirection?: "ltr" | "rtl"): EmbeddingLevels;
  }
  export default function bidiFactory(): Bidi;
}
