"""A small press of invented outlets on loopback, for `tumen demo`, the tests and the benchmarks.

The articles lie in articles/*.toml, every one of them made up. Promise: nothing here is news, and
every page says so; what a perfect crawl keeps of it is known (`articles.expect`).
"""
