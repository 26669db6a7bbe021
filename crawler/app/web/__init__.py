"""The web page: what the reading commands show, for browsers, feed readers and programs.

    guard       who may ask, and the headers of every answer
    site        what the pages share: store, catalogue, health, terms
    questions   from an address to a Query
    rendering   templates and what they may call
    views, article_pages, outlet_pages, feeds, api    the answers
    posts       the two things that can be written: marks and verdicts

Promise: nothing is shown unescaped, no page asks another host for anything, nothing is written
without a token, and whatever is shown beyond this machine is what may leave it.
"""
