// A click on the map of the network says where a library shall be; typed numbers do the same.
"use strict";

L.Map.addInitHook(function chosen() {
  const form = document.querySelector("[data-place]");
  if (!form) return;
  const [latitude, longitude] = ["lat", "lon"].map((name) => form.querySelector(`[name=${name}]`));
  let spot = null;
  const show = () => {
    const point = [Number(latitude.value), Number(longitude.value)];
    if (!latitude.value || !longitude.value || point.some(Number.isNaN)) return;
    if (spot) spot.setLatLng(point);
    else spot = L.circleMarker(point, { radius: 11, className: "chosen-spot" }).addTo(this);
  };
  this.on("click", ({ latlng }) => {
    latitude.value = latlng.lat.toFixed(5);
    longitude.value = latlng.lng.toFixed(5);
    show();
    form.querySelector("[data-chosen]").hidden = false;
  });
  for (const field of [latitude, longitude]) field.addEventListener("change", show);
  this.whenReady(show);
});
