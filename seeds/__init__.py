"""Five news texts and the claim sheets that were made of them."""
