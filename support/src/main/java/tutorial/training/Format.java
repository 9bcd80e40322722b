package tutorial.training;

/** How a device trains: the layout of its arrays, and the numbers in them. */
public record Format(Layout layout, Precision precision) {}
