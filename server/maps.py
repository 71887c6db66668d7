"""Leaflet maps by folium, as one script each: the only module that imports folium.

A map's script holds no data: its layers name relative addresses, from which the browser fetches
GeoJSON when a layer is switched on. The script needs Leaflet and the files of ``static/map/``
loaded before it, and an element whose id is `MAP_ELEMENT_ID`. Equal pages give equal text.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any, Final, TypeVar

import folium
from branca.element import Element, Figure, MacroElement
from folium.map import Layer
from folium.template import Template

from layers.spec import Legend
from server.map_state import MAX_ZOOM, MIN_ZOOM, MapState

MAP_ID: Final = "area"
MAP_ELEMENT_ID: Final = f"map_{MAP_ID}"
_MIN_ZOOM: Final = int(MIN_ZOOM)
_MAX_ZOOM: Final = int(MAX_ZOOM)


@dataclass(frozen=True, slots=True)
class PopupField:
    """One property that a popup shows, its label, and how its values are said.

    With ``is_choice`` a value is one or several of a vocabulary, of which ``words`` pairs those
    known beforehand with what a reader sees; a value without words shows as it is. Without it the
    value is free text, a date or a number.
    """

    property: str
    label: str
    is_choice: bool = False
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MapLayer:
    """A layer of records: where its data is, and how the map draws and names each record.

    Addresses are relative to the host and carry the query: ``url`` is that of the GeoJSON,
    ``figures_url`` of the caption and counts. A layer of very many cells is drawn from vector
    tiles instead: ``tiles_url`` holds {z}, {x} and {y}, and ``cell_url`` holds {id}, for what one
    cell contains. ``drawn_as`` names what is counted on it, ``id_field`` the property that names a
    record. The first field of ``popup`` is the heading. ``dated``: a period can be chosen.
    ``cut_to_area``: figures can be had of an area that somebody draws.
    """

    id: str
    title: str
    url: str
    drawn_as: str
    legend: Legend
    popup: tuple[PopupField, ...]
    switched_on: bool
    figures_url: str = ""
    tiles_url: str = ""
    cell_url: str = ""
    id_field: str = ""
    dated: bool = False
    cut_to_area: bool = True


@dataclass(frozen=True, slots=True)
class GroundLayer:
    """A layer of the ground: ``npas``, ``districts`` or ``settlements``."""

    id: str
    title: str
    url: str
    switched_on: bool


@dataclass(frozen=True, slots=True)
class MapPage:
    """All that one map shows. ``bounds`` is west, south, east, north in WGS84 degrees.

    ``attribution`` is plain text. Without a ``basemap_url`` no tile is asked for. ``map_id`` tells
    apart the maps of one page: the element of the map is ``map_`` and this.
    """

    title: str
    bounds: tuple[float, float, float, float]
    layers: tuple[MapLayer, ...]
    ground: tuple[GroundLayer, ...]
    attribution: str
    basemap_url: str = ""
    basemap_attribution: str = ""
    state: MapState = field(default_factory=MapState)
    map_id: str = MAP_ID


class _Prepare(MacroElement):
    """Sets the view, the order of drawing and the buttons, before any layer is added."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            patchmap.prepareMap({{ this._parent.get_name() }}, {{ this.settings|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Prepare"
        self.settings = settings


class LazyLayer(Layer):
    """A layer whose data is fetched from a relative address when it is switched on.

    folium's own GeoJson wants an absolute address and fetches it while the page is built.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = patchmap.{{ this.kind }}({{ this.settings|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, kind: str, settings: dict[str, Any], *, title: str, show: bool) -> None:
        super().__init__(name=escape(title), overlay=True, control=True, show=show)
        self._name = "Lazy"
        self.kind = kind
        self.settings = settings


class _Ready(MacroElement):
    """Hands the layer control over, once it exists."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            patchmap.mapReady({{ this._parent.get_name() }}, {{ this.control.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, control: folium.LayerControl) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Ready"
        self.control = control


def map_script(page: MapPage) -> str:
    """The JavaScript of a page's map, the same text for the same page."""
    west, south, east, north = page.bounds
    map_ = _named(
        folium.Map(
            location=((south + north) / 2, (west + east) / 2),
            tiles=None,
            control_scale=True,
            prefer_canvas=True,
            min_zoom=_MIN_ZOOM,
            zoom_snap=0.25,
            zoom_delta=1,
            wheel_px_per_zoom_level=120,
        ),
        page.map_id,
    )
    # With tiles=None folium passes neither zoom limit on to Leaflet.
    map_.options |= {"min_zoom": _MIN_ZOOM, "max_zoom": _MAX_ZOOM}
    settings = {
        "title": page.title,
        "bounds": [[south, west], [north, east]],
        "attribution": escape(page.attribution),
        "view": asdict(page.state.view) if page.state.view else None,
        "open": page.state.open,
    }
    _named(_Prepare(settings), f"view_{page.map_id}").add_to(map_)
    if page.basemap_url:
        _named(_basemap(page), f"tiles_{page.map_id}").add_to(map_)
    for layer in page.layers:
        show = page.state.shows(layer.id, layer.switched_on)
        _named(_data_layer(layer, show), f"data_{layer.id}_{page.map_id}").add_to(map_)
    for ground in page.ground:
        show = page.state.shows(ground.id, ground.switched_on)
        _named(_ground_layer(ground, show), f"ground_{ground.id}_{page.map_id}").add_to(map_)
    control = _named(folium.LayerControl(collapsed=False), f"layers_{page.map_id}")
    control.add_to(map_)
    _named(_Ready(control), f"controls_{page.map_id}").add_to(map_)
    figure = Figure()
    map_.add_to(figure)
    figure.render()
    lines = (line.rstrip() for line in figure.script.render().splitlines())
    return "\n".join(line for line in lines if line) + "\n"


_Named = TypeVar("_Named", bound=Element)


def _named(element: _Named, name: str) -> _Named:
    """The element with a fixed id in place of folium's random one."""
    element._id = name
    return element


def _basemap(page: MapPage) -> folium.TileLayer:
    return folium.TileLayer(
        tiles=page.basemap_url,
        attr=escape(page.basemap_attribution),
        name="Basemap",
        overlay=True,
        control=True,
        min_zoom=_MIN_ZOOM,
        max_zoom=_MAX_ZOOM,
    )


def _data_layer(layer: MapLayer, show: bool) -> LazyLayer:
    settings = asdict(layer) | {
        "popup": [{**asdict(field), "words": dict(field.words)} for field in layer.popup],
    }
    del settings["switched_on"]
    kind = "tiledLayer" if layer.tiles_url else "dataLayer"
    return LazyLayer(kind, settings, title=layer.title, show=show)


def _ground_layer(ground: GroundLayer, show: bool) -> LazyLayer:
    settings = {"id": ground.id, "title": ground.title, "url": ground.url}
    return LazyLayer("groundLayer", settings, title=ground.title, show=show)
