"""`python -m crawler` is `tumen`.

Promise: both names run the same command line.
"""

from crawler.app.cli import main

if __name__ == "__main__":
    main()
