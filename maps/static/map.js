/* What every map of ours does in the browser: lines beside the road, names that do not overlap,
   and one selection shared by map, tables and the page around. */
"use strict";

// A line drawn to the right of its road, so that the way out and the way back are both seen.
L.RunLine = L.Polyline.extend({
  options: { offset: 4 },
  _project() {
    L.Polyline.prototype._project.call(this);
    this._rings = this._rings.map((ring) => beside(ring, this.options.offset));
  },
});
L.runLine = (latlngs, options) => new L.RunLine(latlngs, options);

function beside(ring, offset) {
  const points = ring.filter((p, i) => i === 0 || !p.equals(ring[i - 1]));
  if (points.length < 2) return ring;
  const normals = points.slice(1).map((p, i) => {
    const d = p.subtract(points[i]);
    const length = Math.hypot(d.x, d.y);
    return L.point(-d.y / length, d.x / length);
  });
  return points.map((p, i) => {
    const a = normals[Math.max(i - 1, 0)];
    const b = normals[Math.min(i, normals.length - 1)];
    const sum = a.add(b);
    const square = sum.x * sum.x + sum.y * sum.y;
    // Half the sum, stretched to keep the distance in bends, but never into a spike.
    const stretch = square < 1 ? 1 : 2 / square;
    const normal = square < 0.01 ? a : sum.multiplyBy(stretch);
    return p.add(normal.multiplyBy(offset));
  });
}

// Markers that would hide each other step aside; the first at a place keeps it.
function spreadMarkers(map) {
  const apart = 21;
  const step = 27;
  const asides = [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1], [2, 0], [-2, 0]];
  const placed = [];
  for (const nudge of map.getContainer().querySelectorAll(".nudge")) {
    const { left, top } = nudge.parentElement.getBoundingClientRect();
    const free = asides.find(([x, y]) => placed.every(
      (p) => Math.hypot(p.x - left - x * step, p.y - top - y * step) >= apart,
    )) || asides[0];
    nudge.style.transform = `translate(${free[0] * step}px, ${free[1] * step}px)`;
    placed.push({ x: left + free[0] * step, y: top + free[1] * step });
  }
}

// Names take the first free place beside their point; the less important ones give way.
function placeNames(map) {
  const box = map.getContainer();
  const frame = box.getBoundingClientRect();
  const over = box.parentElement.querySelectorAll(".leaflet-control, .key");
  const taken = [...box.querySelectorAll(".marker, .chip"), ...over]
    .filter((e) => e.offsetParent !== null)
    .map((e) => e.getBoundingClientRect());
  const names = [...box.querySelectorAll(".name")].sort((a, b) => a.dataset.rank - b.dataset.rank);
  for (const name of names) {
    name.hidden = false;
    const { width, height } = name.getBoundingClientRect();
    const away = Number(name.dataset.away);
    const places = [
      [away, -height / 2], [-away - width, -height / 2],
      [-width / 2, away - 1], [-width / 2, -away - height + 1],
      [away * 0.7, away * 0.5], [-away * 0.7 - width, away * 0.5],
      [away * 0.7, -away * 0.5 - height], [-away * 0.7 - width, -away * 0.5 - height],
    ];
    const anchor = name.parentElement.getBoundingClientRect();
    const free = places.find(([x, y]) => {
      const r = {
        left: anchor.left + x, right: anchor.left + x + width,
        top: anchor.top + y, bottom: anchor.top + y + height,
      };
      const inside = r.left >= frame.left && r.right <= frame.right
        && r.top >= frame.top && r.bottom <= frame.bottom;
      return inside && !taken.some((t) => r.left < t.right + 2 && r.right > t.left - 2
        && r.top < t.bottom && r.bottom > t.top);
    });
    if (!free) { name.hidden = true; continue; }
    name.style.transform = `translate(${free[0]}px, ${free[1]}px)`;
    taken.push(name.getBoundingClientRect());
  }
}

function startMap(map, config) {
  const words = config.words;
  map.getContainer().setAttribute("aria-label", words.map);
  map.getContainer().setAttribute("role", "region");
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  // Controls stand on the right; a wide map leaves them room.
  const room = map.getSize().x > 640 ? 210 : 24;
  const fit = (right) => map.fitBounds(config.bounds, {
    paddingTopLeft: [24, 24], paddingBottomRight: [right, 24], animate: false,
  });
  fit(room);
  // Paper has another shape than the window.
  const frame = map.getContainer().parentElement;
  const reshape = (printing) => {
    frame.classList.toggle("printing", printing);
    map.invalidateSize({ animate: false });
    fit(printing ? 24 : room);
    spreadMarkers(map);
    placeNames(map);
  };
  window.addEventListener("beforeprint", () => reshape(true));
  window.addEventListener("afterprint", () => reshape(false));
  map.on("popupopen", ({ popup }) => {
    const close = popup.getElement().querySelector(".leaflet-popup-close-button");
    const content = popup.getElement().querySelector(".leaflet-popup-content");
    if (content.scrollHeight > content.clientHeight) content.tabIndex = 0;
    if (close) { close.setAttribute("aria-label", words.close); close.title = words.close; }
  });
  // Leaflet hears Escape only while the map itself has the focus, not one of its markers.
  map.getContainer().addEventListener("keydown", ({ key, target }) => {
    if (key !== "Escape") return;
    const popup = map.getPane("popupPane");
    if (popup.contains(target)) map.getContainer().focus();
    map.closePopup();
  });
  for (const list of map.getContainer().querySelectorAll(".leaflet-control-layers-list")) {
    list.setAttribute("role", "group");
    list.setAttribute("aria-label", words.layers);
  }
  const redraw = () => requestAnimationFrame(() => { spreadMarkers(map); placeNames(map); });
  map.on("zoomend moveend overlayadd overlayremove resize", redraw);
  redraw();
  return select(map, config);
}

// A stop has one key, "run-stop". Whoever selects it, all show it.
function select(map, config) {
  const markers = config.markers;
  const mark = (key) => {
    for (const e of document.querySelectorAll("[data-key]")) {
      e.classList.toggle("selected", e.dataset.key === key);
    }
  };
  const tell = (key) => {
    if (window.parent !== window) {
      window.parent.postMessage({ type: "stop-selected", key }, window.location.origin);
    }
  };
  for (const [key, marker] of Object.entries(markers)) {
    marker.on("popupopen", () => { mark(key); tell(key); });
  }
  const show = (key) => {
    const marker = markers[key];
    if (!marker) return;
    if (!map.hasLayer(marker)) marker.addTo(map);
    map.panTo(marker.getLatLng());
    marker.openPopup();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (!button) return;
    show(button.dataset.show);
    map.getContainer().scrollIntoView({ block: "nearest" });
  });
  window.addEventListener("message", (event) => {
    const own = event.origin === window.location.origin;
    if (own && event.data && event.data.type === "select-stop") show(String(event.data.key));
  });
  if (window.location.hash.startsWith("#stop-")) show(window.location.hash.slice(6));
  return show;
}
