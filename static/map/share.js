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
  const field = tool("address");

  /** What was said of the map as it was is taken back once it shows something else. */
  function sayOfView(text) {
    patchmap.sayOfTool(text);
    const address = patchmap.state.address();
    const outlived = () => {
      if (patchmap.state.address() !== address) {
        document.removeEventListener("patchmap:state", outlived);
        field.closest("p").hidden = true;
        if (said.textContent === text) {
          patchmap.sayOfTool("");
        }
      }
    };
    document.addEventListener("patchmap:state", outlived);
  }

  function offerAddress(address) {
    field.closest("p").hidden = false;
    field.value = address;
    field.focus();
    field.select();
    sayOfView("The browser does not let pages copy. The link is selected: copy it from the field.");
  }

  tool("copy-link")?.addEventListener("click", async () => {
    const address = patchmap.state.address();
    try {
      await navigator.clipboard.writeText(address);
      sayOfView("The link to this view is copied.");
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
      sayOfView("The picture is copied.");
    } catch {
      patchmap.sayOfTool("The picture could not be copied. Download it as PNG or SVG instead.");
    }
  });

  const menu = tool("copy-picture")?.closest("details");

  menu?.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      event.stopPropagation();
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  menu?.addEventListener("toggle", () => menu.open || patchmap.sayOfTool(""));
})((window.patchmap ??= {}));
