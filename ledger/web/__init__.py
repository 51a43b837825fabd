"""The ledger in a browser: pages made on the server, the same as HTML, JSON and CSV.

request → `app` (routes, guards) → a page of `pages/` asks a pinned moment → `Page` → `answers`.
"""
