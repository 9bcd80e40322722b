package tutorial.training;

/**
 * What a device can do at most: its roofline. Work that does few operations with each byte of memory is bounded by the memory's
 * bandwidth, other work by the peak of the arithmetic (S. Williams and others, "Roofline: an insightful visual performance
 * model", 2009).
 *
 * @param numbers that the peak is of, which are those that training multiplies, as "float32" or "TF32"
 * @param arithmetic FLOP/s of a product of large matrices
 * @param memory bytes/s of copying and adding large arrays
 */
public record Roofline(String numbers, MeasuredRate arithmetic, MeasuredRate memory) {
    /** FLOP for each byte from which on arithmetic is the bound. */
    public double ridge() {
        return arithmetic.best() / memory.best();
    }

    /**
     * Whether memory bounds work rather than arithmetic.
     *
     * @param intensity FLOP that it does for each byte that it moves
     */
    public boolean isMemoryBound(double intensity) {
        return intensity < ridge();
    }

    /** The least seconds that a part of a step can take. */
    double seconds(NetworkPart part) {
        return Math.max(part.flop() / arithmetic.best(), part.bytes() / memory.best());
    }

    /**
     * FLOP/s, a peak being a maximum: that of the product, unless training itself did more.
     *
     * @param reached FLOP/s of training
     */
    public double peak(double reached) {
        return Math.max(arithmetic.best(), reached);
    }
}
