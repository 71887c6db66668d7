"""What lies on the ground: one module a layer, the import pipeline, the store, the public view."""
