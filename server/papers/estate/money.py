"""The programme of the estate as views, for the data that go with the paper."""

from __future__ import annotations

from typing import Final

import pandas as pd

from layers.estate_registers import PROJECTS, SECTION_106, published
from layers.query import LayerQuery
from layers.schema import Schema
from layers.spec import LayerSpec, Legend
from layers.view import Counts, View
from server.estate import words as estate_words
from server.papers.estate.material import Material
from server.services import services

PROJECTS_NAME: Final = "projects"
ITEMS_NAME: Final = "section_106"


def projects_view(material: Material) -> View:
    """The capital projects that the paper's readers may see."""
    said = estate_words.programme_sentences(material.projects)
    return _view(material, PROJECTS, "Capital projects", said)


def items_view(material: Material) -> View:
    """The Section 106 items that the paper's readers may see."""
    said = estate_words.section_106_sentences(material.items)
    return _view(material, SECTION_106, "Section 106", said)


def _view(material: Material, schema: Schema, title: str, said: list[str]) -> View:
    audience = material.asked.audience
    records = published(services().workspace, schema, audience)
    columns = tuple(field for field in schema.stored if field.name in records)
    spec = LayerSpec(
        id=schema.part,
        page="estate",
        title=title,
        singular=schema.singular,
        plural=schema.plural,
        summary=title,
        schemas=(schema,),
        columns=columns,
        popup=(),
        time="standing",
    )
    return View(
        layer=spec,
        query=LayerQuery(schema.part, audience),
        audience=audience,
        records=records,
        columns=columns,
        counts=Counts(len(records), 0, 0, 0),
        by_npa=pd.DataFrame(),
        legend=Legend(title, "", ()),
        caption=tuple(said),
    )
