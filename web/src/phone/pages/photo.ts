// Photos made small on the phone before they are kept or sent: no longer than a page needs, as JPEG, without place or device.

/** Pixels of the longer side. */
export const LONGEST_PIXELS = 1_600;
const QUALITY = 0.8;

/** The size that keeps the shape and has no side longer than `longest`; never larger than it was. */
export function fitted(width: number, height: number, longest: number): { width: number; height: number } {
  const share = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
}

/** Throws where the file is no picture that this phone can read. */
export async function resized(file: Blob): Promise<ArrayBuffer> {
  const picture = await createImageBitmap(file);
  const { width, height } = fitted(picture.width, picture.height, LONGEST_PIXELS);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  // What is transparent would be black in a JPEG.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  picture.close();
  const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!small) throw new Error("no picture");
  return small.arrayBuffer();
}

/** Draws a kept photo; the pages' policy allows no address of a blob as a picture, and none is needed. */
export async function draw(canvas: HTMLCanvasElement, photo: ArrayBuffer): Promise<void> {
  const picture = await createImageBitmap(new Blob([photo], { type: "image/jpeg" }));
  const { width, height } = fitted(picture.width, picture.height, canvas.width);
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
  picture.close();
}
