"""What the engine decided, as a report: verdict, waivers, locations, comparison."""
