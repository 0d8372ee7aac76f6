"""How quick the shop is: `make bench` prints one JSON line a figure. Ratios decide; milliseconds tell the machine."""
