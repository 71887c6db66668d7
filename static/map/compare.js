/* Two maps of the same ground: moving one moves the other, and one control switches both. */
(function (patchmap) {
  "use strict";

  let following = false;

  /** Let one map stand where the other is, without the other following back. */
  function follow(leader, follower) {
    leader.on("move", () => {
      if (!following) {
        following = true;
        follower.setView(leader.getCenter(), leader.getZoom(), { animate: false });
        following = false;
      }
    });
  }

  /** Switch the layers of one map as those of the other are switched. */
  function switchAlike(leader, follower) {
    const same = (layer) => patchmap.layersOf(follower).find(({ options }) => options.id === layer.options.id);
    leader.on("overlayadd", ({ layer }) => same(layer)?.addTo(follower));
    leader.on("overlayremove", ({ layer }) => same(layer)?.remove());
  }

  document.addEventListener("DOMContentLoaded", () => {
    const [left, right] = patchmap.maps ?? [];
    if (left && right) {
      follow(left, right);
      follow(right, left);
      switchAlike(left, right);
      document.getElementById("compare-hint").hidden = false;
      right.getContainer().setAttribute("aria-describedby", left.getContainer().getAttribute("aria-describedby"));
    }
  });
})((window.patchmap ??= {}));
