"""What is remembered: the frontier in Redis, the store in files. Knows nothing of Scrapy."""
