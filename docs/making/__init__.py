"""What docs/make_reference.py makes the reference of: fields, the command line, all sections."""
