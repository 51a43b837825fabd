"""The pages of the site: each takes what is asked for and gives a `Page`."""
