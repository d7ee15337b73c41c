"""The passes: one file each, found by the registry, known to nothing else."""
