/* Passing a map on: its address and its picture, as the page now shows it. */
(function (patchmap) {
  "use strict";

  const said = document.getElementById("map-tools-said");

  /** What a tool has done, for eyes and screen readers. */
  patchmap.sayOfTool = function (text) {
    if (said) {
      said.textContent = text;
    }
  };

  const tool = (name) => document.querySelector(`[data-tool=${name}]`);

  /** The address of the page with all that it shows, though the browser's own may lag behind. */
  function permalink() {
    const params = patchmap.state.params().toString();
    return window.location.origin + window.location.pathname + (params ? `?${params}` : "");
  }

  function offerAddress(address) {
    const field = tool("address");
    field.closest("[hidden]")?.removeAttribute("hidden");
    field.value = address;
    field.focus();
    field.select();
    patchmap.sayOfTool("The browser does not let pages copy. The link is selected: copy it from the field.");
  }

  tool("copy-link")?.addEventListener("click", async () => {
    const address = permalink();
    try {
      await navigator.clipboard.writeText(address);
      patchmap.sayOfTool("The link to this view is copied.");
    } catch {
      offerAddress(address);
    }
  });

  async function picture(address) {
    const response = await fetch(address);
    if (!response.ok) {
      throw new Error(`${response.status}`);
    }
    return response.blob();
  }

  tool("copy-picture")?.addEventListener("click", async () => {
    patchmap.sayOfTool("The picture is being made.");
    try {
      const png = picture(tool("picture-png").href);
      await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
      patchmap.sayOfTool("The picture is copied.");
    } catch {
      patchmap.sayOfTool("The picture could not be copied. Download it as PNG or SVG instead.");
    }
  });
})((window.patchmap ??= {}));
