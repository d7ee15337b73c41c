"""Pictures of a folder, with thumbnails that are made when they are first asked for."""
