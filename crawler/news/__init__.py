"""What is known about news: pure, values in and values out. No network, disk, clock or Redis."""
