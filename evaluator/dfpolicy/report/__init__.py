"""Makes a report from the engine's decision: verdict, waivers, locations, comparison."""
