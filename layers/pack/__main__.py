"""``python -m layers.pack SHARED_DATA_DIR OUT_DIR``: rebuild the demonstration pack."""

from __future__ import annotations

from pathlib import Path

import click

from layers.pack.build import write_pack


@click.command()
@click.argument("shared_data_dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out_dir", type=click.Path(file_okay=False, path_type=Path))
def main(shared_data_dir: Path, out_dir: Path) -> None:
    """Rebuild the demonstration pack from the public files, the same bytes each time."""
    for name, content in write_pack(shared_data_dir, out_dir).items():
        click.echo(f"{name}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
