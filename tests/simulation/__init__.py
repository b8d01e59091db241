"""The whole core under random crashes, outages and people, from a seed: see CONTRIBUTING.md."""
