"use strict";
// The evidence of a finding cut from its page: drawn from the page's picture, the place marked.
window.zs = window.zs || {};

/** Draw `box` (points) of a page into the element `crop`, as large as fits with a little around it; sharper once that has come. */
zs.frame = (viewer, crop, file, page, [x0, top, x1, bottom]) => {
  const room = crop.querySelector(".crop-picture");
  const [width, height] = viewer.size(file, page);
  const [wide, high] = [room.clientWidth, room.clientHeight];
  const tall = Math.max(6, bottom - top);
  // print of the usual size not taller than 26 pixels
  const scale = Math.min(wide / (x1 - x0 + 24), high / (tall + 12), 26 / Math.min(tall, 14));
  const left = Math.min(Math.max(0, x0 - (wide / scale - (x1 - x0)) / 2), Math.max(0, width - wide / scale));
  const above = Math.min(Math.max(0, top - (high / scale - tall) / 2), Math.max(0, height - high / scale));
  const dots = window.devicePixelRatio || 1;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(wide * dots);
  canvas.height = Math.round(high * dots);
  const mark = document.createElement("i");
  mark.className = `crop-mark lit-${crop.dataset.side}`;
  mark.style.transform = `translate(${(x0 - left) * scale - 3}px, ${(top - above) * scale - 3}px)`;
  mark.style.width = `${(x1 - x0) * scale + 6}px`;
  mark.style.height = `${tall * scale + 6}px`;
  room.replaceChildren(canvas, mark);
  const draw = (bitmap) => {
    const points = bitmap.width / width;
    const pen = canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(bitmap, left * points, above * points, (wide / scale) * points, (high / scale) * points, 0, 0, canvas.width, canvas.height);
    crop.dataset.drawn = "1";
  };
  const sharp = width * scale * dots > 1100 * 1.5;
  viewer.pictures
    .get(viewer.address(file, page, "page"))
    .then(draw)
    .then(() => sharp && canvas.isConnected && viewer.pictures.get(viewer.address(file, page, "sharp"), "low").then(draw))
    .catch(() => crop.dataset.drawn || crop.classList.add("broken"));
};
