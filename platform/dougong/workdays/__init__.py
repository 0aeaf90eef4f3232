"""The site's calendar of working days: what the State Council has announced, as data, and the days of a year as people keep them."""
